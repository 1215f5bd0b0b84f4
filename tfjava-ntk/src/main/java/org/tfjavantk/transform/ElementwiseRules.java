package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/** Functions of every entry by itself, and their gradient operations. */
final class ElementwiseRules {
  private ElementwiseRules() {}

  /** ẏ from ẋ, for y = g(x) with one input. */
  private interface Unary {
    Operand<TNumber> tangent(ForwardOp op, Operand<TNumber> dx);
  }

  /** ∂g/∂x_i ẋ_i for one of two inputs. */
  private interface Partial {
    Operand<TNumber> tangent(ForwardOp op, Operand<TNumber> d);
  }

  static void addTo(Map<String, JvpRule> rules) {
    addPiecewise(rules);
    addSmooth(rules);
    addTrigonometric(rules);
    addBinary(rules);
    addGradients(rules);
  }

  private static void addPiecewise(Map<String, JvpRule> rules) {
    unary(rules, "Relu", (op, dx) -> op.make("ReluGrad", dx, op.input(0)));
    unary(rules, "Relu6", (op, dx) -> op.make("Relu6Grad", dx, op.input(0)));
    unary(
        rules,
        "LeakyRelu",
        (op, dx) -> {
          var alpha = op.operation().attributes().getAttrValueProto("alpha");
          return op.make("LeakyReluGrad", Map.of("alpha", alpha), dx, op.input(0));
        });
    unary(rules, "Elu", (op, dx) -> op.make("EluGrad", dx, op.output(0)));
    unary(rules, "Selu", (op, dx) -> op.make("SeluGrad", dx, op.output(0)));
    unary(rules, "Abs", (op, dx) -> mul(op, dx, op.make("Sign", op.input(0))));
  }

  private static void addSmooth(Map<String, JvpRule> rules) {
    unary(rules, "Softplus", (op, dx) -> op.make("SoftplusGrad", dx, op.input(0)));
    unary(rules, "Softsign", (op, dx) -> op.make("SoftsignGrad", dx, op.input(0)));
    unary(rules, "Sigmoid", (op, dx) -> op.make("SigmoidGrad", op.output(0), dx));
    unary(rules, "Tanh", (op, dx) -> op.make("TanhGrad", op.output(0), dx));
    unary(rules, "Sqrt", (op, dx) -> op.make("SqrtGrad", op.output(0), dx));
    unary(rules, "Rsqrt", (op, dx) -> op.make("RsqrtGrad", op.output(0), dx));
    unary(rules, "Reciprocal", (op, dx) -> op.make("ReciprocalGrad", op.output(0), dx));
    unary(rules, "Inv", (op, dx) -> op.make("InvGrad", op.output(0), dx));
    unary(rules, "Square", (op, dx) -> mul(op, dx, mul(op, op.constant(0, 2), op.input(0))));
    unary(rules, "Exp", (op, dx) -> mul(op, dx, op.output(0)));
    unary(rules, "Expm1", (op, dx) -> mul(op, dx, plus(op, op.output(0), 1)));
    unary(rules, "Log", (op, dx) -> div(op, dx, op.input(0)));
    unary(rules, "Log1p", (op, dx) -> div(op, dx, plus(op, op.input(0), 1)));
    unary(rules, "Erf", (op, dx) -> mul(op, dx, gauss(op, 2 / Math.sqrt(Math.PI))));
    unary(rules, "Erfc", (op, dx) -> mul(op, dx, gauss(op, -2 / Math.sqrt(Math.PI))));
    unary(rules, "Lgamma", (op, dx) -> mul(op, dx, op.make("Digamma", op.input(0))));
  }

  private static void addTrigonometric(Map<String, JvpRule> rules) {
    unary(rules, "Sin", (op, dx) -> mul(op, dx, op.make("Cos", op.input(0))));
    unary(rules, "Cos", (op, dx) -> op.make("Neg", mul(op, dx, op.make("Sin", op.input(0)))));
    unary(rules, "Tan", (op, dx) -> mul(op, dx, plus(op, square(op, op.output(0)), 1)));
    unary(rules, "Sinh", (op, dx) -> mul(op, dx, op.make("Cosh", op.input(0))));
    unary(rules, "Cosh", (op, dx) -> mul(op, dx, op.make("Sinh", op.input(0))));
    unary(rules, "Asin", (op, dx) -> mul(op, dx, rootOf(op, 1, -1)));
    unary(rules, "Acos", (op, dx) -> op.make("Neg", mul(op, dx, rootOf(op, 1, -1))));
    unary(rules, "Atan", (op, dx) -> div(op, dx, plus(op, square(op, op.input(0)), 1)));
    unary(rules, "Asinh", (op, dx) -> mul(op, dx, rootOf(op, 1, 1)));
    unary(rules, "Acosh", (op, dx) -> mul(op, dx, rootOf(op, -1, 1)));
    unary(
        rules,
        "Atanh",
        (op, dx) -> div(op, dx, op.make("Sub", op.constant(0, 1), square(op, op.input(0)))));
  }

