package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * A length along an axis of a tensor.
 *
 * @param known the length, or -1
 * @param scalar the length where it is known only when the graph runs, else null
 */
record Length(long known, Operand<TInt32> scalar) {
  static Length of(long known) {
    return new Length(known, null);
  }

  /** The length of x along an axis, which may count from the end if the rank of x is known. */
  static Length of(Ops tf, Operand<?> x, int axis) {
    Shape shape = x.shape();
    int k = axis < 0 ? shape.numDimensions() + axis : axis;
    if (!shape.isUnknown() && shape.get(k) >= 0) {
      return of(shape.get(k));
    }
    return new Length(-1, tf.stridedSlice(tf.shape(number(x)), Indices.at(axis)));
  }

  /** The lengths of x along the axes {@code from} to {@code to}, the latter excluded. */
  static List<Length> of(Ops tf, Operand<?> x, int from, int to) {
    List<Length> lengths = new ArrayList<>();
    for (int axis = from; axis < to; axis++) {
      lengths.add(of(tf, x, axis));
    }
    return lengths;
  }

  boolean isKnown() {
    return known >= 0;
  }

  Length times(Ops tf, Length other) {
    if (isKnown() && other.isKnown()) {
      return of(known * other.known);
    }
    if (known == 1 || other.known == 1) {
      return known == 1 ? other : this;
    }
    return new Length(-1, tf.math.mul(operand(tf), other.operand(tf)));
  }

  Operand<TInt32> operand(Ops tf) {
    return isKnown() ? tf.constant(Math.toIntExact(known)) : scalar;
  }

  static Length product(Ops tf, List<Length> lengths) {
    return lengths.stream().reduce(of(1), (a, b) -> a.times(tf, b));
  }

  /** The lengths as a vector; a constant where all are known. */
  static Operand<TInt32> vector(Ops tf, List<Length> lengths) {
    if (lengths.stream().allMatch(Length::isKnown)) {
      return tf.constant(
          lengths.stream().mapToInt(length -> Math.toIntExact(length.known)).toArray());
    }
    return tf.stack(lengths.stream().map(length -> length.operand(tf)).toList());
  }

  /** x with the same entries in another shape. */
  static Operand<TNumber> reshape(Ops tf, Operand<?> x, List<Length> lengths) {
    long unknown = lengths.stream().filter(length -> !length.isKnown()).count();
    boolean empty = lengths.stream().anyMatch(length -> length.known == 0);
    if (unknown == 1 && !empty) {
      // -1 stands for the one that follows from the others.
      int[] shape = lengths.stream().mapToInt(length -> Math.toIntExact(length.known)).toArray();
      return tf.reshape(number(x), tf.constant(shape));
    }
    return tf.reshape(number(x), vector(tf, lengths));
  }

  private static Operand<TNumber> number(Operand<?> x) {
    return RuleOp.number(x);
  }
}
