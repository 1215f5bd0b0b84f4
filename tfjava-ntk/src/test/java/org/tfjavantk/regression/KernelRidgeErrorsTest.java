package org.tfjavantk.regression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.regression.RidgeOutcome.NotPositiveDefinite;
import org.tfjavantk.regression.RidgeOutcome.Solved;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TestKernels;

class KernelRidgeErrorsTest {
  @TempDir Path folder;
  private int stores;

  private LabelledKernel kernel(double[][] matrix, boolean symmetric, int... labels) {
    KernelLayout layout =
        new KernelLayout(matrix.length, matrix[0].length, 1, 3, symmetric, StorageType.FLOAT64);
    return new LabelledKernel(
        TestKernels.store(folder.resolve("k" + stores++), layout, matrix), labels);
  }

  private static RegressionResult solve(
      LabelledKernel train, LabelledKernel validation, double... ridges) {
    return KernelRidge.solve(
        new RegressionProblem(train, validation, null, 2),
        new RidgeSearch(ridges, 0.34, 1),
        (done, total) -> {});
  }

  private static void assertRefused(String part, Executable work) {
    String message = assertThrows(UserException.class, work).getMessage();
    assertTrue(message.contains(part), message);
  }

  /** Eigenvalues 3 and -1. */
  private static final double[][] INDEFINITE = {{1, 2}, {2, 1}};

  @Test
  void ridgesThatDoNotMakeTheKernelDefiniteAreReportedAndSkipped() {
    LabelledKernel train = kernel(INDEFINITE, true, 0, 1);
    LabelledKernel validation = kernel(new double[][] {{1, 0}}, false, 0);
    RegressionResult result = solve(train, validation, 0, 0.5, 2);
    NotPositiveDefinite none =
        assertInstanceOf(NotPositiveDefinite.class, result.outcomes().get(0));
    assertEquals(new NotPositiveDefinite(0, 1, 0, -3, -3 / 5.0), none);
    NotPositiveDefinite half =
        assertInstanceOf(NotPositiveDefinite.class, result.outcomes().get(1));
    assertEquals(0.5, half.ridge());
    assertTrue(half.eigenvalueBound() >= -1 && half.eigenvalueBound() < 0);
    assertInstanceOf(Solved.class, result.outcomes().get(2));
    assertEquals(2, result.chosen());
  }

  @Test
  void whenNoRidgeIsLeftTheMessageNamesOneThatWorks() {
    LabelledKernel train = kernel(INDEFINITE, true, 0, 1);
    LabelledKernel validation = kernel(new double[][] {{1, 0}}, false, 0);
    String message =
        assertThrows(UserException.class, () -> solve(train, validation, 0.01, 1e-6)).getMessage();
    Matcher advice = Pattern.compile("A ridge of (\\S+) is enough").matcher(message);
    assertTrue(advice.find(), message);
    double ridge = Double.parseDouble(advice.group(1));
    assertTrue(ridge > 1 && ridge <= 10, message);
    assertTrue(message.contains("at the largest, 0.01"), message);
    assertEquals(ridge, solve(train, validation, ridge).chosen());
  }

  @Test
  void aRidgeThatWorksOnTheFitOnlyIsPassedOver() {
    // Examples 0 and 5 have a covariance beyond their variances. With one of them held out, the
    // rest is
    // the identity, and the small ridge fits it better.
    double[][] matrix = {
      {1, 0, 0, 0, 0, 2}, {0, 1, 0, 0, 0, 0}, {0, 0, 1, 0, 0, 0},
      {0, 0, 0, 1, 0, 0}, {0, 0, 0, 0, 1, 0}, {2, 0, 0, 0, 0, 1},
    };
    int[] labels = {0, 1, 0, 1, 1, 0};
    long seed = 0;
    StratifiedSplit split = StratifiedSplit.draw(labels, 2, 0.34, seed);
    while (split.heldOut()[0] != 0 && split.heldOut()[1] != 5) {
      split = StratifiedSplit.draw(labels, 2, 0.34, ++seed);
    }
    RegressionResult result =
        KernelRidge.solve(
            new RegressionProblem(kernel(matrix, true, labels), null, null, 2),
            new RidgeSearch(new double[] {0.5, 3}, 0.34, seed),
            (done, total) -> {});
    assertInstanceOf(Solved.class, result.outcomes().get(0));
    assertEquals(3, result.chosen());
    assertEquals(1, result.refitFailures().size());
    assertEquals(0.5, result.refitFailures().get(0).ridge());
    double bound = result.refitFailures().get(0).eigenvalueBound();
    assertTrue(bound >= -1 - 1e-12 && bound < 0, () -> "the smallest eigenvalue is -1: " + bound);
  }