  private static void addBinary(Map<String, JvpRule> rules) {
    for (String division : List.of("RealDiv", "Div", "DivNoNan")) {
      binary(
          rules,
          division,
          (op, da) -> op.make(division, da, op.input(1)),
          (op, db) -> op.make("Neg", op.make(division, mul(op, op.output(0), db), op.input(1))));
    }
    binary(
        rules,
        "SquaredDifference",
        (op, da) -> mul(op, da, twiceDifference(op)),
        (op, db) -> op.make("Neg", mul(op, db, twiceDifference(op))));
    binary(
        rules,
        "Pow",
        (op, da) -> {
          var exponent = op.make("Sub", op.input(1), op.constant(1, 1));
          return mul(op, da, mul(op, op.input(1), op.make("Pow", op.input(0), exponent)));
        },
        (op, db) -> mul(op, db, mul(op, op.output(0), op.make("Log", op.input(0)))));
    binary(
        rules,
        "Maximum",
        (op, da) -> mul(op, da, mask(op, "GreaterEqual")),
        (op, db) -> mul(op, db, mask(op, "Less")));
    binary(
        rules,
        "Minimum",
        (op, da) -> mul(op, da, mask(op, "LessEqual")),
        (op, db) -> mul(op, db, mask(op, "Greater")));
  }

  /** Gradient operations h(y, ẏ), linear in the second input: differentiated for Hessians. */
  private static void addGradients(Map<String, JvpRule> rules) {
    // TanhGrad(y, g) = g (1 - y²)
    gradient(rules, "TanhGrad", (op, dy) -> mul(op, scaled(op, -2, op.input(0)), dy));
    // SigmoidGrad(y, g) = g y (1 - y)
    gradient(
        rules, "SigmoidGrad", (op, dy) -> mul(op, plus(op, scaled(op, -2, op.input(0)), 1), dy));
    // SqrtGrad(y, g) = g / (2 y)
    gradient(rules, "SqrtGrad", (op, dy) -> div(op, scaled(op, -0.5, dy), square(op, op.input(0))));
    // RsqrtGrad(y, g) = -g y³ / 2
    gradient(
        rules, "RsqrtGrad", (op, dy) -> mul(op, scaled(op, -1.5, square(op, op.input(0))), dy));
    // ReciprocalGrad(y, g) = -g y²
    for (String type : List.of("ReciprocalGrad", "InvGrad")) {
      gradient(rules, type, (op, dy) -> mul(op, scaled(op, -2, op.input(0)), dy));
    }
    // SoftplusGrad(g, x) = g sigmoid(x)
    binary(
        rules,
        "SoftplusGrad",
        (op, dg) -> op.make("SoftplusGrad", dg, op.input(1)),
        (op, dx) -> {
          var s = op.make("Sigmoid", op.input(1));
          return mul(op, op.input(0), op.make("SigmoidGrad", s, dx));
        });
    // EluGrad(g, y) = g (y + 1) where y < 0, else g
    binary(
        rules,
        "EluGrad",
        (op, dg) -> op.make("EluGrad", dg, op.input(1)),
        (op, dy) -> {
          var negative = op.make("Less", op.input(1), op.make("ZerosLike", op.input(1)));
          var product = mul(op, op.input(0), dy);
          return op.make("SelectV2", negative, product, op.make("ZerosLike", product));
        });
  }

  /** h(y, g) = g h(y, 1): ḣ = h(y, ġ) + g ∂h(y, 1)/∂y ẏ; {@code byY} gives the last factor. */
  private static void gradient(Map<String, JvpRule> rules, String type, Partial byY) {
    binary(
        rules,
        type,
        (op, dy) -> mul(op, op.input(1), byY.tangent(op, dy)),
        (op, dg) -> op.make(type, op.input(0), dg));
  }

  private static void unary(Map<String, JvpRule> rules, String type, Unary rule) {
    rules.put(type, op -> Arrays.asList((Operand<?>) rule.tangent(op, op.tangent(0))));
  }

  private static void binary(
      Map<String, JvpRule> rules, String type, Partial first, Partial second) {
    rules.put(
        type,
        op -> {
          var a = op.tangent(0) == null ? null : first.tangent(op, op.tangent(0));
          var b = op.tangent(1) == null ? null : second.tangent(op, op.tangent(1));
          return Arrays.asList((Operand<?>) op.sum(a, b));
        });
  }

  private static Operand<TNumber> mul(ForwardOp op, Operand<TNumber> a, Operand<TNumber> b) {
    return op.make("Mul", a, b);
  }

  private static Operand<TNumber> div(ForwardOp op, Operand<TNumber> a, Operand<TNumber> b) {
    return op.make("RealDiv", a, b);
  }

  private static Operand<TNumber> square(ForwardOp op, Operand<TNumber> a) {
    return op.make("Square", a);
  }

  private static Operand<TNumber> plus(ForwardOp op, Operand<TNumber> a, double b) {
    return op.make("AddV2", a, op.constant(0, b));
  }

  private static Operand<TNumber> scaled(ForwardOp op, double factor, Operand<TNumber> a) {
    return op.make("Mul", op.constant(0, factor), a);
  }

  /** c exp(-x²). */
  private static Operand<TNumber> gauss(ForwardOp op, double c) {
    return scaled(op, c, op.make("Exp", op.make("Neg", square(op, op.input(0)))));
  }

  /** 1 / sqrt(a + b x²). */
  private static Operand<TNumber> rootOf(ForwardOp op, double a, double b) {
    return op.make("Rsqrt", plus(op, scaled(op, b, square(op, op.input(0))), a));
  }

  private static Operand<TNumber> twiceDifference(ForwardOp op) {
    return scaled(op, 2, op.make("Sub", op.input(0), op.input(1)));
  }

  /** 1 where the comparison of the two inputs holds, else 0. */
  private static Operand<TNumber> mask(ForwardOp op, String comparison) {
    return op.tf().dtypes.cast(op.make(comparison, op.input(0), op.input(1)), op.input(0).type());
  }
}
