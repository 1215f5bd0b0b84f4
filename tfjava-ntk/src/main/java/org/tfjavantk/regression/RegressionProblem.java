package org.tfjavantk.regression;

import java.util.Objects;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.KernelLayout;

/**
 * What is to be learnt. The kernels have one output, or one per class.
 *
 * @param train the symmetric kernel of the training examples, with labels
 * @param validation the kernel of validation by training examples, with labels; null holds out a
 *     part of the training examples instead
 * @param test the kernel of test by training examples, labels or none; null where there is none
 * @param classes number of classes, 2 or more
 */
public record RegressionProblem(
    LabelledKernel train, LabelledKernel validation, LabelledKernel test, int classes) {

  /**
   * @throws UserException when labels and kernels don't belong together
   */
  public RegressionProblem {
    Objects.requireNonNull(train);
    if (classes < 2) {
      throw new UserException("kernel regression needs 2 classes or more, not " + classes);
    }
    KernelLayout layout = train.kernel().layout();
    if (!layout.symmetric()) {
      throw new UserException(
          train.kernel().directory() + " is not the symmetric kernel of a training set");
    }
    if (layout.outputs() != 1 && layout.outputs() != classes) {
      throw new UserException(
          "%s has %d outputs; with %d classes it must have 1 or %d"
              .formatted(train.kernel().directory(), layout.outputs(), classes, classes));
    }
    Objects.requireNonNull(train.labels());
    train.requireLabels("training", classes);
    if (validation != null) {
      requireColumns(validation, layout);
      Objects.requireNonNull(validation.labels());
      validation.requireLabels("validation", classes);
    }
    if (test != null) {
      requireColumns(test, layout);
      if (test.labels() != null) {
        test.requireLabels("test", classes);
      }
    }
  }

  private static void requireColumns(LabelledKernel other, KernelLayout train) {
    KernelLayout layout = other.kernel().layout();
    if (layout.columnExamples() != train.rowExamples() || layout.outputs() != train.outputs()) {
      throw new UserException(
          "%s has columns for %d examples x %d outputs, but the training kernel is of %d examples x %d outputs"
              .formatted(
                  other.kernel().directory(),
                  layout.columnExamples(),
                  layout.outputs(),
                  train.rowExamples(),
                  train.outputs()));
    }
  }

  int examples() {
    return train.kernel().layout().rowExamples();
  }

  int outputs() {
    return train.kernel().layout().outputs();
  }

  /** Right-hand sides: one, or one per class where the kernel has one output. */
  int rightHandSides() {
    return outputs() == 1 ? classes : 1;
  }
}
