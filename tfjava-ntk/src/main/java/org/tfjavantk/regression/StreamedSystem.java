package org.tfjavantk.regression;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.solve.ConjugateGradients;
import org.tfjavantk.solve.KernelSource;
import org.tfjavantk.solve.Solution;
import org.tfjavantk.solve.Solver;
import org.tfjavantk.solve.StoreSource;
import org.tfjavantk.solve.SubsetSource;
import org.tfjavantk.solve.TiledSolver;
import org.tfjavantk.store.KernelStore;

/** The training kernel on disk, solved by products with it or by a factor beside it. */
final class StreamedSystem implements TrainingSystem {
  private final RegressionProblem problem;
  private final RidgeConvention convention;
  private final SystemChoice choice;
  private final int[] order;
  private final KernelStore store;
  private final StoreSource source;
  private final double[] diagonal;

  StreamedSystem(
      RegressionProblem problem,
      RidgeConvention convention,
      StratifiedSplit split,
      SystemChoice choice) {
    this.problem = problem;
    this.convention = convention;
    this.choice = choice;
    this.order = split.order();
    this.store = problem.train().kernel();
    this.source = new StoreSource(store);
    this.diagonal = source.diagonal();
  }

  @Override
  public List<Fit> fit(int examples, double[] ridges) {
    int[] fitted = Arrays.copyOf(order, examples);
    int[] rows = rows(fitted);
    SubsetSource subset = new SubsetSource(source, rows);
    int[] labels = IntStream.of(fitted).map(e -> problem.train().labels()[e]).toArray();
    double[] targets = Targets.of(labels, problem.classes());
    double mean = IntStream.of(rows).mapToDouble(row -> diagonal[row]).sum() / rows.length;
    double factor = convention.factor(examples, mean);
    List<Fit> fits = new ArrayList<>();
    try (Matrix y = Targets.asMatrix(targets, problem.rightHandSides());
        Solver solver = solver(subset)) {
      for (double ridge : ridges) {
        try (Solution solution = solver.solve(ridge * factor, y)) {
          fits.add(fit(ridge, ridge * factor, solution, subset, labels));
        }
      }
    }
    return fits;
  }

  private int[] rows(int[] examples) {
    int outputs = problem.outputs();
    return IntStream.of(examples)
        .flatMap(e -> IntStream.range(e * outputs, (e + 1) * outputs))
        .toArray();
  }

  private Solver solver(SubsetSource subset) {
    if (choice.kind() == SystemChoice.Kind.OUT_OF_CORE) {
      return new TiledSolver(store, choice.scratch(), choice.budget(), choice.progress());
    }
    KernelSource all = subset.size() == source.size() && inOrder(subset.rows()) ? source : subset;
    return ConjugateGradients.of(all, choice.iteration());
  }

  private static boolean inOrder(int[] rows) {
    return IntStream.range(0, rows.length).allMatch(k -> rows[k] == k);
  }

  private Fit fit(
      double ridge, double shift, Solution solution, SubsetSource subset, int[] labels) {
    if (solution instanceof Solution.Failed failed) {
      if (failed.certificate().positiveDefinite()) {
        throw new UserException(failed.message());
      }
      double found = failed.certificate().smallest();
      return new Fit.Failed(
          new RidgeOutcome.NotPositiveDefinite(ridge, -1, -1, found, found - shift));
    }
    Solution.Solved solved = (Solution.Solved) solution;
    try (Matrix whole = subset.scattered(solved.x());
        Matrix outputs = new Matrix(whole.rows(), whole.columns())) {
      source.times(whole, outputs);
      double[] all = Targets.values(outputs);
      int fitted = labels.length;
      return new Fit.Done(
          solved.certificate(),
          Scores.of(ordered(all, 0, fitted), labels, problem.classes()),
          ordered(all, fitted, order.length),
          Targets.values(whole));
    }
  }

  /** The values of some examples of the order. */
  private double[] ordered(double[] all, int from, int to) {
    int classes = problem.classes();
    double[] some = new double[(to - from) * classes];
    for (int k = from; k < to; k++) {
      System.arraycopy(all, order[k] * classes, some, (k - from) * classes, classes);
    }
    return some;
  }

  /** Above what was tried and above the rounding of the largest possible eigenvalue, the trace. */
  @Override
  public double sufficientRidge(double tried) {
    double trace = Arrays.stream(diagonal).sum();
    double rounding = diagonal.length * 0x1p-53 * trace;
    double start =
        Math.max(tried, rounding / convention.factor(order.length, trace / diagonal.length));
    return Double.parseDouble("1e" + ((int) Math.floor(Math.log10(start)) + 2));
  }

  @Override
  public void close() {
    // The kernel stays where it is.
  }
}
