package org.tfjavantk.cli.bench;

import java.util.Arrays;
import org.tfjavantk.data.Examples;
import org.tfjavantk.random.RandomStream;

/** Examples of independent N(0, 1) values, drawn once: drawing them takes no part in a timing. */
final class NormalExamples implements Examples {
  private final int[] shape;
  private final int size;
  private final float[][] values;

  NormalExamples(int count, int[] shape, long seed) {
    this.shape = shape.clone();
    size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    values = new float[count][size];
    RandomStream stream = RandomStream.of(seed, "bench inputs");
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < size; k++) {
        values[i][k] = (float) stream.normal((long) i * size + k);
      }
    }
  }

  @Override
  public int count() {
    return values.length;
  }

  @Override
  public int[] shape() {
    return shape.clone();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int classes() {
    return 1;
  }

  @Override
  public int label(int i) {
    return 0;
  }

  @Override
  public void read(int i, double[] into, int offset) {
    for (int k = 0; k < size; k++) {
      into[offset + k] = values[i][k];
    }
  }
}
