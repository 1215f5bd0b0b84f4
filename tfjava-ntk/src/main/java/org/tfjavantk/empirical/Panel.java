package org.tfjavantk.empirical;

import java.util.List;
import org.tfjavantk.linalg.NativeArray;

/**
 * The factors of a few consecutive examples, in native memory.
 *
 * @param examples how many, n
 * @param factors of every part
 * @param arrays where they are
 * @param memory where the arrays go
 */
record Panel(int examples, List<Factor> factors, List<NativeArray> arrays, PanelMemory memory)
    implements AutoCloseable {
  @Override
  public void close() {
    arrays.forEach(memory::give);
  }
}
