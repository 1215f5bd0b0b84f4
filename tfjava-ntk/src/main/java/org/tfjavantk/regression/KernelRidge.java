package org.tfjavantk.regression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.regression.RidgeOutcome.NotPositiveDefinite;
import org.tfjavantk.regression.RidgeOutcome.Solved;
import org.tfjavantk.regression.TrainingSystem.Fit;

/**
 * Kernel ridge regression of centred one-hot labels in float64.
 *
 * <p>A kernel with one output per class: {@code (K + λ I) a = y} with y of n·classes values, and
 * {@code f(x, c) = Σ_ic' K[(x,c), (i,c')] a[i, c']}. A kernel with one output: the same with n x
 * classes right-hand sides and {@code f(x, c) = Σ_i K[x, i] a[i, c]}. See Rasmussen and Williams,
 * "Gaussian Processes for Machine Learning", algorithm 2.1.
 *
 * <p>Without a validation kernel, a stratified part of the training examples is held out, every λ
 * is fitted on the others and evaluated on those held out, and the λ chosen is fitted again on all.
 * Cross-validation takes closed forms instead ({@link CrossValidation}). In memory, fits take one
 * matrix of the size of the training kernel in float64, cross-validation three; {@link
 * SystemChoice} says what is done with larger ones.
 */
public final class KernelRidge {
  private static final Logger LOG = LoggerFactory.getLogger(KernelRidge.class);

  /** Best accuracy, then smallest error, then largest ridge, on the validation examples alone. */
  private static final Comparator<Candidate> PREFERENCE =
      Comparator.<Candidate>comparingDouble(candidate -> -candidate.judged().accuracy())
          .thenComparingDouble(candidate -> candidate.judged().meanSquaredError())
          .thenComparingDouble(candidate -> -candidate.ridge());

  private final RegressionProblem problem;
  private final RidgeSearch search;
  private final SystemChoice system;
  private final StratifiedSplit split;
  private final RidgeOutcome[] outcomes;

  /** A ridge that could be solved; its scores come from later passes over the other kernels. */
  private record Candidate(
      int index, double ridge, Fit.Done fit, Scores validation, Scores test, boolean byTest) {
    Candidate scored(Scores validationScores, Scores testScores) {
      return new Candidate(index, ridge, fit, validationScores, testScores, byTest);
    }

    /** What counts in the choice; of one ridge there is none. */
    Scores judged() {
      Scores scores = byTest ? test : validation;
      return scores == null ? Scores.error(0) : scores;
    }

    Solved outcome() {
      return new Solved(ridge, fit.certificate(), fit.train(), validation, test);
    }
  }

  private KernelRidge(RegressionProblem problem, RidgeSearch search, SystemChoice system) {
    this.problem = problem;
    this.search = search;
    this.system = system.decided(problem.train().kernel().layout().rows());
    this.outcomes = new RidgeOutcome[search.ridges().length];
    this.split = holdsOut() ? heldOut() : StratifiedSplit.none(problem.examples());
    if (search.choice() == RidgeChoice.TEST && !testLabels()) {
      throw new UserException(
          "kernel_regression.choose_by: TEST needs a test kernel with labels; choose otherwise");
    }
  }

  private boolean holdsOut() {
    return search.choice() == RidgeChoice.VALIDATION
        && problem.validation() == null
        && system.holdsOut(search.ridges().length);
  }

  private StratifiedSplit heldOut() {
    return StratifiedSplit.draw(
        problem.train().labels(), problem.classes(), search.validationFraction(), search.seed());
  }

  private boolean testLabels() {
    return problem.test() != null && problem.test().labels() != null;
  }

  /**
   * Checks before any kernel is there that examples can be held out to choose the ridge.
   *
   * @param labels of the training examples of a problem without a validation kernel
   * @throws UserException when the classes have too few examples for the fraction
   */
  public static void requireHeldOut(int[] labels, int classes, RidgeSearch search) {
    StratifiedSplit.draw(labels, classes, search.validationFraction(), search.seed());
  }

  /**
   * Tries every ridge in memory, chooses one and fits it.
   *
   * @throws UserException when the matrix doesn't fit into memory, a kernel isn't complete, or no
   *     ridge makes the kernel positive definite; the message then says which ridge would
   */
  public static RegressionResult solve(
      RegressionProblem problem, RidgeSearch search, RegressionProgress progress) {
    return solve(problem, search, SystemChoice.inMemory(), progress);
  }

  /** As {@link #solve(RegressionProblem, RidgeSearch, RegressionProgress)} by another solver. */
  public static RegressionResult solve(
      RegressionProblem problem,
      RidgeSearch search,
      SystemChoice system,
      RegressionProgress progress) {
    return new KernelRidge(problem, search, system).solve(progress);
  }

