package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/** Puts the axis of a batch elsewhere: to another place, or into one of the axes of an example. */
final class Folds {
  private Folds() {}

  /** (B, d_0, …) as (d_0, …, B d_axis, …): the batch is the slower part of that axis. */
  static Operand<TNumber> into(BatchOp op, int i, int axis) {
    Operand<TNumber> moved = move(op.tf(), op.stacked(i), op.rank(i) + 1, 0, axis);
    List<Length> lengths = op.lengths(i);
    lengths.set(axis, op.length().times(op.tf(), lengths.get(axis)));
    return Length.reshape(op.tf(), moved, lengths);
  }

  /** (d_0, …, B d_axis, …) as (B, d_0, …); d_axis is given. */
  static Operand<TNumber> outOf(BatchOp op, Operand<TNumber> y, int rank, int axis, Length single) {
    List<Length> lengths = new ArrayList<>(Length.of(op.tf(), y, 0, rank));
    lengths.set(axis, single);
    lengths.add(axis, op.length());
    return move(op.tf(), Length.reshape(op.tf(), y, lengths), rank + 1, axis, 0);
  }

  /** One axis of x to another place. */
  static Operand<TNumber> move(Ops tf, Operand<TNumber> x, int rank, int from, int to) {
    if (from == to) {
      return x;
    }
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      axes.add(axis);
    }
    axes.add(to, axes.remove(from));
    return permute(tf, x, axes.stream().mapToInt(Integer::intValue).toArray());
  }

  static Operand<TNumber> permute(Ops tf, Operand<TNumber> x, int... axes) {
    return tf.linalg.transpose(x, tf.constant(axes));
  }
}
