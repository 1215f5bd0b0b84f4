package org.tfjavantk.empirical;

import java.util.List;
import org.tfjavantk.linalg.NativeArray;

/**
 * The factors of a few consecutive examples, in native memory.
 *
 * @param examples how many, n
 * @param factors of every part: the gradients (n·o, size), or the inputs (n, ...) and the
 *     cotangents (n·o, D·C)
 */
record Panel(int examples, List<List<NativeArray>> factors) implements AutoCloseable {
  Panel {
    factors = factors.stream().map(List::copyOf).toList();
  }

  @Override
  public void close() {
    factors.forEach(arrays -> arrays.forEach(NativeArray::close));
  }
}
