package org.tfjavantk.graphs;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Shapes as int arrays. */
public final class Shapes {
  private Shapes() {}

  /** The product of the dimensions. */
  public static int size(int... shape) {
    int size = 1;
    for (int d : shape) {
      size = Math.multiplyExact(size, d);
    }
    return size;
  }

  /** As in "32 x 32 x 3". */
  public static String text(int... shape) {
    return Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(" x "));
  }

  /** The dimensions as longs, as TensorFlow wants them. */
  public static long[] longs(int... shape) {
    return Arrays.stream(shape).asLongStream().toArray();
  }
}
