package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.random.RandomStream;

/**
 * An operation to be tested.
 *
 * @param name the type of the operation, and what is special about the case
 * @param range where the entries of x lie
 * @param shapes of the inputs x
 */
record RuleCase(String name, Range range, List<long[]> shapes, Builder builder) {
  /** Stands in the names of cases that pass through float32. */
  static final String SINGLE = " in float32";

  /** Writes f(x) into the graph. */
  interface Builder {
    Operand<?> build(Ops tf, List<? extends Operand<TFloat64>> x);
  }

  /** Values of x. */
  enum Range {
    /** N(0, 1). */
    ANY,
    /** Between 0.5 and 2. */
    POSITIVE,
    /** Between -0.9 and 0.9. */
    SMALL
  }

  boolean single() {
    return name.endsWith(SINGLE);
  }

  String type() {
    return name.split(" ")[0];
  }

  @SuppressWarnings("unchecked")
  Operand<TNumber> build(Ops tf, List<? extends Operand<TFloat64>> x) {
    return (Operand<TNumber>) builder.build(tf, x);
  }

  double[] point(int i) {
    double[] values = new double[size(i)];
    RandomStream stream = RandomStream.of(1, name + "/x" + i);
    for (int k = 0; k < values.length; k++) {
      values[k] =
          switch (range) {
            case ANY -> stream.normal(k);
            case POSITIVE -> 0.5 + 1.5 * stream.uniform(k);
            case SMALL -> 1.8 * stream.uniform(k) - 0.9;
          };
    }
    return values;
  }

  double[] direction(int i) {
    return normal(name + "/v" + i, size(i));
  }

  double[] cotangent(int size) {
    return normal(name + "/u", size);
  }

  private int size(int i) {
    long size = 1;
    for (long d : shapes.get(i)) {
      size *= d;
    }
    return Math.toIntExact(size);
  }

  private static double[] normal(String stream, int size) {
    double[] values = new double[size];
    for (int k = 0; k < size; k++) {
      values[k] = RandomStream.of(2, stream).normal(k);
    }
    return values;
  }

  @Override
  public String toString() {
    return name;
  }
}
