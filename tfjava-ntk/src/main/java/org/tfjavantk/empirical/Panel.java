package org.tfjavantk.empirical;

import java.util.List;
import org.tensorflow.Tensor;

/**
 * The factors of a few consecutive examples, in native memory.
 *
 * @param examples how many
 * @param factors in the order of {@link Factors#of}
 */
record Panel(int examples, List<Tensor> factors) implements AutoCloseable {
  Panel {
    factors = List.copyOf(factors);
  }

  @Override
  public void close() {
    factors.forEach(Tensor::close);
  }
}
