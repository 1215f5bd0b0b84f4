package org.tfjavantk.transform;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * Local response normalization y = x n^−β with n = bias + α Σ x², where the sum goes over the
 * channels at most a radius away.
 */
final class LocalResponseRule {
  private LocalResponseRule() {}

  static void addTo(Map<String, JvpRule> rules) {
    rules.put("LRN", op -> List.of(tangent(op)));
  }

  /** ẋ n^−β − 2 α β (y / n) Σ x ẋ. */
  private static Operand<TNumber> tangent(ForwardOp op) {
    double alpha = op.attribute("alpha").getF();
    double beta = op.attribute("beta").getF();
    Operand<TNumber> x = op.input(0);
    Operand<TNumber> near = neighbours(op);
    Operand<TNumber> squares = op.make("BatchMatMulV2", op.make("Square", x), near);
    Operand<TNumber> n =
        op.make(
            "AddV2",
            op.make("Mul", squares, op.constant(0, alpha)),
            op.constant(0, op.attribute("bias").getF()));
    Operand<TNumber> direct =
        op.make("Mul", op.tangent(0), op.make("Pow", n, op.constant(0, -beta)));
    Operand<TNumber> slope =
        op.make("Mul", op.make("RealDiv", op.output(0), n), op.constant(0, 2 * alpha * beta));
    Operand<TNumber> sum = op.make("BatchMatMulV2", op.make("Mul", x, op.tangent(0)), near);
    return op.make("Sub", direct, op.make("Mul", slope, sum));
  }

  /** (C, C), 1 for channels near each other. */
  private static Operand<TNumber> neighbours(ForwardOp op) {
    Ops tf = op.tf();
    Operand<TNumber> x = op.input(0);
    Length channels = Length.of(tf, x, 3);
    // No wider than there are channels.
    Operand<TInt32> radius =
        tf.math.minimum(
            tf.constant(Math.toIntExact(op.attribute("depth_radius").getI())),
            channels.operand(tf));
    Operand<TNumber> ones =
        tf.fill(Length.vector(tf, List.of(channels, channels)), op.constant(0, 1));
    return tf.linalg.bandPart(ones, radius, radius);
  }
}
