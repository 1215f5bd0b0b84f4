package org.tfjavantk.transform;

import java.util.LinkedHashMap;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;

/** The transposes of matrix products. */
final class ProductTransposes {
  private ProductTransposes() {}

  static void addTo(Map<String, TransposeRule> rules) {
    Convolutions.addTo(rules);
    add(rules, "MatMul", "transpose_a", "transpose_b");
    for (String type : LinearRules.words("BatchMatMul BatchMatMulV2 BatchMatMulV3")) {
      add(rules, type, "adj_x", "adj_y");
    }
    TransposeRules.each(rules, "Einsum", EinsumTranspose::of);
    solve(rules, "MatrixSolve");
    solve(rules, "MatrixTriangularSolve", "lower");
  }

  private static void add(
      Map<String, TransposeRule> rules, String type, String left, String right) {
    TransposeRules.each(
        rules,
        type,
        (op, i, g) -> {
          TransposeRules.requireOne(op);
          boolean a = op.attribute(left).getB();
          boolean b = op.attribute(right).getB();
          Operand<TNumber> other = op.input(1 - i);
          Map<String, AttrValue> how = new LinkedHashMap<>();
          if (type.equals("BatchMatMulV3")) {
            how.put("Tout", op.attribute(i == 0 ? "Ta" : "Tb"));
          }
          Operand<TNumber> result;
          if (i == 0) {
            // A = G Bᵀ for Y = A B; its transpose B Gᵀ for Y = Aᵀ B.
            how.put(left, Attributes.flag(a && b));
            how.put(right, Attributes.flag(a || !b));
            result = a ? op.make(type, how, other, g) : op.make(type, how, g, other);
          } else {
            how.put(left, Attributes.flag(b || !a));
            how.put(right, Attributes.flag(a && b));
            result = b ? op.make(type, how, g, other) : op.make(type, how, other, g);
          }
          return type.equals("MatMul") ? result : op.unbroadcast(i, result);
        });
  }

  /** A⁻ᵀ G, for Y = A⁻¹ B. */
  private static void solve(Map<String, TransposeRule> rules, String type, String... same) {
    TransposeRules.of(
        rules,
        type,
        1,
        (op, g) -> {
          Map<String, AttrValue> how = new LinkedHashMap<>(op.attributes(same));
          how.put("adjoint", Attributes.flag(!op.attribute("adjoint").getB()));
          return op.make(type, how, op.input(0), g);
        });
  }
}
