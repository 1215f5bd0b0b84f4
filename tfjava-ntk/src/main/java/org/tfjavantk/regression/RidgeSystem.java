package org.tfjavantk.regression;

import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.ShiftedCholesky;
import org.tfjavantk.linalg.ShiftedCholesky.Factor;
import org.tfjavantk.store.DenseKernel;

/**
 * The training kernel in memory, its examples in the order of a split, and its fits: on the first
 * part of the split or on all.
 */
final class RidgeSystem implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RidgeSystem.class);
  private static final double SINGULAR = 0x1p-53;

  private final RegressionProblem problem;
  private final int[] order;
  private final int[] labels;
  private final Matrix matrix;
  private final ShiftedCholesky cholesky;

  /** What comes of one fit; arrays are examples x classes, row-major. */
  sealed interface Fit {
    /** See {@link RidgeOutcome.Solved}; the held-out outputs are in the order of the split. */
    record Done(
        double relativeResidual,
        double reciprocalCondition,
        Scores train,
        double[] heldOutOutputs,
        double[] coefficients)
        implements Fit {}

    /** No factor. */
    record Failed(RidgeOutcome.NotPositiveDefinite why) implements Fit {}
  }

  RidgeSystem(RegressionProblem problem, StratifiedSplit split) {
    this.problem = problem;
    this.order = split.order();
    this.labels = IntStream.of(order).map(example -> problem.train().labels()[example]).toArray();
    this.matrix = DenseKernel.load(problem.train().kernel(), order);
    this.cholesky = new ShiftedCholesky(matrix);
  }

  static int[] range(int n) {
    return IntStream.range(0, n).toArray();
  }

  /** Fits the first {@code examples} examples of the order. */
  Fit fit(int examples, double ridge) {
    int size = examples * problem.outputs();
    Factor factor = cholesky.factor(size, ridge);
    if (!factor.positiveDefinite()) {
      return new Fit.Failed(failure(factor));
    }
    int[] fitted = java.util.Arrays.copyOf(labels, examples);
    int classes = problem.classes();
    double[] targets = Targets.of(fitted, classes);
    try (Matrix a = Targets.asMatrix(targets, problem.rightHandSides())) {
      cholesky.solve(a);
      try (Matrix outputs = cholesky.multiply(a);
          Matrix heldOut = cholesky.multiplyBelow(a)) {
        double[] coefficients = Targets.values(a);
        double[] trainOutputs = Targets.values(outputs);
        double residual = relativeResidual(trainOutputs, coefficients, targets, ridge);
        double condition = cholesky.reciprocalCondition().orElse(1);
        if (condition < SINGULAR) {
          LOG.warn(
              "ridge {}: the kernel plus ridge is singular to working precision (reciprocal condition {}); a larger ridge gives certain coefficients",
              ridge,
              condition);
        }
        return new Fit.Done(
            residual,
            condition,
            Scores.of(trainOutputs, fitted, classes),
            Targets.values(heldOut),
            inStoreOrder(coefficients));
      }
    }
  }

  private static double relativeResidual(
      double[] outputs, double[] coefficients, double[] targets, double ridge) {
    double squares = 0;
    double size = 0;
    for (int i = 0; i < targets.length; i++) {
      double residual = outputs[i] + ridge * coefficients[i] - targets[i];
      squares += residual * residual;
      size += targets[i] * targets[i];
    }
    double relative = Math.sqrt(squares / size);
    if (!Double.isFinite(relative)) {
      throw new ArithmeticException("ridge " + ridge + ": the solution is not finite");
    }
    return relative;
  }

  /** All training examples in the order of the store, zero where an example was not fitted. */
  private double[] inStoreOrder(double[] coefficients) {
    int classes = problem.classes();
    double[] all = new double[order.length * classes];
    for (int k = 0; k < coefficients.length / classes; k++) {
      System.arraycopy(coefficients, k * classes, all, order[k] * classes, classes);
    }
    return all;
  }

  private RidgeOutcome.NotPositiveDefinite failure(Factor factor) {
    int outputs = problem.outputs();
    return new RidgeOutcome.NotPositiveDefinite(
        factor.shift(),
        order[factor.failedPivot() / outputs],
        factor.failedPivot() % outputs,
        factor.pivot(),
        factor.eigenvalueBound() - factor.shift());
  }

  /**
   * The smallest power of ten, above {@code tried} and above the rounding of the diagonal, that
   * makes the kernel of all training examples positive definite by more than rounding; found by
   * trying.
   */
  double sufficientRidge(double tried) {
    double largest =
        IntStream.range(0, matrix.rows()).mapToDouble(cholesky::diagonal).max().orElse(0);
    double start = Math.max(Math.max(tried, 1e-12), matrix.rows() * SINGULAR * largest);
    int exponent = (int) Math.floor(Math.log10(start)) + 1;
    while (exponent < 300) {
      double ridge = Double.parseDouble("1e" + exponent);
      if (cholesky.factor(matrix.rows(), ridge).positiveDefinite()
          && cholesky.reciprocalCondition().orElse(1) > matrix.rows() * SINGULAR) {
        return ridge;
      }
      exponent++;
    }
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public void close() {
    matrix.close();
  }
}
