package org.tfjavantk.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.ShiftedCholesky.Factor;
import org.tfjavantk.solve.CholeskySolver;
import org.tfjavantk.solve.Solution;
import org.tfjavantk.store.DenseKernel;

/**
 * The training kernel in memory: fits on the first part of the split are those of the leading
 * block.
 */
final class RidgeSystem implements TrainingSystem {
  private static final Logger LOG = LoggerFactory.getLogger(RidgeSystem.class);
  private static final double SINGULAR = 0x1p-53;

  private final RegressionProblem problem;
  private final RidgeConvention convention;
  private final int[] order;
  private final int[] labels;
  private final CholeskySolver solver;

  RidgeSystem(RegressionProblem problem, RidgeConvention convention, StratifiedSplit split) {
    this.problem = problem;
    this.convention = convention;
    this.order = split.order();
    this.labels = IntStream.of(order).map(example -> problem.train().labels()[example]).toArray();
    this.solver =
        CholeskySolver.inPlace(
            DenseKernel.load(problem.train().kernel(), order),
            problem.train().kernel().directory().toString());
  }

  static int[] range(int n) {
    return IntStream.range(0, n).toArray();
  }

  @Override
  public List<Fit> fit(int examples, double[] ridges) {
    double factor = factor(examples);
    double[] shifts = Arrays.stream(ridges).map(ridge -> ridge * factor).toArray();
    int[] fitted = Arrays.copyOf(labels, examples);
    double[] targets = Targets.of(fitted, problem.classes());
    List<Fit> fits = new ArrayList<>();
    try (Matrix y = Targets.asMatrix(targets, problem.rightHandSides())) {
      List<Solution> solutions = solver.path(shifts, y);
      for (int k = 0; k < ridges.length; k++) {
        try (Solution solution = solutions.get(k)) {
          fits.add(
              solution instanceof Solution.Solved solved
                  ? done(ridges[k], solved, fitted)
                  : new Fit.Failed(failure(examples, ridges[k], shifts[k])));
        }
      }
    }
    return fits;
  }

  /** What a ridge of 1 adds to the diagonal of the leading block. */
  private double factor(int examples) {
    int rows = examples * problem.outputs();
    double mean = IntStream.range(0, rows).mapToDouble(solver::diagonal).sum() / rows;
    return convention.factor(examples, mean);
  }

  private Fit done(double ridge, Solution.Solved solved, int[] fitted) {
    double condition = solved.certificate().condition();
    if (condition > 1 / SINGULAR) {
      LOG.warn(
          "ridge {}: the kernel plus ridge is singular to working precision (condition number {}); a larger ridge gives certain coefficients",
          ridge,
          condition);
    }
    try (Matrix outputs = solver.multiply(solved.x());
        Matrix heldOut = solver.multiplyBelow(solved.x())) {
      return new Fit.Done(
          solved.certificate(),
          Scores.of(Targets.values(outputs), fitted, problem.classes()),
          Targets.values(heldOut),
          inStoreOrder(Targets.values(solved.x())));
    }
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

  private RidgeOutcome.NotPositiveDefinite failure(int examples, double ridge, double shift) {
    int outputs = problem.outputs();
    Factor factor = solver.factor(examples * outputs, shift);
    return new RidgeOutcome.NotPositiveDefinite(
        ridge,
        order[factor.failedPivot() / outputs],
        factor.failedPivot() % outputs,
        factor.pivot(),
        factor.eigenvalueBound() - shift);
  }

  /**
   * The smallest power of ten, above {@code tried} and above the rounding of the diagonal, that
   * makes the kernel of all training examples positive definite by more than rounding; found by
   * trying.
   */
  @Override
  public double sufficientRidge(double tried) {
    int rows = order.length * problem.outputs();
    double largest = IntStream.range(0, rows).mapToDouble(solver::diagonal).max().orElse(0);
    double factor = factor(order.length);
    double start = Math.max(Math.max(tried, 1e-12), rows * SINGULAR * largest / factor);
    int exponent = (int) Math.floor(Math.log10(start)) + 1;
    try (Matrix none = new Matrix(rows, 0)) {
      while (exponent < 300) {
        double ridge = Double.parseDouble("1e" + exponent);
        if (solver.factor(rows, ridge * factor).positiveDefinite()) {
          try (Solution solution = solver.solve(ridge * factor, none)) {
            if (solution.certificate().condition() < 1 / (rows * SINGULAR)) {
              return ridge;
            }
          }
        }
        exponent++;
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  @Override
  public void close() {
    solver.close();
  }
}
