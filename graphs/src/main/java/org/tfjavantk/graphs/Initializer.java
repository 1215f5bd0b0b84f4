package org.tfjavantk.graphs;

import java.util.Arrays;
import org.tfjavantk.random.RandomStream;

/** The distribution of a variable's first values. */
public sealed interface Initializer {
  /** All entries equal. */
  record Constant(double value) implements Initializer {}

  /** Uniform on (-bound, bound). */
  record Uniform(double bound) implements Initializer {}

  /** N(0, std^2). */
  record Normal(double std) implements Initializer {}

  /** The values come with the model; nothing is drawn. */
  record Given() implements Initializer {}

  /**
   * The mean square of an entry.
   *
   * @throws IllegalStateException if the values are {@link Given}
   */
  default double meanSquare() {
    if (this instanceof Uniform uniform) {
      return uniform.bound * uniform.bound / 3;
    }
    if (this instanceof Normal normal) {
      return normal.std * normal.std;
    }
    if (this instanceof Constant constant) {
      return constant.value * constant.value;
    }
    throw new IllegalStateException("the values come with the model");
  }

  /**
   * The first {@code size} values, drawn from the stream.
   *
   * @throws IllegalStateException if they are {@link Given}
   */
  default double[] draw(int size, RandomStream stream) {
    if (this instanceof Given) {
      throw new IllegalStateException("the values come with the model");
    }
    double[] values = new double[size];
    if (this instanceof Uniform uniform) {
      Arrays.parallelSetAll(values, i -> uniform.bound * (2 * stream.uniform(i) - 1));
    } else if (this instanceof Normal normal) {
      Arrays.parallelSetAll(values, i -> normal.std * stream.normal(i));
    } else if (this instanceof Constant constant) {
      Arrays.fill(values, constant.value);
    }
    return values;
  }
}
