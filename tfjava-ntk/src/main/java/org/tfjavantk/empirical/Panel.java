package org.tfjavantk.empirical;

import java.util.List;
import org.tfjavantk.linalg.NativeArray;

/**
 * The factors of a few consecutive examples, in native memory.
 *
 * @param examples how many, n
 * @param factors of every part
 * @param memory where they are
 */
record Panel(int examples, List<Factor> factors, List<NativeArray> memory)
    implements AutoCloseable {
  @Override
  public void close() {
    memory.forEach(NativeArray::close);
  }
}
