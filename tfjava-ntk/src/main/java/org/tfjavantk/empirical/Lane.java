package org.tfjavantk.empirical;

import java.util.HashMap;
import java.util.Map;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;

/**
 * What one thread works with: memory that is used again and again, because to touch new memory for
 * the first time can cost more than what is computed in it.
 */
final class Lane implements AutoCloseable {
  /** What the memory is for; one array at a time for each. */
  enum Slot {
    SUM,
    PATCHES,
    GRADIENTS,
    OTHER_GRADIENTS,
    OTHER_PATCHES,
    GRAM,
    PRODUCTS
  }

  private final Precision precision;
  private final Map<Slot, NativeArray> arrays = new HashMap<>();
  private final Map<Slot, Object> onHeap = new HashMap<>();

  Lane(Precision precision) {
    this.precision = precision;
  }

  /** An array of at least this length, which holds anything. */
  NativeArray memory(Slot slot, long length) {
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

  float[] floats(Slot slot, int length) {
    float[] array = (float[]) onHeap.get(slot);
    if (array == null || array.length < length) {
      array = new float[length];
      onHeap.put(slot, array);
    }
    return array;
  }

  double[] doubles(Slot slot, int length) {
    double[] array = (double[]) onHeap.get(slot);
    if (array == null || array.length < length) {
      array = new double[length];
      onHeap.put(slot, array);
    }
    return array;
  }

  @Override
  public void close() {
    arrays.values().forEach(NativeArray::close);
    arrays.clear();
    onHeap.clear();
  }
}
