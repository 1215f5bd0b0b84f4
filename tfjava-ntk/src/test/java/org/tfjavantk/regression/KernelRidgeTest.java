package org.tfjavantk.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.regression.RidgeOutcome.Solved;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TestKernels;

class KernelRidgeTest {
  private static final int CLASSES = 3;
  private static final int TRAIN = 20;
  private static final int OTHERS = 13;
  private static final double[] RIDGES = {1e-3, 0.1, 1, 30};

  @TempDir Path folder;
  private int stores;

  private KernelStore store(double[][] kernel, int outputs, int tile, boolean symmetric) {
    KernelLayout layout =
        new KernelLayout(
            kernel.length / outputs,
            kernel[0].length / outputs,
            outputs,
            tile,
            symmetric,
            StorageType.FLOAT64);
    return TestKernels.store(folder.resolve("k" + stores++), layout, kernel);
  }

  private static void assertClose(double[] expected, double[] found) {
    double scale = 0;
    for (double value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertArrayEquals(expected, found, 1e-10 * scale);
  }

  private static void assertScores(Scores expected, Scores found) {
    assertEquals(expected.meanSquaredError(), found.meanSquaredError(), 1e-10);
    assertEquals(expected.accuracy(), found.accuracy());
  }

  private static Scores reference(double[][] outputs, int[] labels) {
    double error = 0;
    int right = 0;
    double[][] targets = Reference.targets(labels, CLASSES);
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int c = 0; c < CLASSES; c++) {
        error += Math.pow(outputs[i][c] - targets[i][c], 2) / labels.length;
        best = outputs[i][c] > outputs[i][best] ? c : best;
      }
      right += best == labels[i] ? 1 : 0;
    }
    return new Scores(error, right / (double) labels.length, Double.NaN);
  }

  /**
   * Every number of the result against an explicit solve in plain Java, with a validation kernel.
   */
  @ParameterizedTest
  @CsvSource({"1,7", "1,20", "1,64", "3,7", "3,5", "3,1"})
  void agreesWithAPlainSolveUsingAValidationKernel(int outputs, int tile) {
    Data data = Data.draw(TRAIN, OTHERS, OTHERS, CLASSES, 5);
    double[][] k = data.kernel(data.train(), data.train(), outputs);
    double[][] kv = data.kernel(data.validation(), data.train(), outputs);
    double[][] kt = data.kernel(data.test(), data.train(), outputs);
    RegressionProblem problem =
        new RegressionProblem(
            new LabelledKernel(store(k, outputs, tile, true), data.trainLabels()),
            new LabelledKernel(store(kv, outputs, tile, false), data.validationLabels()),
            new LabelledKernel(store(kt, outputs, tile, false), data.testLabels()),
            CLASSES);
    List<String> progress = new ArrayList<>();
    RegressionResult result =
        KernelRidge.solve(
            problem, new RidgeSearch(RIDGES, 0.2, 1), (d, t) -> progress.add(d + "/" + t));
    assertEquals(List.of("1/5", "2/5", "3/5", "4/5", "5/5"), progress);
    assertEquals(0, result.heldOut().length);
    for (int r = 0; r < RIDGES.length; r++) {
      double[][] a = Reference.solve(k, RIDGES[r], data.trainLabels(), CLASSES, outputs);
      Solved solved = assertInstanceOf(Solved.class, result.outcomes().get(r));
      assertEquals(RIDGES[r], solved.ridge());
      assertTrue(solved.relativeResidual() < 1e-12);
      double[][] f = Reference.outputs(k, a, CLASSES, outputs);
      assertScores(reference(f, data.trainLabels()), solved.train());
      double[][] fv = Reference.outputs(kv, a, CLASSES, outputs);
      assertScores(reference(fv, data.validationLabels()), solved.validation());
      double[][] ft = Reference.outputs(kt, a, CLASSES, outputs);
      assertScores(reference(ft, data.testLabels()), solved.test());
      if (RIDGES[r] == result.chosen()) {
        assertClose(Reference.flat(a), result.coefficients());
        assertClose(Reference.flat(ft), result.testOutputs());
        assertScores(solved.test(), result.finalFit().test());
      }
    }
    assertChosenByValidation(result);
  }

  private static void assertChosenByValidation(RegressionResult result) {
    Solved best =
        result.outcomes().stream()
            .map(Solved.class::cast)
            .min(
                Comparator.comparingDouble((Solved s) -> -s.validation().accuracy())
                    .thenComparingDouble(s -> s.validation().meanSquaredError()))
            .orElseThrow();
    assertEquals(best.ridge(), result.chosen());
    assertEquals(best.ridge(), result.finalFit().ridge());
    assertEquals(best.validation(), result.finalFit().validation());
  }

  /** The same without a validation kernel: fitted on the rest, then on all. */
  @ParameterizedTest
  @CsvSource({"1,7", "1,64", "3,7", "3,1"})
  void agreesWithAPlainSolveHoldingOutAPart(int outputs, int tile) {
    Data data = Data.draw(TRAIN, 1, OTHERS, CLASSES, 6);
    double[][] k = data.kernel(data.train(), data.train(), outputs);
    double[][] kt = data.kernel(data.test(), data.train(), outputs);
    RegressionProblem problem =
        new RegressionProblem(
            new LabelledKernel(store(k, outputs, tile, true), data.trainLabels()),
            null,
            new LabelledKernel(store(kt, outputs, tile, false), data.testLabels()),
            CLASSES);
    RegressionResult result =
        KernelRidge.solve(problem, new RidgeSearch(RIDGES, 0.3, 9), (d, t) -> {});
    int[] held = result.heldOut();
    assertTrue(held.length >= 5 && held.length <= 7);
    int[] fit =
        IntStream.range(0, TRAIN).filter(i -> IntStream.of(held).noneMatch(h -> h == i)).toArray();
    double[][] fitTrain = Data.pick(data.train(), fit);
    int[] fitLabels = IntStream.of(fit).map(i -> data.trainLabels()[i]).toArray();
    int[] heldLabels = IntStream.of(held).map(i -> data.trainLabels()[i]).toArray();
    double[][] kFit = data.kernel(fitTrain, fitTrain, outputs);
    double[][] kHeld = data.kernel(Data.pick(data.train(), held), fitTrain, outputs);
    double[][] kTestFit = data.kernel(data.test(), fitTrain, outputs);
    for (int r = 0; r < RIDGES.length; r++) {
      double[][] a = Reference.solve(kFit, RIDGES[r], fitLabels, CLASSES, outputs);
      Solved solved = assertInstanceOf(Solved.class, result.outcomes().get(r));
      assertScores(
          reference(Reference.outputs(kFit, a, CLASSES, outputs), fitLabels), solved.train());
      assertScores(
          reference(Reference.outputs(kHeld, a, CLASSES, outputs), heldLabels),
          solved.validation());
      assertScores(
          reference(Reference.outputs(kTestFit, a, CLASSES, outputs), data.testLabels()),
          solved.test());
    }
    assertChosenByValidation(result);
    double[][] all = Reference.solve(k, result.chosen(), data.trainLabels(), CLASSES, outputs);
    assertClose(Reference.flat(all), result.coefficients());
    double[][] f = Reference.outputs(kt, all, CLASSES, outputs);
    assertClose(Reference.flat(f), result.testOutputs());
    assertScores(reference(f, data.testLabels()), result.finalFit().test());
    assertTrue(result.refitFailures().isEmpty());
  }

  @Test
  void aLinearKernelIsPrimalRidgeRegression() {
    Data data = Data.draw(TRAIN, 1, OTHERS, CLASSES, 7);
    double[][] k = Reference.product(data.train(), Reference.transpose(data.train()));
    double[][] kt = Reference.product(data.test(), Reference.transpose(data.train()));
    RegressionResult result =
        KernelRidge.solve(
            new RegressionProblem(
                new LabelledKernel(store(k, 1, 6, true), data.trainLabels()),
                null,
                new LabelledKernel(store(kt, 1, 6, false), null),
                CLASSES),
            new RidgeSearch(new double[] {0.5}, 0.2, 1),
            (d, t) -> {});
    double[][] x = data.train();
    double[][] gram = Reference.product(Reference.transpose(x), x);
    double[][] right =
        Reference.product(Reference.transpose(x), Reference.targets(data.trainLabels(), CLASSES));
    double[][] weights = Reference.gauss(gram, 0.5, right);
    assertClose(Reference.flat(Reference.product(data.test(), weights)), result.testOutputs());
    assertNull(result.finalFit().test(), "no test labels, no test scores");
  }

  @Test
  void aHugeRidgePredictsThePrior() {
    Data data = Data.draw(TRAIN, 1, OTHERS, CLASSES, 8);
    for (int outputs : new int[] {1, CLASSES}) {
      double[][] k = data.kernel(data.train(), data.train(), outputs);
      double[][] kt = data.kernel(data.test(), data.train(), outputs);
      RegressionResult result =
          KernelRidge.solve(
              new RegressionProblem(
                  new LabelledKernel(store(k, outputs, 6, true), data.trainLabels()),
                  null,
                  new LabelledKernel(store(kt, outputs, 6, false), data.testLabels()),
                  CLASSES),
              new RidgeSearch(new double[] {1e13}, 0.2, 1),
              (d, t) -> {});
      for (double output : result.testOutputs()) {
        assertEquals(0, output, 1e-11);
      }
      assertEquals(1 - 1.0 / CLASSES, result.finalFit().test().meanSquaredError(), 1e-10);
    }
  }

  @Test
  void aKernelTimesTheIdentityIsOneKernelForAllOutputs() {
    Data data = Data.draw(TRAIN, 1, OTHERS, CLASSES, 9);
    List<RegressionResult> results = new ArrayList<>();
    for (int outputs : new int[] {1, CLASSES}) {
      double[][] k = Data.timesIdentity(data.kernel(data.train(), data.train(), 1), outputs);
      double[][] kt = Data.timesIdentity(data.kernel(data.test(), data.train(), 1), outputs);
      results.add(
          KernelRidge.solve(
              new RegressionProblem(
                  new LabelledKernel(store(k, outputs, 6, true), data.trainLabels()),
                  null,
                  new LabelledKernel(store(kt, outputs, 6, false), data.testLabels()),
                  CLASSES),
              new RidgeSearch(RIDGES, 0.25, 4),
              (d, t) -> {}));
    }
    assertEquals(results.get(0).chosen(), results.get(1).chosen());
    assertArrayEquals(results.get(0).heldOut(), results.get(1).heldOut());
    assertClose(results.get(0).coefficients(), results.get(1).coefficients());
    assertClose(results.get(0).testOutputs(), results.get(1).testOutputs());
  }

  @Test
  void testLabelsHaveNoPartInTheChoice() {
    Data data = Data.draw(TRAIN, 1, OTHERS, CLASSES, 10);
    double[][] k = data.kernel(data.train(), data.train(), 1);
    double[][] kt = data.kernel(data.test(), data.train(), 1);
    List<RegressionResult> results = new ArrayList<>();
    for (int shift : new int[] {0, 1, 2}) {
      int[] labels = IntStream.of(data.testLabels()).map(c -> (c + shift) % CLASSES).toArray();
      results.add(
          KernelRidge.solve(
              new RegressionProblem(
                  new LabelledKernel(store(k, 1, 6, true), data.trainLabels()),
                  null,
                  new LabelledKernel(store(kt, 1, 6, false), labels),
                  CLASSES),
              new RidgeSearch(RIDGES, 0.25, 4),
              (d, t) -> {}));
    }
    assertEquals(results.get(0).chosen(), results.get(1).chosen());
    assertEquals(results.get(0).chosen(), results.get(2).chosen());
  }

  @Test
  void ofEquallyGoodRidgesTheLargestIsChosen() {
    // Two clusters with kernel 1 within and 0 across, and a kernel of zeros for validation: every
    // ridge has the same validation scores.
    double[][] k = {{1, 0}, {0, 1}};
    double[][] kv = {{0, 0}};
    RegressionResult result =
        KernelRidge.solve(
            new RegressionProblem(
                new LabelledKernel(store(k, 1, 2, true), new int[] {0, 1}),
                new LabelledKernel(store(kv, 1, 2, false), new int[] {0}),
                null,
                2),
            new RidgeSearch(new double[] {1, 4, 2}, 0.2, 1),
            (d, t) -> {});
    assertEquals(4, result.chosen());
    assertEquals(0, result.testOutputs().length);
    assertArrayEquals(new double[] {0.1, -0.1, -0.1, 0.1}, result.coefficients(), 1e-16);
  }
}
