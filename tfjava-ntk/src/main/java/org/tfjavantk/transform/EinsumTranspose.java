package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;

/** The transpose of an Einstein sum in one of its operands: another one. */
final class EinsumTranspose {
  private static final String DOTS = "...";

  private EinsumTranspose() {}

  /**
   * x̄_i: the cotangent of the output times the other operand, with the axes of x_i. An axis that
   * was summed over alone is spread again, axes with one label become a diagonal, and the axes that
   * the dots stand for are summed where they were broadcast.
   */
  static Operand<TNumber> of(TransposeOp op, int i, Operand<TNumber> g) {
    TransposeRules.requireOne(op);
    String equation = op.attribute("equation").getS().toStringUtf8().replace(" ", "");
    String[] sides = equation.split("->", -1);
    String[] operands = sides[0].split(",", -1);
    String mine = operands[i];
    String rest = sides[1] + (operands.length > 1 ? operands[1 - i] : "");
    List<Operand<TNumber>> inputs = new ArrayList<>(List.of(g));
    String left = sides[1];
    if (operands.length > 1) {
      inputs.add(op.input(1 - i));
      left += "," + operands[1 - i];
    }
    boolean dots = equation.contains(DOTS);
    String plain = mine.replace(DOTS, "");
    if (!dots && distinct(mine) && mine.chars().allMatch(c -> rest.indexOf(c) >= 0)) {
      return einsum(op, inputs, left + "->" + mine);
    }
    // First the axes with labels that remain, each once, after those of the dots.
    StringBuilder kept = new StringBuilder();
    StringBuilder lost = new StringBuilder();
    plain.chars().distinct().forEach(c -> (rest.indexOf(c) >= 0 ? kept : lost).append((char) c));
    String front = dots ? DOTS : "";
    Operand<TNumber> sum = einsum(op, inputs, left + "->" + front + kept);
    int batch = mine.contains(DOTS) ? rank(op.input(i)) - plain.length() : 0;
    String labels = axes(mine, batch);
    String once = labels.substring(mine.contains(DOTS) ? mine.indexOf(DOTS) : 0);
    String ahead = batch == 0 ? "" : once.substring(0, batch);
    Operand<TInt32> shape = op.shape(i);
    Ops tf = op.tf();
    if (dots) {
      String target = ahead + kept;
      Operand<TInt32> sizes = part(tf, shape, labels, target);
      Shape known = known(op.input(i).shape(), labels, target);
      sum = Broadcasting.reduce(tf, sum, known, List.of(), () -> sizes);
    }
    if (lost.length() > 0) {
      String wide = ahead + kept + lost;
      Operand<TInt32> narrow =
          tf.concat(List.of(tf.shape(sum), tf.constant(ones(lost.length()))), tf.constant(0));
      sum = tf.broadcastTo(tf.reshape(sum, narrow), part(tf, shape, labels, wide));
    }
    return arranged(op, i, sum, ahead + kept + lost, labels);
  }

  /** From the order of axes to another one, in which some occur twice: as a diagonal. */
  private static Operand<TNumber> arranged(
      TransposeOp op, int i, Operand<TNumber> x, String from, String to) {
    Ops tf = op.tf();
    List<Operand<TNumber>> factors = new ArrayList<>(List.of(x));
    StringBuilder left = new StringBuilder(from);
    StringBuilder target = new StringBuilder();
    for (int axis = 0; axis < to.length(); axis++) {
      char label = to.charAt(axis);
      if (target.indexOf(String.valueOf(label)) >= 0) {
        char fresh = fresh(to + target + from);
        Operand<TInt32> size = part(tf, op.shape(i), to, String.valueOf(label));
        factors.add(op.make("MatrixDiag", tf.fill(size, op.constant(i, 1))));
        left.append(',').append(label).append(fresh);
        label = fresh;
      }
      target.append(label);
    }
    if (from.contentEquals(target)) {
      return x;
    }
    Operand<TNumber> result = factors.get(0);
    String labels = from;
    // TensorFlow takes two operands at a time.
    for (int k = 1; k < factors.size(); k++) {
      String pair = left.toString().split(",")[k];
      String more = labels + pair.charAt(1);
      result = einsum(op, List.of(result, factors.get(k)), labels + "," + pair + "->" + more);
      labels = more;
    }
    return labels.contentEquals(target)
        ? result
        : einsum(op, List.of(result), labels + "->" + target);
  }

  /** The labels of the axes of an operand, with new ones for those of the dots. */
  private static String axes(String operand, int batch) {
    StringBuilder dots = new StringBuilder();
    for (int k = 0; k < batch; k++) {
      dots.append(fresh(operand + dots));
    }
    return operand.replace(DOTS, dots.toString());
  }

  private static char fresh(String used) {
    for (char c = 'Z'; c >= 'A'; c--) {
      if (used.indexOf(c) < 0) {
        return c;
      }
    }
    throw new IllegalArgumentException("too many axes: " + used);
  }

  private static int rank(Operand<?> x) {
    return x.shape().numDimensions();
  }

  private static boolean distinct(String labels) {
    return labels.chars().distinct().count() == labels.length();
  }

  private static int[] ones(int count) {
    int[] ones = new int[count];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Of a shape with these labels, the sizes of some. */
  private static Operand<TInt32> part(Ops tf, Operand<TInt32> shape, String labels, String some) {
    int[] axes = some.chars().map(labels::indexOf).toArray();
    long[] known = ConstantValue.integers(shape).orElse(null);
    if (known != null) {
      return tf.constant(Arrays.stream(axes).map(axis -> Math.toIntExact(known[axis])).toArray());
    }
    return tf.gather(shape, tf.constant(axes), tf.constant(0));
  }

  private static Shape known(Shape shape, String labels, String some) {
    return Shape.of(some.chars().mapToLong(c -> shape.get(labels.indexOf(c))).toArray());
  }

  private static Operand<TNumber> einsum(
      TransposeOp op, List<Operand<TNumber>> inputs, String equation) {
    return op.tf().linalg.einsum(inputs, equation);
  }
}
