package org.tfjavantk.transform;

import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/** Cases for products, inverses, solutions and factors of matrices. */
final class MatrixRuleCases {
  private static final long[] SQUARE = {2, 3, 3};

  private final RuleCases cases;

  MatrixRuleCases(RuleCases cases) {
    this.cases = cases;
  }

  void add() {
    for (boolean a : new boolean[] {false, true}) {
      for (boolean b : new boolean[] {false, true}) {
        products(a, b);
      }
    }
    sums();
    for (boolean adjoint : new boolean[] {false, true}) {
      solutions(adjoint);
    }
    cases.any(
        "Cholesky", (tf, x) -> RuleCases.make(tf, "Cholesky", positive(tf, x.get(0))), SQUARE);
    cases.any(
        "MatrixDeterminant",
        (tf, x) -> RuleCases.make(tf, "MatrixDeterminant", regular(tf, x.get(0))),
        SQUARE);
    cases.any(
        "LogMatrixDeterminant",
        (tf, x) ->
            OpCopy.make(tf, "LogMatrixDeterminant", Map.of(), List.of(regular(tf, x.get(0))))
                .output(1),
        SQUARE);
  }

  private void products(boolean a, boolean b) {
    String name = " transposed " + a + " " + b;
    cases.any(
        "MatMul" + name,
        (tf, x) ->
            RuleCases.make(
                tf,
                "MatMul",
                Map.of("transpose_a", Attributes.flag(a), "transpose_b", Attributes.flag(b)),
                x),
        matrix(a, 3, 4),
        matrix(b, 4, 2));
    for (String type : List.of("BatchMatMul", "BatchMatMulV2", "BatchMatMulV3")) {
      AttrValue wide = AttrValue.newBuilder().setType(DataType.DT_DOUBLE).build();
      Map<String, AttrValue> how =
          type.endsWith("V3")
              ? Map.of("adj_x", Attributes.flag(a), "adj_y", Attributes.flag(b), "Tout", wide)
              : Map.of("adj_x", Attributes.flag(a), "adj_y", Attributes.flag(b));
      cases.any(
          type + name,
          (tf, x) -> RuleCases.make(tf, type, how, x),
          matrix(a, 3, 4, 2),
          matrix(b, 4, 2, 2));
      if (!type.equals("BatchMatMul")) {
        cases.any(
            type + name + " broadcast",
            (tf, x) -> RuleCases.make(tf, type, how, x),
            matrix(a, 3, 4, 2, 1),
            matrix(b, 4, 2, 3));
      }
    }
  }

  private void sums() {
    sum("ij,jk->ik", new long[] {3, 4}, new long[] {4, 2});
    sum("bqhd,bkhd->bhqk", new long[] {2, 3, 2, 4}, new long[] {2, 5, 2, 4});
    sum("abc,cde->abde", new long[] {2, 3, 4}, new long[] {4, 2, 2});
    sum("...ij,jk->...ik", new long[] {2, 3, 4}, new long[] {4, 2});
    sum("...ij,...jk->...ik", new long[] {2, 1, 3, 4}, new long[] {5, 4, 2});
    sum("i...,i->...", new long[] {3, 2, 4}, new long[] {3});
    sum("ijk,j->i", new long[] {2, 3, 4}, new long[] {3});
    sum("ij,kl->ik", new long[] {2, 3}, new long[] {4, 2});
    sum("iij,j->i", new long[] {3, 3, 2}, new long[] {2});
    sum("ijij,k->k", new long[] {2, 3, 2, 3}, new long[] {4});
    for (String equation : List.of("ij->ji", "ij->i", "ij->", "...i->i...")) {
      cases.any("Einsum " + equation, (tf, x) -> einsum(tf, equation, x), new long[] {3, 4});
    }
    cases.any("Einsum ii->", (tf, x) -> einsum(tf, "ii->", x), new long[] {3, 3});
    cases.any("Einsum ii->i", (tf, x) -> einsum(tf, "ii->i", x), new long[] {3, 3});
    cases.any("Einsum iii->i", (tf, x) -> einsum(tf, "iii->i", x), new long[] {3, 3, 3});
  }

  private void sum(String equation, long[] a, long[] b) {
    cases.any("Einsum " + equation, (tf, x) -> einsum(tf, equation, x), a, b);
  }

  private static Operand<?> einsum(Ops tf, String equation, List<? extends Operand<TFloat64>> x) {
    return tf.linalg.einsum(List.<Operand<TFloat64>>copyOf(x), equation);
  }

  private void solutions(boolean adjoint) {
    String name = " adjoint " + adjoint;
    cases.any(
        "MatrixInverse" + name,
        (tf, x) ->
            RuleCases.make(
                tf,
                "MatrixInverse",
                Map.of("adjoint", Attributes.flag(adjoint)),
                List.of(regular(tf, x.get(0)))),
        SQUARE);
    cases.any(
        "MatrixSolve" + name,
        (tf, x) ->
            RuleCases.make(
                tf,
                "MatrixSolve",
                Map.of("adjoint", Attributes.flag(adjoint)),
                List.of(regular(tf, x.get(0)), x.get(1))),
        SQUARE,
        new long[] {2, 3, 2});
    for (boolean lower : new boolean[] {false, true}) {
      cases.any(
          "MatrixTriangularSolve" + name + " lower " + lower,
          (tf, x) ->
              RuleCases.make(
                  tf,
                  "MatrixTriangularSolve",
                  Map.of("adjoint", Attributes.flag(adjoint), "lower", Attributes.flag(lower)),
                  List.of(regular(tf, x.get(0)), x.get(1))),
          SQUARE,
          new long[] {2, 3, 2});
    }
  }

  /** x + 4, on the diagonal: far from singular. */
  private static Operand<TNumber> regular(Ops tf, Operand<TFloat64> x) {
    double[][] shift = {{4, 0, 0}, {0, 4, 0}, {0, 0, 4}};
    return RuleOp.number(tf.math.add(tf.math.tanh(x), tf.constant(shift)));
  }

  /** A Aᵀ + 4. */
  private static Operand<TNumber> positive(Ops tf, Operand<TFloat64> x) {
    Operand<TNumber> product =
        RuleOp.number(
            RuleCases.make(
                tf, "BatchMatMulV2", Map.of("adj_y", Attributes.flag(true)), List.of(x, x)));
    @SuppressWarnings("unchecked")
    Operand<TFloat64> symmetric = (Operand<TFloat64>) (Operand<?>) product;
    double[][] shift = {{4, 0, 0}, {0, 4, 0}, {0, 0, 4}};
    return RuleOp.number(tf.math.add(symmetric, tf.constant(shift)));
  }

  private static long[] matrix(boolean transposed, int rows, int columns, long... batch) {
    long[] shape = java.util.Arrays.copyOf(batch, batch.length + 2);
    shape[batch.length] = transposed ? columns : rows;
    shape[batch.length + 1] = transposed ? rows : columns;
    return shape;
  }
}