  @Test
  void repeatedExamplesWithoutRidgeAreFoundSingular() {
    double[][] matrix = new double[6][6];
    for (int i = 0; i < 6; i++) {
      for (int j = 0; j < 6; j++) {
        matrix[i][j] = Math.exp(-Math.abs(i / 2 - j / 2) / 3.0);
      }
    }
    LabelledKernel train = kernel(matrix, true, 0, 0, 1, 1, 0, 0);
    LabelledKernel validation = kernel(new double[][] {matrix[0], matrix[2]}, false, 0, 1);
    RegressionResult result = solve(train, validation, 0, 1e-3);
    if (result.outcomes().get(0) instanceof Solved solved) {
      assertTrue(solved.reciprocalCondition() < 1e-15, solved::toString);
    }
    Solved withRidge = assertInstanceOf(Solved.class, result.outcomes().get(1));
    assertTrue(withRidge.relativeResidual() < 1e-12);
    assertTrue(withRidge.reciprocalCondition() > 1e-5);
    assertEquals(1, withRidge.validation().accuracy());
  }

  @Test
  void labelsAndKernelsThatDoNotBelongTogetherAreRefused() {
    double[][] identity = {{1, 0}, {0, 1}};
    LabelledKernel good = kernel(identity, true, 0, 1);
    assertRefused("there are 3 labels", () -> solve(kernel(identity, true, 0, 1, 1), null, 1));
    assertRefused("has label 2", () -> solve(kernel(identity, true, 0, 2), null, 1));
    assertRefused("has label -1", () -> solve(kernel(identity, true, -1, 1), null, 1));
    assertRefused("not the symmetric", () -> solve(kernel(identity, false, 0, 1), null, 1));
    LabelledKernel wide = kernel(new double[][] {{1, 0, 0}}, false, 0);
    assertRefused("columns for 3 examples", () -> solve(good, wide, 1));
    assertRefused("columns for 3 examples", () -> new RegressionProblem(good, null, wide, 2));
    assertRefused(
        "1 validation examples but there are 2 labels",
        () -> solve(good, kernel(new double[][] {{1, 0}}, false, 0, 1), 1));
    assertRefused("2 classes or more", () -> new RegressionProblem(good, null, null, 1));
    KernelStore two =
        KernelStore.create(
            folder.resolve("two"),
            new KernelLayout(2, 2, 2, 1, true, StorageType.FLOAT64),
            java.util.Map.of());
    assertRefused(
        "must have 1 or 3",
        () -> new RegressionProblem(new LabelledKernel(two, new int[] {0, 1}), null, null, 3));
  }

  @Test
  void impossibleSearchesAreRefused() {
    assertRefused("no value", () -> new RidgeSearch(new double[0], 0.2, 1));
    assertRefused("-1.0 is not a ridge", () -> new RidgeSearch(new double[] {-1}, 0.2, 1));
    assertRefused("NaN is not", () -> new RidgeSearch(new double[] {Double.NaN}, 0.2, 1));
    assertRefused("validation_fraction", () -> new RidgeSearch(new double[] {1}, 1, 1));
    assertRefused("validation_fraction", () -> new RidgeSearch(new double[] {1}, 0, 1));
    assertRefused(
        "not one example of any class",
        () -> solve(kernel(new double[][] {{1, 0}, {0, 1}}, true, 0, 1), null, 1));
    assertRefused(
        "not one example of any class",
        () ->
            KernelRidge.requireHeldOut(
                new int[] {0, 1}, 2, new RidgeSearch(new double[] {1}, 0.2, 1)));
  }

  @Test
  void aMissingTileStopsTheWork() throws Exception {
    LabelledKernel train = kernel(new double[4][4], true, 0, 0, 1, 1);
    Files.delete(train.kernel().directory().resolve("c/0/1"));
    assertRefused("tile (0, 1) is missing", () -> solve(train, null, 1));
  }

  @Test
  void theSplitIsStratifiedAndDrawnWithTheSeed() {
    int[] labels = new int[100];
    for (int i = 0; i < 100; i++) {
      labels[i] = i < 60 ? 0 : i < 95 ? 1 : i < 99 ? 2 : 3;
    }
    StratifiedSplit split = StratifiedSplit.draw(labels, 4, 0.2, 5);
    int[] held = new int[4];
    for (int example : split.heldOut()) {
      held[labels[example]]++;
    }
    assertArrayEquals(new int[] {12, 7, 1, 0}, held);
    int[] sorted = split.order();
    java.util.Arrays.sort(sorted);
    assertArrayEquals(RidgeSystem.range(100), sorted);
    assertArrayEquals(split.heldOut(), StratifiedSplit.draw(labels, 4, 0.2, 5).heldOut());
    int[] other = StratifiedSplit.draw(labels, 4, 0.2, 6).heldOut();
    assertTrue(!java.util.Arrays.equals(split.heldOut(), other));
    assertEquals(1, StratifiedSplit.draw(new int[] {0, 0, 1}, 2, 0.9, 1).heldOut().length);
  }

  @Test
  void nativeMemoryIsGivenBack() {
    LabelledKernel train = kernel(new double[][] {{2, 0, 1}, {0, 2, 0}, {1, 0, 2}}, true, 0, 1, 0);
    LabelledKernel validation = kernel(new double[][] {{1, 0, 0}}, false, 0);
    solve(train, validation, 1);
    long before = Pointer.totalBytes();
    for (int i = 0; i < 300; i++) {
      solve(train, validation, 1);
    }
    assertEquals(before, Pointer.totalBytes());
  }
}
