package org.tfjavantk.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.ShiftedCholesky;
import org.tfjavantk.solve.EigenSolver;
import org.tfjavantk.solve.Solution;
import org.tfjavantk.solve.StoreSource;

/**
 * Cross-validation without fitting again: with {@code G = (K + λ I)⁻¹} and {@code a = G y} of all
 * examples, the fit without the examples F errs there by {@code y_F − f_F = (G_FF)⁻¹ a_F}, and
 * generalized cross-validation is {@code N ‖a‖² / (tr G)²}, all from one eigendecomposition
 * (Pahikkala et al., "Fast n-fold cross-validation for regularized least-squares", 2006; Golub,
 * Heath and Wahba, 1979). What λ adds to the diagonal is that of all examples in every fold.
 */
final class CrossValidation implements TrainingSystem {
  private final RegressionProblem problem;
  private final RidgeSearch search;
  private final StoreSource source;
  private final EigenSolver solver;
  private final double factor;
  private final double[] targets;

  CrossValidation(RegressionProblem problem, RidgeSearch search) {
    this.problem = problem;
    this.search = search;
    this.source = new StoreSource(problem.train().kernel());
    this.targets = Targets.of(problem.train().labels(), problem.classes());
    double trace = Arrays.stream(source.diagonal()).sum();
    this.factor = search.convention().factor(problem.examples(), trace / source.size());
    this.solver = EigenSolver.of(source);
  }

  /** All examples, always. */
  @Override
  public List<Fit> fit(int examples, double[] ridges) {
    List<Fit> fits = new ArrayList<>();
    try (Matrix y = Targets.asMatrix(targets, problem.rightHandSides())) {
      for (double ridge : ridges) {
        try (Solution solution = solver.solve(ridge * factor, y)) {
          fits.add(
              solution instanceof Solution.Solved solved ? done(ridge, solved) : failed(ridge));
        }
      }
    }
    return fits;
  }

  private Fit done(double ridge, Solution.Solved solved) {
    double[] coefficients = Targets.values(solved.x());
    double[] outputs = new double[targets.length];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = targets[i] - ridge * factor * coefficients[i];
    }
    int[] labels = problem.train().labels();
    Scores train = Scores.of(outputs, labels, problem.classes());
    return new Fit.Done(solved.certificate(), train, new double[0], coefficients);
  }

  private Fit failed(double ridge) {
    double smallest = solver.eigenvalues()[0];
    return new Fit.Failed(
        new RidgeOutcome.NotPositiveDefinite(ridge, -1, -1, smallest + ridge * factor, smallest));
  }

  /** By which the ridge is judged: one of those that could be fitted. */
  Scores scores(double ridge) {
    double[] coefficients;
    try (Matrix y = Targets.asMatrix(targets, problem.rightHandSides());
        Matrix a = solver.apply(value -> 1 / (value + ridge * factor), y)) {
      coefficients = Targets.values(a);
    }
    return switch (search.choice()) {
      case GCV -> Scores.error(generalized(ridge * factor, coefficients));
      case K_FOLD ->
          left(
              ridge * factor,
              coefficients,
              Folds.draw(
                  problem.train().labels(), problem.classes(), search.folds(), search.seed()));
      default -> left(ridge * factor, coefficients, Folds.single(problem.examples()));
    };
  }

  private double generalized(double shift, double[] coefficients) {
    double squares = Arrays.stream(coefficients).map(a -> a * a).sum();
    double trace = solver.inverseTrace(shift);
    return source.size() * squares / (trace * trace);
  }

  /** The scores of what is predicted of every fold without it. */
  private Scores left(double shift, double[] coefficients, List<int[]> folds) {
    double[] outputs = targets.clone();
    boolean single = problem.outputs() == 1 && folds.size() == problem.examples();
    double[] inverse = single ? solver.inverseDiagonal(shift) : null;
    int classes = problem.classes();
    for (int[] fold : folds) {
      if (single) {
        for (int c = 0; c < classes; c++) {
          int at = fold[0] * classes + c;
          outputs[at] -= coefficients[at] / inverse[fold[0]];
        }
      } else {
        leaveOut(shift, coefficients, fold, outputs);
      }
    }
    return Scores.of(outputs, problem.train().labels(), classes);
  }

  /** {@code outputs_F -= (G_FF)⁻¹ a_F} with {@code G_FF = V_F (Λ + λ I)⁻¹ V_Fᵀ}. */
  private void leaveOut(double shift, double[] coefficients, int[] fold, double[] outputs) {
    int classes = problem.classes();
    int rightHandSides = problem.rightHandSides();
    int[] rows =
        IntStream.of(fold)
            .flatMap(e -> IntStream.range(e * problem.outputs(), (e + 1) * problem.outputs()))
            .toArray();
    int m = rows.length;
    try (Matrix half = weighted(shift, rows);
        Matrix block = new Matrix(m, m);
        Matrix error = new Matrix(m, rightHandSides)) {
      Matrix.product(1, half, true, half, false, 0, block);
      for (int k = 0; k < m; k++) {
        error.setRow(k, 0, coefficients, rows[k] * rightHandSides, rightHandSides);
      }
      ShiftedCholesky cholesky = new ShiftedCholesky(block);
      if (!cholesky.factor(m, 0).positiveDefinite()) {
        throw new ArithmeticException(
            "the inverse of the kernel plus ridge is not positive definite for a fold");
      }
      cholesky.solve(error);
      double[] values = Targets.values(error);
      for (int k = 0; k < fold.length; k++) {
        for (int c = 0; c < classes; c++) {
          outputs[fold[k] * classes + c] -= values[k * classes + c];
        }
      }
    }
  }

  /** {@code (Λ + λ I)^(-1/2) V_Fᵀ}: a row for every eigenvalue. */
  private Matrix weighted(double shift, int[] rows) {
    double[] eigenvalues = solver.eigenvalues();
    Matrix half = new Matrix(eigenvalues.length, rows.length);
    double[] v = new double[eigenvalues.length];
    double[] chosen = new double[rows.length];
    for (int k = 0; k < eigenvalues.length; k++) {
      solver.eigenvectors().getRow(k, 0, v, 0, v.length);
      double weight = 1 / Math.sqrt(eigenvalues[k] + shift);
      for (int j = 0; j < rows.length; j++) {
        chosen[j] = weight * v[rows[j]];
      }
      half.setRow(k, chosen);
    }
    return half;
  }

  /** A power of ten above what was tried and above minus the smallest eigenvalue. */
  @Override
  public double sufficientRidge(double tried) {
    double[] eigenvalues = solver.eigenvalues();
    double largest = Math.abs(eigenvalues[eigenvalues.length - 1]);
    double needed = Math.max(-2 * eigenvalues[0], eigenvalues.length * 0x1p-53 * largest) / factor;
    double start = Math.max(Math.max(tried, 1e-12), needed);
    return Double.parseDouble("1e" + ((int) Math.floor(Math.log10(start)) + 1));
  }

  @Override
  public void close() {
    solver.close();
  }
}
