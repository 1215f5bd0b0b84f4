package org.tfjavantk.empirical;

import java.util.HashMap;
import java.util.Map;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;

/**
 * Memory that is used again and again: to touch new memory for the first time can cost more than
 * what is computed in it.
 */
final class Scratch implements AutoCloseable {
  private final Precision precision;
  private final Map<Integer, NativeArray> arrays = new HashMap<>();

  Scratch(Precision precision) {
    this.precision = precision;
  }

  /** An array of at least this length, which holds anything; one at a time for each slot. */
  NativeArray of(int slot, long length) {
    NativeArray array = arrays.get(slot);
    if (array == null || array.length() < length) {
      if (array != null) {
        array.close();
      }
      array = NativeArray.allocate(precision, length);
      arrays.put(slot, array);
    }
    return array;
  }

  @Override
  public void close() {
    arrays.values().forEach(NativeArray::close);
    arrays.clear();
  }
}
