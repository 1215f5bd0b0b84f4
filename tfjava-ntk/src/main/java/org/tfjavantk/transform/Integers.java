package org.tfjavantk.transform;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;

/** Axes, shapes and other small integers that operations read: constants where they can be. */
final class Integers {
  private Integers() {}

  /** Axes of one example as axes of a batch; those that count from the end stay. */
  static Operand<TNumber> shifted(Ops tf, Operand<?> axes) {
    Optional<long[]> known = ConstantValue.integers(axes);
    if (known.isPresent()) {
      long[] values = known.get();
      for (int k = 0; k < values.length; k++) {
        values[k] = shifted(values[k]);
      }
      return axes.shape().numDimensions() == 0
          ? tf.constant(RuleOp.number(axes).type(), values[0])
          : vector(tf, axes, values);
    }
    Operand<TNumber> numbers = RuleOp.number(axes);
    Operand<TNumber> zero = tf.constant(numbers.type(), 0);
    return tf.math.add(
        numbers, tf.dtypes.cast(tf.math.greaterEqual(numbers, zero), numbers.type()));
  }

  static long shifted(long axis) {
    return axis >= 0 ? axis + 1 : axis;
  }

  /** (first, rest) for a vector {@code rest}. */
  static Operand<TNumber> prepend(Ops tf, Length first, Operand<?> rest) {
    if (first.isKnown()) {
      return prepend(tf, first.known(), rest);
    }
    Operand<TNumber> numbers = RuleOp.number(rest);
    Operand<TNumber> head = tf.dtypes.cast(first.scalar(), numbers.type());
    return tf.concat(
        List.of(tf.reshape(head, tf.constant(new int[] {1})), numbers), tf.constant(0));
  }

  /** (first, rest) for a vector {@code rest}. */
  static Operand<TNumber> prepend(Ops tf, long first, Operand<?> rest) {
    Optional<long[]> known = ConstantValue.integers(rest);
    if (known.isEmpty()) {
      return tf.concat(List.of(vector(tf, rest, first), RuleOp.number(rest)), tf.constant(0));
    }
    long[] values = new long[known.get().length + 1];
    values[0] = first;
    System.arraycopy(known.get(), 0, values, 1, values.length - 1);
    return vector(tf, rest, values);
  }

  /** A vector of the integer type of {@code like}. */
  static Operand<TNumber> vector(Ops tf, Operand<?> like, long... values) {
    if (like.type().equals(TInt64.class)) {
      return RuleOp.number(tf.constant(values));
    }
    int[] narrow = new int[values.length];
    for (int k = 0; k < values.length; k++) {
      narrow[k] = Math.toIntExact(values[k]);
    }
    return RuleOp.number(tf.constant(narrow));
  }
}
