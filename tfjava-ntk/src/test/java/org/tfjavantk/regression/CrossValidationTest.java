package org.tfjavantk.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.regression.RidgeOutcome.Solved;
import org.tfjavantk.solve.ConjugateGradients;
import org.tfjavantk.solve.Preconditioners;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TestKernels;

class CrossValidationTest {
  private static final int CLASSES = 3;
  private static final int TRAIN = 24;
  private static final double[] RIDGES = {1e-2, 0.1, 0.3, 1, 3, 30, 100};

  @TempDir private Path folder;
  private int stores;

  private KernelStore store(double[][] kernel, int outputs, boolean symmetric) {
    KernelLayout layout =
        new KernelLayout(
            kernel.length / outputs,
            kernel[0].length / outputs,
            outputs,
            7,
            symmetric,
            StorageType.FLOAT64);
    return TestKernels.store(folder.resolve("k" + stores++), layout, kernel);
  }

  private RegressionProblem problem(Data data, int outputs) {
    double[][] k = data.kernel(data.train(), data.train(), outputs);
    double[][] kt = data.kernel(data.test(), data.train(), outputs);
    return new RegressionProblem(
        new LabelledKernel(store(k, outputs, true), data.trainLabels()),
        null,
        new LabelledKernel(store(kt, outputs, false), data.testLabels()),
        CLASSES);
  }

  private static RidgeSearch search(RidgeChoice choice, RidgeConvention convention) {
    return new RidgeSearch(RIDGES, convention, choice, 4, 0.25, 5);
  }

  private static RegressionResult solve(RegressionProblem problem, RidgeSearch search) {
    return KernelRidge.solve(problem, search, (done, total) -> {});
  }

  /** Every fold is left out, fitted without and predicted, in plain Java. */
  private static double[] explicit(
      double[][] k, int outputs, int[] labels, List<int[]> folds, double shift) {
    double[] predicted = new double[labels.length * CLASSES];
    for (int[] fold : folds) {
      int[] rest =
          IntStream.range(0, labels.length)
              .filter(e -> IntStream.of(fold).noneMatch(f -> f == e))
              .toArray();
      int[] restLabels = IntStream.of(rest).map(e -> labels[e]).toArray();
      double[][] a =
          Reference.solve(block(k, outputs, rest, rest), shift, restLabels, CLASSES, outputs);
      double[] f =
          Reference.flat(Reference.outputs(block(k, outputs, fold, rest), a, CLASSES, outputs));
      for (int j = 0; j < fold.length; j++) {
        System.arraycopy(f, j * CLASSES, predicted, fold[j] * CLASSES, CLASSES);
      }
    }
    return predicted;
  }