  private RegressionResult solve(RegressionProgress progress) {
    double[] ridges = search.ridges();
    int total = ridges.length + 1;
    try (TrainingSystem training =
        search.choice().closedForm()
            ? new CrossValidation(problem, search)
            : system.open(problem, search.convention(), split)) {
      List<Candidate> fitted = new ArrayList<>();
      List<Fit> fits = training.fit(split.fit().length, ridges);
      for (int k = 0; k < ridges.length; k++) {
        if (fits.get(k) instanceof Fit.Done done) {
          boolean byTest = search.choice() == RidgeChoice.TEST;
          fitted.add(new Candidate(k, ridges[k], done, null, null, byTest));
        } else if (fits.get(k) instanceof Fit.Failed failed) {
          outcomes[k] = failed.why();
        }
        progress.advance(k + 1, total);
      }
      List<Candidate> scored = score(training, fitted);
      scored.forEach(candidate -> outcomes[candidate.index()] = candidate.outcome());
      RegressionResult result = finalFit(training, scored);
      progress.advance(total, total);
      return result;
    }
  }

  /** Adds the scores on the validation examples and on the test examples. */
  private List<Candidate> score(TrainingSystem training, List<Candidate> fitted) {
    List<Scores> validation = validationScores(training, fitted);
    List<Scores> test = testLabels() ? scores(problem.test(), fitted) : null;
    return IntStream.range(0, fitted.size())
        .mapToObj(
            k ->
                fitted
                    .get(k)
                    .scored(
                        validation == null ? null : validation.get(k),
                        test == null ? null : test.get(k)))
        .toList();
  }

  /** Null where there are none. */
  private List<Scores> validationScores(TrainingSystem training, List<Candidate> fitted) {
    if (training instanceof CrossValidation closed) {
      return fitted.stream().map(candidate -> closed.scores(candidate.ridge())).toList();
    }
    if (problem.validation() != null) {
      return scores(problem.validation(), fitted);
    }
    return split.heldOut().length == 0
        ? null
        : fitted.stream().map(candidate -> heldOutScores(candidate.fit())).toList();
  }

  private Scores heldOutScores(Fit.Done fit) {
    int[] labels = IntStream.of(split.heldOut()).map(e -> problem.train().labels()[e]).toArray();
    return Scores.of(fit.heldOutOutputs(), labels, problem.classes());
  }

  private List<Scores> scores(LabelledKernel examples, List<Candidate> fitted) {
    List<double[]> coefficients =
        fitted.stream().map(candidate -> candidate.fit().coefficients()).toList();
    return Predictor.outputs(examples.kernel(), coefficients, problem.rightHandSides()).stream()
        .map(outputs -> Scores.of(outputs, examples.labels(), problem.classes()))
        .toList();
  }

  /** Fits the best ridge on all training examples; the next best where that isn't possible. */
  private RegressionResult finalFit(TrainingSystem training, List<Candidate> scored) {
    List<NotPositiveDefinite> refitFailures = new ArrayList<>();
    for (Candidate best : scored.stream().sorted(PREFERENCE).toList()) {
      boolean onAllAlready = split.heldOut().length == 0;
      Fit fit =
          onAllAlready
              ? best.fit()
              : training.fit(problem.examples(), new double[] {best.ridge()}).get(0);
      if (fit instanceof Fit.Done done) {
        return result(best, done, refitFailures);
      } else if (fit instanceof Fit.Failed failed) {
        LOG.warn(
            "ridge {} was the best on the held-out examples, but the kernel of all training examples plus ridge is not positive definite (pivot {}); the next best is taken",
            best.ridge(),
            failed.why().pivot());
        refitFailures.add(failed.why());
      }
    }
    throw nothingLeft(training, refitFailures);
  }

  private RegressionResult result(
      Candidate best, Fit.Done fit, List<NotPositiveDefinite> refitFailures) {
    double[] testOutputs = {};
    Scores testScores = null;
    if (problem.test() != null) {
      testOutputs =
          Predictor.outputs(
                  problem.test().kernel(), List.of(fit.coefficients()), problem.rightHandSides())
              .get(0);
      int[] labels = problem.test().labels();
      testScores = labels == null ? null : Scores.of(testOutputs, labels, problem.classes());
    }
    Candidate chosen =
        new Candidate(best.index(), best.ridge(), fit, best.validation(), testScores, false);
    return new RegressionResult(
        List.of(outcomes),
        best.ridge(),
        split.heldOut(),
        refitFailures,
        chosen.outcome(),
        fit.coefficients(),
        testOutputs);
  }

  private UserException nothingLeft(
      TrainingSystem training, List<NotPositiveDefinite> refitFailures) {
    NotPositiveDefinite last =
        Stream.concat(Stream.of(outcomes), refitFailures.stream())
            .filter(NotPositiveDefinite.class::isInstance)
            .map(NotPositiveDefinite.class::cast)
            .max(Comparator.comparingDouble(NotPositiveDefinite::ridge))
            .orElseThrow();
    return new UserException(
        "%s: the kernel plus ridge is not positive definite for any ridge; at the largest, %s, %s; the smallest eigenvalue of the kernel is at most %g. A ridge of %s is enough: raise kernel_regression.ridge, or compute and store the kernel in a higher precision"
            .formatted(
                problem.train().kernel().directory(),
                last.ridge(),
                last.example() < 0
                    ? "%g was found".formatted(last.pivot())
                    : "pivot %g in the row of training example %d, output %d"
                        .formatted(last.pivot(), last.example(), last.output()),
                last.eigenvalueBound(),
                training.sufficientRidge(last.ridge())));
  }
}
