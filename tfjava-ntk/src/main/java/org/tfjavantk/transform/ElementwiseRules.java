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
    addGuarded(rules);
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
    unary(rules, "Digamma", (op, dx) -> mul(op, dx, polygamma(op, op.constant(0, 1), op.input(0))));
    unary(
        rules,
        "Erfinv",
        (op, dx) -> mul(op, dx, scaled(op, Math.sqrt(Math.PI) / 2, growth(op, 1))));
    unary(
        rules,
        "Ndtri",
        (op, dx) -> mul(op, dx, scaled(op, Math.sqrt(2 * Math.PI), growth(op, 0.5))));
    // In its second input; the first is an order.
    rules.put(
        "Polygamma",
        op -> {
          var derivative = polygamma(op, plus(op, op.input(0), 1), op.input(1));
          return Arrays.asList((Operand<?>) mul(op, op.tangent(1), derivative));
        });
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

  /** Divisions with a remainder, and products that are 0 wherever x is. */
  private static void addGuarded(Map<String, JvpRule> rules) {
    for (String type : List.of("FloorMod", "Mod")) {
      binary(
          rules,
          type,
          (op, dx) -> expanded(op, dx),
          (op, dy) -> {
            var whole = div(op, op.make("Sub", op.input(0), op.output(0)), op.input(1));
            return op.make("Neg", mul(op, dy, op.make("Round", whole)));
          });
    }
    binary(
        rules,
        "Xlogy",
        (op, dx) -> mul(op, dx, op.make("Xlogy", nonzero(op), op.input(1))),
        (op, dy) -> mul(op, dy, op.make("Xdivy", op.input(0), op.input(1))));
    binary(
        rules,
        "Xlog1py",
        (op, dx) -> mul(op, dx, op.make("Xlog1py", nonzero(op), op.input(1))),
        (op, dy) -> mul(op, dy, op.make("Xdivy", op.input(0), plus(op, op.input(1), 1))));
    binary(
        rules,
        "Xdivy",
        (op, dx) -> mul(op, dx, op.make("Xdivy", nonzero(op), op.input(1))),
        (op, dy) -> op.make("Neg", mul(op, dy, op.make("Xdivy", op.output(0), op.input(1)))));
    binary(
        rules,
        "Atan2",
        (op, da) -> mul(op, da, div(op, op.input(1), squares(op))),
        (op, db) -> op.make("Neg", mul(op, db, div(op, op.input(0), squares(op)))));
    rules.put("ClipByValue", ElementwiseRules::clip);
  }

  /** The tangent of whichever of x and the bounds is the output. */
  private static List<Operand<?>> clip(ForwardOp op) {
    Operand<TNumber> sum = null;
    var low = op.make("Less", op.input(0), op.input(1));
    var high = op.make("Greater", op.input(0), op.input(2));
    Operand<?>[] chosen = {op.make("LogicalNot", op.make("LogicalOr", low, high)), low, high};
    for (int i = 0; i < 3; i++) {
      if (op.tangent(i) != null) {
        sum = op.sum(sum, op.make("SelectV2", chosen[i], op.tangent(i), op.constant(i, 0)));
      }
    }
    return Arrays.asList((Operand<?>) sum);
  }

  /** dx, broadcast like the output. */
  private static Operand<TNumber> expanded(ForwardOp op, Operand<TNumber> dx) {
    return op.tf().broadcastTo(dx, op.tf().shape(op.output(0)));
  }

  private static Operand<TNumber> nonzero(ForwardOp op) {
    return op.tf()
        .dtypes
        .cast(op.make("NotEqual", op.input(0), op.constant(0, 0)), op.input(0).type());
  }

  private static Operand<TNumber> squares(ForwardOp op) {
    return op.make("AddV2", square(op, op.input(0)), square(op, op.input(1)));
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
    // SoftsignGrad(g, x) = g / (1 + |x|)²
    binary(
        rules,
        "SoftsignGrad",
        (op, dg) -> op.make("SoftsignGrad", dg, op.input(1)),
        (op, dx) -> {
          var slope = mul(op, scaled(op, -2, op.make("Sign", op.input(1))), op.output(0));
          return mul(op, dx, div(op, slope, plus(op, op.make("Abs", op.input(1)), 1)));
        });
    // EluGrad(g, y) = g (y + 1) where y < 0, else g; SeluGrad likewise, with other constants
    for (String type : List.of("EluGrad", "SeluGrad")) {
      binary(
          rules,
          type,
          (op, dg) -> op.make(type, dg, op.input(1)),
          (op, dy) -> {
            var zero = op.constant(0, 0);
            var negative = op.make("Less", op.input(1), zero);
            return op.make("SelectV2", negative, mul(op, op.input(0), dy), zero);
          });
    }
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

  /** exp(c y²). */
  private static Operand<TNumber> growth(ForwardOp op, double c) {
    return op.make("Exp", scaled(op, c, square(op, op.output(0))));
  }

  private static Operand<TNumber> polygamma(
      ForwardOp op, Operand<TNumber> order, Operand<TNumber> x) {
    return op.make("Polygamma", op.tf().broadcastTo(order, op.tf().shape(x)), x);
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
