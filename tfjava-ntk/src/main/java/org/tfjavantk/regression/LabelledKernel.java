package org.tfjavantk.regression;

import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelStore;

/**
 * A stored kernel and the labels of the examples along its rows.
 *
 * @param kernel the kernel
 * @param labels a class per example; null where they are not known (allowed for test examples)
 */
public record LabelledKernel(KernelStore kernel, int[] labels) {

  /** Checks the labels against the kernel. */
  void requireLabels(String what, int classes) {
    int examples = kernel.layout().rowExamples();
    if (labels.length != examples) {
      throw new UserException(
          "%s: the kernel has %d %s examples but there are %d labels; they must come from the same data"
              .formatted(kernel.directory(), examples, what, labels.length));
    }
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new UserException(
            "%s example %d has label %d; with %d classes it must be 0 to %d"
                .formatted(what, i, labels[i], classes, classes - 1));
      }
    }
  }
}