  private static double[][] block(double[][] k, int outputs, int[] rows, int[] columns) {
    double[][] block = new double[rows.length * outputs][columns.length * outputs];
    for (int i = 0; i < block.length; i++) {
      for (int j = 0; j < block[i].length; j++) {
        block[i][j] =
            k[rows[i / outputs] * outputs + i % outputs][
                columns[j / outputs] * outputs + j % outputs];
      }
    }
    return block;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, CLASSES})
  void closedFormsAreTheExplicitLoops(int outputs) {
    Data data = Data.draw(TRAIN, 1, 9, CLASSES, 5);
    double[][] k = data.kernel(data.train(), data.train(), outputs);
    int[] labels = data.trainLabels();
    for (RidgeChoice choice : List.of(RidgeChoice.LEAVE_ONE_OUT, RidgeChoice.K_FOLD)) {
      RegressionResult result =
          solve(problem(data, outputs), search(choice, RidgeConvention.LAMBDA));
      List<int[]> folds =
          choice == RidgeChoice.K_FOLD ? Folds.draw(labels, CLASSES, 4, 5) : Folds.single(TRAIN);
      for (RidgeOutcome outcome : result.outcomes()) {
        Solved solved = assertInstanceOf(Solved.class, outcome);
        Scores expected =
            Scores.of(explicit(k, outputs, labels, folds, solved.ridge()), labels, CLASSES);
        assertEquals(expected.meanSquaredError(), solved.validation().meanSquaredError(), 1e-9);
        assertEquals(expected.accuracy(), solved.validation().accuracy());
        assertEquals(expected.rSquared(), solved.validation().rSquared(), 1e-9);
      }
      assertFinalFit(data, k, outputs, result);
    }
  }

  private static void assertFinalFit(
      Data data, double[][] k, int outputs, RegressionResult result) {
    double shift = result.finalFit().certificate().ridge();
    double[] a = Reference.flat(Reference.solve(k, shift, data.trainLabels(), CLASSES, outputs));
    double scale = Arrays.stream(a).map(Math::abs).max().orElseThrow();
    assertArrayEquals(a, result.coefficients(), 1e-9 * scale);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, CLASSES})
  void generalizedCrossValidationIsItsDefinition(int outputs) {
    Data data = Data.draw(TRAIN, 1, 9, CLASSES, 6);
    double[][] k = data.kernel(data.train(), data.train(), outputs);
    int n = k.length;
    RegressionResult result =
        solve(problem(data, outputs), search(RidgeChoice.GCV, RidgeConvention.LAMBDA));
    double best = Double.POSITIVE_INFINITY;
    double bestRidge = 0;
    double[][] identity = new double[n][n];
    for (int i = 0; i < n; i++) {
      identity[i][i] = 1;
    }
    for (RidgeOutcome outcome : result.outcomes()) {
      Solved solved = assertInstanceOf(Solved.class, outcome);
      double ridge = solved.ridge();
      // I - H = λ (K + λ I)⁻¹.
      double[][] inverse = Reference.gauss(k, ridge, identity);
      double trace = IntStream.range(0, n).mapToDouble(i -> ridge * inverse[i][i]).sum();
      double[][] a = Reference.solve(k, ridge, data.trainLabels(), CLASSES, outputs);
      double residual = Arrays.stream(Reference.flat(a)).map(x -> ridge * ridge * x * x).sum();
      double expected = residual / n / (trace / n * (trace / n));
      assertEquals(expected, solved.validation().meanSquaredError(), 1e-10 * expected);
      if (expected < best) {
        best = expected;
        bestRidge = ridge;
      }
    }
    assertEquals(bestRidge, result.chosen());
    assertFinalFit(data, k, outputs, result);
  }

  @ParameterizedTest
  @EnumSource(RidgeConvention.class)
  void conventionsSayWhatIsAdded(RidgeConvention convention) {
    Data data = Data.draw(TRAIN, 1, 9, CLASSES, 7);
    double[][] k = data.kernel(data.train(), data.train(), CLASSES);
    double trace = IntStream.range(0, k.length).mapToDouble(i -> k[i][i]).sum();
    double factor =
        switch (convention) {
          case LAMBDA -> 1;
          case N_LAMBDA -> TRAIN;
          case TRACE_LAMBDA -> trace / k.length;
        };
    for (RidgeChoice choice : List.of(RidgeChoice.VALIDATION, RidgeChoice.GCV)) {
      RegressionResult result = solve(problem(data, CLASSES), search(choice, convention));
      assertEquals(
          factor * result.chosen(),
          result.finalFit().certificate().ridge(),
          1e-12 * factor * result.chosen());
      assertFinalFit(data, k, CLASSES, result);
    }
  }

  @Test
  void theTestSetChoosesWhenAskedByName() {
    Data data = Data.draw(TRAIN, 1, 40, CLASSES, 8);
    RegressionResult result =
        solve(problem(data, 1), search(RidgeChoice.TEST, RidgeConvention.LAMBDA));
    double best =
        result.outcomes().stream()
            .mapToDouble(o -> ((Solved) o).test().accuracy())
            .max()
            .orElseThrow();
    assertEquals(best, result.finalFit().test().accuracy());
    assertEquals(0, result.heldOut().length);
    RegressionProblem unlabelled =
        new RegressionProblem(problem(data, 1).train(), null, null, CLASSES);
    assertThrows(
        UserException.class,
        () -> solve(unlabelled, search(RidgeChoice.TEST, RidgeConvention.LAMBDA)));
  }

  @Test
  void otherSolversGiveTheSameFit() {
    Data data = Data.draw(TRAIN, 1, 9, CLASSES, 9);
    for (int outputs : new int[] {1, CLASSES}) {
      RegressionProblem problem = problem(data, outputs);
      RidgeSearch path = new RidgeSearch(RIDGES, 0.25, 5);
      RidgeSearch one = new RidgeSearch(new double[] {0.3}, 0.25, 5);
      ConjugateGradients.Settings settings =
          ConjugateGradients.Settings.of(1e-12, 1000, Preconditioners.Kind.NYSTROM, 10);
      RegressionResult expected = solve(problem, path);
      RegressionResult iterated =
          KernelRidge.solve(
              problem,
              path,
              new SystemChoice(
                  SystemChoice.Kind.CONJUGATE_GRADIENTS, 0, folder, settings, (d, t) -> {}),
              (d, t) -> {});
      assertArrayEquals(expected.heldOut(), iterated.heldOut());
      assertEquals(expected.chosen(), iterated.chosen());
      assertArrayEquals(expected.testOutputs(), iterated.testOutputs(), 1e-8);
      for (int k = 0; k < RIDGES.length; k++) {
        Scores a = ((Solved) expected.outcomes().get(k)).validation();
        Scores b = ((Solved) iterated.outcomes().get(k)).validation();
        assertEquals(a.meanSquaredError(), b.meanSquaredError(), 1e-8);
      }
      SystemChoice onDisk =
          new SystemChoice(
              SystemChoice.Kind.OUT_OF_CORE,
              1L << 20,
              folder.resolve("factors" + outputs),
              null,
              (d, t) -> {});
      RegressionResult factored = KernelRidge.solve(problem, one, onDisk, (d, t) -> {});
      assertArrayEquals(solve(problem, one).testOutputs(), factored.testOutputs(), 1e-10);
      UserException refused =
          assertThrows(
              UserException.class, () -> KernelRidge.solve(problem, path, onDisk, (d, t) -> {}));
      assertTrue(refused.getMessage().contains("give one ridge"), refused.getMessage());
    }
  }

  @Test
  void indefiniteKernelsAreReportedByEverySolver() {
    double[][] k = {{1, 2}, {2, 1}};
    RegressionProblem problem =
        new RegressionProblem(
            new LabelledKernel(store(k, 1, true), new int[] {0, 1}), null, null, 2);
    RidgeSearch loo =
        new RidgeSearch(
            new double[] {0.5, 3}, RidgeConvention.LAMBDA, RidgeChoice.LEAVE_ONE_OUT, 2, 0.5, 1);
    RegressionResult result = solve(problem, loo);
    assertInstanceOf(RidgeOutcome.NotPositiveDefinite.class, result.outcomes().get(0));
    assertEquals(3, result.chosen());
    RidgeSearch none =
        new RidgeSearch(
            new double[] {0.5}, RidgeConvention.LAMBDA, RidgeChoice.LEAVE_ONE_OUT, 2, 0.5, 1);
    String message = assertThrows(UserException.class, () -> solve(problem, none)).getMessage();
    assertTrue(message.contains("A ridge of 10.0 is enough"), message);
  }

  @Test
  void foldsAreStratifiedAndDrawnWithTheSeed() {
    int[] labels = IntStream.range(0, 50).map(i -> i < 30 ? 0 : i < 45 ? 1 : 2).toArray();
    List<int[]> folds = Folds.draw(labels, 3, 5, 1);
    for (int[] fold : folds) {
      assertArrayEquals(
          new long[] {6, 3, 1},
          IntStream.range(0, 3)
              .mapToLong(c -> IntStream.of(fold).filter(e -> labels[e] == c).count())
              .toArray());
    }
    assertArrayEquals(
        IntStream.range(0, 50).toArray(),
        folds.stream().flatMapToInt(IntStream::of).sorted().toArray());
    assertTrue(!Arrays.equals(folds.get(0), Folds.draw(labels, 3, 5, 2).get(0)));
    assertThrows(UserException.class, () -> Folds.draw(labels, 3, 51, 1));
  }

  @Test
  void aModelIsSavedLoadedAndApplied() {
    Data data = Data.draw(TRAIN, 1, 9, CLASSES, 10);
    for (int outputs : new int[] {1, CLASSES}) {
      RegressionProblem problem = problem(data, outputs);
      RegressionResult result = solve(problem, new RidgeSearch(RIDGES, 0.25, 5));
      Path place = folder.resolve("model" + outputs);
      FittedModel.of(problem, result).save(place);
      FittedModel model = FittedModel.load(place);
      assertEquals(result.chosen(), model.about().ridge());
      assertArrayEquals(result.testOutputs(), model.apply(problem.test().kernel()));
      assertEquals(result.finalFit().test(), model.score(problem.test()));
      KernelStore wrong = store(new double[3 * outputs][5 * outputs], outputs, false);
      assertThrows(UserException.class, () -> model.apply(wrong));
    }
    assertThrows(UserException.class, () -> FittedModel.load(folder));
  }
}
