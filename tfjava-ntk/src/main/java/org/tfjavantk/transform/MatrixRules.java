package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;

/**
 * Inverses, solutions, factors and determinants of matrices. Giles, "Collected matrix derivative
 * results for forward and reverse mode algorithmic differentiation", 2008.
 */
final class MatrixRules {
  private MatrixRules() {}

  static void addTo(Map<String, JvpRule> rules) {
    rules.put("MatrixInverse", MatrixRules::inverse);
    rules.put("MatrixSolve", MatrixRules::solve);
    rules.put("MatrixTriangularSolve", MatrixRules::solve);
    rules.put("Cholesky", MatrixRules::cholesky);
    rules.put("LogMatrixDeterminant", op -> Arrays.asList(null, trace(op)));
    // det A tr(A⁻¹ Ȧ), for a regular A.
    rules.put("MatrixDeterminant", op -> one(op.make("Mul", op.output(0), trace(op))));
  }

  /** −X Ȧ X for X = A⁻¹, and −X Ȧᵀ X for X = A⁻ᵀ. */
  private static List<Operand<?>> inverse(ForwardOp op) {
    boolean adjoint = op.attribute("adjoint").getB();
    Operand<TNumber> x = op.output(0);
    Operand<TNumber> product =
        matmul(op, matmul(op, x, false, op.tangent(0), adjoint), false, x, false);
    return one(op.make("Neg", product));
  }

  /** A⁻¹ (Ḃ − Ȧ X) for X = A⁻¹ B; of a triangular matrix only that part is read. */
  private static List<Operand<?>> solve(ForwardOp op) {
    boolean adjoint = op.attribute("adjoint").getB();
    Operand<TNumber> right = op.tangent(1);
    if (op.tangent(0) != null) {
      Operand<TNumber> da = op.tangent(0);
      if (op.operation().type().equals("MatrixTriangularSolve")) {
        da = triangle(op, da, op.attribute("lower").getB());
      }
      Operand<TNumber> product = op.make("Neg", matmul(op, da, adjoint, op.output(0), false));
      right = op.sum(right, product);
    }
    var how =
        op.operation().type().equals("MatrixSolve")
            ? op.attributes("adjoint")
            : op.attributes("adjoint", "lower");
    return one(op.make(op.operation().type(), how, op.input(0), right));
  }

  /** L Φ(L⁻¹ Ȧ L⁻ᵀ) for A = L Lᵀ, where Φ takes the lower triangle with half of the diagonal. */
  private static List<Operand<?>> cholesky(ForwardOp op) {
    Operand<TNumber> factor = op.output(0);
    // Only the lower triangle of A is read.
    Operand<TNumber> lower = triangle(op, op.tangent(0), true);
    Operand<TNumber> strict = op.make("Sub", lower, diagonal(op, lower));
    Operand<TNumber> da = op.make("AddV2", lower, swapped(op, strict));
    Operand<TNumber> left = op.make("MatrixTriangularSolve", factor, da);
    Operand<TNumber> both = op.make("MatrixTriangularSolve", factor, swapped(op, left));
    Operand<TNumber> half = op.make("Mul", op.constant(0, 0.5), diagonal(op, both));
    Operand<TNumber> phi = op.make("Sub", triangle(op, both, true), half);
    return one(matmul(op, factor, false, phi, false));
  }

  /** tr(A⁻¹ Ȧ), the tangent of log |det A|; the sign is constant. */
  private static Operand<TNumber> trace(ForwardOp op) {
    Ops tf = op.tf();
    AttrValue yes = Attributes.flag(true);
    Operand<TNumber> inverse = op.make("MatrixInverse", Map.of("adjoint", yes), op.input(0));
    return tf.sum(op.make("Mul", inverse, op.tangent(0)), tf.constant(new int[] {-2, -1}));
  }

  private static Operand<TNumber> triangle(ForwardOp op, Operand<TNumber> x, boolean lower) {
    Ops tf = op.tf();
    return tf.linalg.bandPart(x, tf.constant(lower ? -1L : 0L), tf.constant(lower ? 0L : -1L));
  }

  private static Operand<TNumber> diagonal(ForwardOp op, Operand<TNumber> x) {
    return op.tf().linalg.bandPart(x, op.tf().constant(0L), op.tf().constant(0L));
  }

  /** The transpose of the last two axes. */
  private static Operand<TNumber> swapped(ForwardOp op, Operand<TNumber> x) {
    int rank = op.input(0).shape().numDimensions();
    int[] order = new int[rank];
    Arrays.setAll(order, i -> i < rank - 2 ? i : 2 * rank - 3 - i);
    return op.make("Transpose", x, op.tf().constant(order));
  }

  private static Operand<TNumber> matmul(
      ForwardOp op, Operand<TNumber> a, boolean adjointA, Operand<TNumber> b, boolean adjointB) {
    Map<String, AttrValue> how =
        Map.of(
            "adj_x", Attributes.flag(adjointA),
            "adj_y", Attributes.flag(adjointB));
    return op.make("BatchMatMulV2", how, a, b);
  }

  private static List<Operand<?>> one(Operand<TNumber> tangent) {
    return Arrays.asList((Operand<?>) tangent);
  }
}
