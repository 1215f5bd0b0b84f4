package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.ReduceSum;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;

/** The transposes of broadcasting. */
final class Broadcasting {
  private Broadcasting() {}

  /**
   * The sum of g over the axes along which a tensor was broadcast to the shape of g.
   *
   * @param known what is known of the tensor's shape
   * @param others what is known of the shapes that it was broadcast with, none if that is not known
   * @param shape writes the tensor's shape, where that is not enough
   */
  static Operand<TNumber> reduce(
      Ops tf,
      Operand<TNumber> g,
      Shape known,
      List<Shape> others,
      Supplier<Operand<TInt32>> shape) {
    List<Integer> axes = axes(known, g.shape(), others);
    if (axes == null) {
      Operand<TInt32> target = shape.get();
      Operand<?> all =
          OpCopy.make(tf, "BroadcastGradientArgs", Map.of(), List.of(target, tf.shape(g)))
              .output(0);
      return tf.reshape(tf.sum(g, RuleOp.number(all)), target);
    }
    if (axes.isEmpty()) {
      return g;
    }
    int leading = g.shape().numDimensions() - known.numDimensions();
    boolean keep = leading == 0;
    Operand<TInt32> over = tf.constant(axes.stream().mapToInt(a -> a).toArray());
    Operand<TNumber> sum = tf.reduceSum(g, over, ReduceSum.keepDims(keep));
    return keep || axes.size() == leading ? sum : tf.reshape(sum, shape.get());
  }

  /** The axes to sum over, or null if that depends on sizes that are not known. */
  private static List<Integer> axes(Shape from, Shape to, List<Shape> others) {
    if (from.isUnknown() || to.isUnknown()) {
      return null;
    }
    List<Integer> axes = new ArrayList<>();
    int leading = to.numDimensions() - from.numDimensions();
    for (int axis = 0; axis < to.numDimensions(); axis++) {
      long before = axis < leading ? 1 : from.get(axis - leading);
      long after = to.get(axis);
      if (axis < leading || before == 1 && after != 1) {
        axes.add(axis);
      } else if (before == Shape.UNKNOWN_SIZE
          && after != 1
          && !alone(others, to.numDimensions() - axis)) {
        return null;
      }
    }
    return axes;
  }

  /** Whether all other shapes have 1 at an axis counted from the end: then none was broadcast. */
  private static boolean alone(List<Shape> others, int fromEnd) {
    return !others.isEmpty()
        && others.stream()
            .allMatch(
                other ->
                    !other.isUnknown()
                        && (other.numDimensions() < fromEnd
                            || other.get(other.numDimensions() - fromEnd) == 1));
  }

  /** g, from which the axes are missing that a reduction did away with, spread over them. */
  static Operand<TNumber> spread(TransposeOp op, Operand<TNumber> g) {
    Ops tf = op.tf();
    return tf.broadcastTo(withAxes(op, g), op.shape(0));
  }

  private static Operand<TNumber> withAxes(TransposeOp op, Operand<TNumber> g) {
    if (op.operation().attributes().getAttrBool("keep_dims")) {
      return g;
    }
    Shape from = op.input(0).shape();
    long[] axes = ConstantValue.integers(op.input(1)).orElse(null);
    if (axes == null || from.isUnknown()) {
      return op.tf().reshape(g, TangentShapes.withOnes(op.tf(), op.shape(0), op.input(1)));
    }
    long[] sizes = from.asArray();
    for (long axis : axes) {
      sizes[Math.toIntExact(axis < 0 ? axis + sizes.length : axis)] = 1;
    }
    Shape kept = Shape.of(sizes);
    long unknown = java.util.Arrays.stream(sizes).filter(s -> s < 0).count();
    if (unknown <= 1) {
      return op.tf().reshape(g, op.tf().constant(StaticShape.ints(kept)));
    }
    return op.tf().reshape(g, TangentShapes.withOnes(op.tf(), op.shape(0), op.input(1)));
  }

  /** How many entries a reduction took together, if it is known; else -1. */
  static long reduced(TransposeOp op) {
    Shape from = op.input(0).shape();
    long[] axes = ConstantValue.integers(op.input(1)).orElse(null);
    if (axes == null || from.isUnknown()) {
      return -1;
    }
    long count = 1;
    for (long axis : axes) {
      long size = from.get(Math.toIntExact(axis < 0 ? axis + from.numDimensions() : axis));
      if (size < 0) {
        return -1;
      }
      count *= size;
    }
    return count;
  }
}
