package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;

/** Running products and running sums of exponentials along an axis. */
final class ScanRules {
  private ScanRules() {}

  static void addTo(Map<String, JvpRule> rules) {
    rules.put("Cumprod", op -> Arrays.asList((Operand<?>) runningProduct(op)));
    rules.put("CumulativeLogsumexp", op -> Arrays.asList((Operand<?>) runningLogSum(op)));
  }

  /**
   * The tangents of y_i = Π_{j≤i} x_j, right where entries are zero, and so in all orders: products
   * and their tangents of the last 1, 2, 4, … entries, each from two of half as many. Of an axis
   * whose length is not known before the graph runs they are y ∘ cumsum(ẋ / x), for entries that
   * are not zero.
   */
  private static Operand<TNumber> runningProduct(ForwardOp op) {
    Ops tf = op.tf();
    int rank = op.input(0).shape().numDimensions();
    long[] constant = ConstantValue.integers(op.input(1)).orElse(null);
    int axis = constant == null ? -1 : Math.toIntExact(Math.floorMod(constant[0], rank));
    long length = axis < 0 ? -1 : op.input(0).shape().get(axis);
    if (length < 0) {
      var ratios = op.make("RealDiv", op.tangent(0), op.input(0));
      var how = op.attributes("exclusive", "reverse");
      return op.make("Mul", op.output(0), op.make("Cumsum", how, ratios, op.input(1)));
    }
    boolean reverse = op.attribute("reverse").getB();
    Operand<?> along = tf.constant(new int[] {axis});
    Operand<TNumber> p = reverse ? op.make("ReverseV2", op.input(0), along) : op.input(0);
    Operand<TNumber> t = reverse ? op.make("ReverseV2", op.tangent(0), along) : op.tangent(0);
    Shift shift = new Shift(op, axis, rank, length);
    for (int step = 1; step < length; step *= 2) {
      Operand<TNumber> earlier = shift.of(p, step, 1);
      Operand<TNumber> tangent = shift.of(t, step, 0);
      t = op.make("AddV2", op.make("Mul", t, earlier), op.make("Mul", p, tangent));
      op.shapedLike(op.output(0), t);
      p = op.make("Mul", p, earlier);
    }
    if (op.attribute("exclusive").getB() && length > 0) {
      t = shift.of(t, 1, 0);
    }
    return reverse ? op.make("ReverseV2", t, along) : t;
  }

  /** Moves entries along an axis, so that shapes stay as they are. */
  private record Shift(ForwardOp op, int axis, int rank, long length) {
    /** (fill, …, fill, x_0, x_1, …): the last {@code step} entries are lost. */
    Operand<TNumber> of(Operand<TNumber> x, int step, double fill) {
      Ops tf = op.tf();
      boolean[] moved = new boolean[Math.toIntExact(length)];
      Arrays.fill(moved, Math.min(step, moved.length), moved.length, true);
      int[] column = new int[rank];
      Arrays.fill(column, 1);
      column[axis] = moved.length;
      Operand<?> mask = tf.reshape(tf.constant(moved), tf.constant(column));
      Operand<TNumber> rolled = op.make("Roll", x, tf.constant(step), tf.constant(axis));
      op.shapedLike(op.output(0), rolled);
      return op.shapedLike(op.output(0), op.make("SelectV2", mask, rolled, op.constant(0, fill)));
    }
  }

  /**
   * ẏ_i = Σ_{j≤i} exp(x_j − y_i) ẋ_j. All exponentials are taken relative to the largest entry, so
   * tangents before it are lost (zero) as far as exp(y_i − max x) is zero in the type of x.
   */
  private static Operand<TNumber> runningLogSum(ForwardOp op) {
    Map<String, AttrValue> keep = Map.of("keep_dims", Attributes.flag(true));
    Operand<TNumber> x = op.input(0);
    // The result does not depend on it.
    Operand<TNumber> largest = op.make("StopGradient", op.make("Max", keep, x, op.input(1)));
    Operand<TNumber> terms =
        op.make("Mul", op.make("Exp", op.make("Sub", x, largest)), op.tangent(0));
    var how = op.attributes("exclusive", "reverse");
    Operand<TNumber> sums = op.make("Cumsum", how, terms, op.input(1));
    return op.make("DivNoNan", sums, op.make("Exp", op.make("Sub", op.output(0), largest)));
  }
}
