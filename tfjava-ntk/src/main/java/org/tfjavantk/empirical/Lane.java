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
  /** What the memory is for; one array of a kind at a time for each. */
  enum Slot {
    SUM,
    PATCHES,
    GRADIENTS,
    OTHER_GRADIENTS,
    OTHER_PATCHES,
    GRAM,
    ALONG_WIDTH,
    ALONG_HEIGHT,
    PRODUCTS,
    PAIR,
    STRIP
  }

  private final Precision precision;
  private final Map<Slot, NativeArray> arrays = new HashMap<>();
  private final Map<Slot, float[]> floats = new HashMap<>();
  private final Map<Slot, double[]> doubles = new HashMap<>();

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

  /** Likewise, on the heap. */
  float[] floats(Slot slot, int length) {
    float[] array = floats.get(slot);
    if (array == null || array.length < length) {
      array = new float[length];
      floats.put(slot, array);
    }
    return array;
  }

  /** Likewise. */
  double[] doubles(Slot slot, int length) {
    double[] array = doubles.get(slot);
    if (array == null || array.length < length) {
      array = new double[length];
      doubles.put(slot, array);
    }
    return array;
  }

  @Override
  public void close() {
    arrays.values().forEach(NativeArray::close);
    arrays.clear();
    floats.clear();
    doubles.clear();
  }
}
