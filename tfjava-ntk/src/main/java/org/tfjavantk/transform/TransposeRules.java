package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/** The transposes of elementwise operations and reductions. */
final class TransposeRules {
  private TransposeRules() {}

  /** x̄_i from the cotangent of the only output. */
  interface Partial {
    Operand<TNumber> cotangent(TransposeOp op, Operand<TNumber> g);
  }

  static void addTo(Map<String, TransposeRule> rules) {
    addElementwise(rules);
    addReductions(rules);
    StructureTransposes.addTo(rules);
    GatherTransposes.addTo(rules);
    ProductTransposes.addTo(rules);
    ImageTransposes.addTo(rules);
  }

  private static void addElementwise(Map<String, TransposeRule> rules) {
    for (String type :
        LinearRules.words(
            "Identity Snapshot CheckNumerics EnsureShape DeepCopy PlaceholderWithDefault GuaranteeConst")) {
      of(rules, type, 0, (op, g) -> g);
    }
    of(rules, "Neg", 0, (op, g) -> op.make("Neg", g));
    of(rules, "Cast", 0, (op, g) -> op.tf().dtypes.cast(g, op.input(0).type()));
    // Diagonal, hence symmetric: the operation itself, applied to the cotangent.
    symmetric(rules, 0, "ReluGrad Relu6Grad LeakyReluGrad EluGrad SeluGrad SoftplusGrad");
    symmetric(rules, 0, "SoftsignGrad MatrixBandPart ReverseV2");
    symmetric(rules, 1, "SigmoidGrad TanhGrad SqrtGrad RsqrtGrad ReciprocalGrad InvGrad");
    for (String type : List.of("Add", "AddV2")) {
      each(rules, type, (op, i, g) -> op.unbroadcast(i, g));
    }
    each(
        rules,
        "Sub",
        (op, i, g) -> {
          Operand<TNumber> sum = op.unbroadcast(i, g);
          return i == 0 ? sum : op.make("Neg", sum);
        });
    each(rules, "AddN", (op, i, g) -> g);
    for (String type : List.of("Mul", "MulNoNan")) {
      each(
          rules,
          type,
          (op, i, g) -> {
            requireOne(op);
            Operand<TNumber> other = op.input(1 - i);
            var product = i == 0 ? op.make(type, g, other) : op.make(type, other, g);
            return op.unbroadcast(i, product);
          });
    }
    for (String type : List.of("RealDiv", "Div", "DivNoNan")) {
      of(rules, type, 0, (op, g) -> op.unbroadcast(0, op.make(type, g, op.input(1))));
    }
    each(
        rules,
        "Cross",
        (op, i, g) -> {
          requireOne(op);
          var other = op.input(1 - i);
          return i == 0 ? op.make("Cross", other, g) : op.make("Cross", g, other);
        });
    each(
        rules,
        "Select",
        (op, i, g) -> {
          var zeros = op.make("ZerosLike", g);
          return i == 1
              ? op.make("Select", op.input(0), g, zeros)
              : op.make("Select", op.input(0), zeros, g);
        });
    each(
        rules,
        "SelectV2",
        (op, i, g) -> {
          var zero = op.constant(i, 0);
          var kept =
              i == 1
                  ? op.make("SelectV2", op.input(0), g, zero)
                  : op.make("SelectV2", op.input(0), zero, g);
          return op.unbroadcast(i, kept);
        });
  }

  private static void addReductions(Map<String, TransposeRule> rules) {
    of(rules, "Sum", 0, Broadcasting::spread);
    of(rules, "Mean", 0, (op, g) -> Broadcasting.spread(op, op.make("Mul", g, weight(op, g))));
    of(rules, "BroadcastTo", 0, (op, g) -> op.unbroadcast(0, g));
    of(rules, "Fill", 1, (op, g) -> total(op, g));
  }

  /** 1 over the number of entries in a mean. */
  private static Operand<TNumber> weight(TransposeOp op, Operand<TNumber> g) {
    long count = Broadcasting.reduced(op);
    if (count >= 0) {
      return op.constant(0, 1.0 / count);
    }
    var tf = op.tf();
    var many = tf.dtypes.cast(tf.reduceProd(op.shape(0), tf.constant(0)), op.input(0).type());
    return op.make("RealDiv", tf.dtypes.cast(tf.size(g), op.input(0).type()), many);
  }

  /** The sum of all entries. */
  static Operand<TNumber> total(TransposeOp op, Operand<TNumber> g) {
    var tf = op.tf();
    return tf.sum(tf.reshape(g, tf.constant(new int[] {-1})), tf.constant(0));
  }

  /** A rule for each of several inputs. */
  interface EachPartial {
    Operand<TNumber> cotangent(TransposeOp op, int i, Operand<TNumber> g);
  }

  /** A rule for an operation that is linear in several inputs. */
  static void each(Map<String, TransposeRule> rules, String type, EachPartial rule) {
    rules.put(
        type,
        op -> {
          Operand<?>[] result = new Operand<?>[op.operation().numInputs()];
          for (int i = 0; i < result.length; i++) {
            if (op.linear(i)) {
              result[i] = rule.cotangent(op, i, op.cotangent(0));
            }
          }
          return Arrays.asList(result);
        });
  }

  /** A rule for an operation that is linear in x_i alone. */
  static void of(Map<String, TransposeRule> rules, String type, int i, Partial rule) {
    rules.put(
        type,
        op -> {
          Operand<?>[] result = new Operand<?>[op.operation().numInputs()];
          for (int k = 0; k < result.length; k++) {
            if (op.linear(k) && k != i) {
              throw nonlinear(op);
            }
          }
          result[i] = rule.cotangent(op, op.cotangent(0));
          return Arrays.asList(result);
        });
  }

  private static void symmetric(Map<String, TransposeRule> rules, int i, String types) {
    for (String type : LinearRules.words(types)) {
      of(rules, type, i, (op, g) -> RuleOp.number(op.copyWith(i, g).output(0)));
    }
  }

  /** Refuses a product of two tangents. */
  static void requireOne(TransposeOp op) {
    int count = 0;
    for (int i = 0; i < op.operation().numInputs(); i++) {
      count += op.linear(i) ? 1 : 0;
    }
    if (count > 1) {
      throw nonlinear(op);
    }
  }

  private static UserException nonlinear(TransposeOp op) {
    return new UserException(
        "a forward-mode rule is not linear in the tangents: it wrote the operation "
            + op.operation().type()
            + " (node "
            + op.operation().name()
            + ") on them; correct the rule");
  }
}
