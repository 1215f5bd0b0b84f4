package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.tfjavantk.random.RandomStream;

/**
 * Kernel, predictions and scores of whole runs against plain Java: the closed form of a linear
 * network's kernel, and Gaussian elimination on the exported files.
 */
class RegressionCheckTest {
  private static final int D = 3;
  private static final int CLASSES = 3;
  private static final int TRAIN = 24;
  private static final int TEST = 15;

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private final double[][] trainX = new double[TRAIN][D];
  private final double[][] testX = new double[TEST][D];
  private final int[] trainY = new int[TRAIN];
  private final int[] testY = new int[TEST];

  @BeforeEach
  void makeData() throws IOException {
    draw("train", trainX, trainY);
    draw("test", testX, testY);
    Npy.write(folder.resolve("train-x.npy"), trainX);
    Npy.write(folder.resolve("train-y.npy"), trainY);
    Npy.write(folder.resolve("test-x.npy"), testX);
    Npy.write(folder.resolve("test-y.npy"), testY);
  }

  /** Points whose class is that of their largest coordinate, mostly. */
  private static void draw(String name, double[][] x, int[] y) {
    RandomStream stream = RandomStream.of(8, name);
    for (int i = 0; i < x.length; i++) {
      int largest = 0;
      for (int k = 0; k < D; k++) {
        x[i][k] = stream.normal((long) i * D + k);
        largest = x[i][k] > x[i][largest] ? k : largest;
      }
      y[i] = i < CLASSES || stream.uniform(1_000 + i) < 0.2 ? i % CLASSES : largest;
    }
  }

  private Path run(String name, String network, int validation) throws IOException {
    return run(name, network, validation, "", "");
  }

  /**
   * @param kernel more fields of the kernel step
   * @param regression more fields of the regression
   */
  private Path run(String name, String network, int validation, String kernel, String regression)
      throws IOException {
    Path config = folder.resolve(name + ".textproto");
    Files.writeString(
        config,
        """
        name: "%s"
        output { plots: false }
        dataset {
          npy {
            train_inputs: "train-x.npy" train_labels: "train-y.npy"
            test_inputs: "test-x.npy" test_labels: "test-y.npy"
          }
          dir: "%s"
          validation: %d
        }
        network { %s }
        step { empirical_kernel { precision: FLOAT64 tile: 5 %s } }
        step { kernel_regression { ridge { from: 1e-2 to: 1e2 count: 5 } %s } }
        """
            .formatted(name, folder, validation, network, kernel, regression));
    Path run = folder.resolve(name);
    commands.done("run", config, "--out", run);
    return run;
  }

  private double[][] kernel(Path run, String store) throws IOException {
    Path npy = run.resolve(store + ".npy");
    commands.done("kernel", "export", run.resolve(store), npy);
    return Npy.read(npy);
  }

  @Test
  void theKernelOfALinearNetworkIsItsClosedForm() throws IOException {
    Path run = run("linear", "logistic {}", 0);
    closedForm(trainX, kernel(run, "kernel.zarr"));
    closedForm(testX, kernel(run, "kernel-test.zarr"));
  }

  /** Θ[(x, c), (x', c')] = (x · x' + 1) where c = c', else 0. */
  private void closedForm(double[][] rows, double[][] found) {
    assertEquals(rows.length * CLASSES, found.length);
    for (int r = 0; r < found.length; r++) {
      for (int s = 0; s < TRAIN * CLASSES; s++) {
        double expected = 0;
        if (r % CLASSES == s % CLASSES) {
          expected = 1;
          for (int k = 0; k < D; k++) {
            expected += rows[r / CLASSES][k] * trainX[s / CLASSES][k];
          }
        }
        assertEquals(expected, found[r][s], 1e-12);
      }
    }
  }

  @Test
  void predictionsAndScoresFollowFromTheExportedKernel() throws IOException {
    Path run = run("held-out", "two_layer { width: 20 }", 0);
    double[][] theta = kernel(run, "kernel.zarr");
    double[][] test = kernel(run, "kernel-test.zarr");
    Map<String, Object> metrics = Commands.metrics(run, "2-kernel_regression").get(0);
    double ridge = Commands.number(metrics, "ridge");
    double[] a = solve(theta, ridge, trainY, 0);
    double[] f = outputs(test, a);
    assertSame(a, Npy.read(run.resolve("coefficients.npy")), 1e-9);
    assertSame(f, Npy.read(run.resolve("predictions.npy")), 1e-10);
    assertEquals(accuracy(f, testY, 0), Commands.number(metrics, "test_accuracy"));
    assertEquals(error(f, testY, 0), Commands.number(metrics, "test_mse"), 1e-10);
    assertEquals(
        accuracy(outputs(theta, a), trainY, 0), Commands.number(metrics, "train_accuracy"));
  }

  @Test
  void everyRidgeAndTheChoiceFollowFromTheExportedKernels() throws IOException {
    int held = 9; // the first of the training part, by the default draw
    Path run = run("validated", "two_layer { width: 20 }", held);
    double[][] theta = kernel(run, "kernel.zarr");
    double[][] validation = kernel(run, "kernel-validation.zarr");
    double[][] test = kernel(run, "kernel-test.zarr");
    assertEquals((TRAIN - held) * CLASSES, theta.length);
    List<String> lines = Files.readAllLines(run.resolve("regression.csv"));
    assertEquals(
        "ridge,positive_definite,relative_residual,reciprocal_condition,train_mse,train_accuracy,"
            + "validation_mse,validation_accuracy,test_mse,test_accuracy",
        lines.get(0));
    double best = -1;
    double chosen = 0;
    double bestError = 0;
    for (int k = 0; k < 5; k++) {
      String[] cells = lines.get(1 + k).split(",");
      double ridge = Double.parseDouble(cells[0]);
      assertEquals(Math.pow(10, k - 2), ridge, 1e-12 * ridge);
      double[] a = solve(theta, ridge, trainY, held);
      double[][] outputs = {outputs(theta, a), outputs(validation, a), outputs(test, a)};
      int[][] labels = {trainY, trainY, testY};
      int[] from = {held, 0, 0};
      for (int set = 0; set < 3; set++) {
        assertEquals(
            error(outputs[set], labels[set], from[set]),
            Double.parseDouble(cells[4 + 2 * set]),
            1e-10);
        assertEquals(
            accuracy(outputs[set], labels[set], from[set]), Double.parseDouble(cells[5 + 2 * set]));
      }
      double accuracy = accuracy(outputs[1], trainY, 0);
      double error = error(outputs[1], trainY, 0);
      if (accuracy > best || accuracy == best && error < bestError) {
        best = accuracy;
        bestError = error;
        chosen = ridge;
      }
    }
    Map<String, Object> metrics = Commands.metrics(run, "2-kernel_regression").get(0);
    assertEquals(chosen, Commands.number(metrics, "ridge"));
    assertEquals(best, Commands.number(metrics, "validation_accuracy"));
    double[] a = solve(theta, chosen, trainY, held);
    assertSame(outputs(test, a), Npy.read(run.resolve("predictions.npy")), 1e-10);
  }

  /** A matrix n x n serves all classes: the regression is that on K ⊗ I. */
  @ParameterizedTest
  @CsvSource({
    "'outputs: TRACE', '', ''",
    "'outputs: SUM normalization: OUTPUTS', '', ''",
    "'outputs: DIAGONAL', 'kernel: \"output1\"', '-output1'",
    "'outputs: TRACE by: LAYER', 'kernel: \"dense1\"', '-dense1'",
    "'by: LAYER', 'kernel: \"dense0\"', '-dense0'"
  })
  void smallKernelsStandForEveryClass(String kernel, String choice, String suffix)
      throws IOException {
    Path run = run("small", "two_layer { width: 20 }", 0, kernel, choice);
    double[][] theta = timesIdentity(kernel(run, "kernel" + suffix + ".zarr"));
    double[][] test = timesIdentity(kernel(run, "kernel" + suffix + "-test.zarr"));
    Map<String, Object> metrics = Commands.metrics(run, "2-kernel_regression").get(0);
    double[] a = solve(theta, Commands.number(metrics, "ridge"), trainY, 0);
    assertSame(a, Npy.read(run.resolve("coefficients.npy")), 1e-9);
    assertSame(outputs(test, a), Npy.read(run.resolve("predictions.npy")), 1e-9);
    assertEquals(accuracy(outputs(test, a), testY, 0), Commands.number(metrics, "test_accuracy"));
  }

  /** K ⊗ I of a matrix n x n; a matrix of all outputs as it is. */
  private static double[][] timesIdentity(double[][] kernel) {
    if (kernel[0].length == TRAIN * CLASSES) {
      return kernel;
    }
    double[][] large = new double[kernel.length * CLASSES][TRAIN * CLASSES];
    for (int r = 0; r < large.length; r++) {
      for (int i = 0; i < TRAIN; i++) {
        large[r][i * CLASSES + r % CLASSES] = kernel[r / CLASSES][i];
      }
    }
    return large;
  }

  private static double target(int label, int c) {
    return (label == c ? 1 : 0) - 1.0 / CLASSES;
  }

  /** a with (Θ + λI) a = y, by Gaussian elimination with partial pivoting. */
  private static double[] solve(double[][] theta, double ridge, int[] labels, int from) {
    int n = theta.length;
    double[][] m = new double[n][];
    for (int r = 0; r < n; r++) {
      m[r] = java.util.Arrays.copyOf(theta[r], n + 1);
      m[r][r] += ridge;
      m[r][n] = target(labels[from + r / CLASSES], r % CLASSES);
    }
    for (int k = 0; k < n; k++) {
      int pivot = k;
      for (int r = k; r < n; r++) {
        pivot = Math.abs(m[r][k]) > Math.abs(m[pivot][k]) ? r : pivot;
      }
      double[] swapped = m[k];
      m[k] = m[pivot];
      m[pivot] = swapped;
      for (int r = k + 1; r < n; r++) {
        double factor = m[r][k] / m[k][k];
        for (int c = k; c <= n; c++) {
          m[r][c] -= factor * m[k][c];
        }
      }
    }
    double[] a = new double[n];
    for (int r = n - 1; r >= 0; r--) {
      a[r] = m[r][n];
      for (int c = r + 1; c < n; c++) {
        a[r] -= m[r][c] * a[c];
      }
      a[r] /= m[r][r];
    }
    return a;
  }

  private static double[] outputs(double[][] kernel, double[] a) {
    double[] f = new double[kernel.length];
    for (int r = 0; r < f.length; r++) {
      for (int c = 0; c < a.length; c++) {
        f[r] += kernel[r][c] * a[c];
      }
    }
    return f;
  }

  private static double accuracy(double[] f, int[] labels, int from) {
    int right = 0;
    for (int i = 0; i < f.length / CLASSES; i++) {
      int largest = 0;
      for (int c = 1; c < CLASSES; c++) {
        largest = f[i * CLASSES + c] > f[i * CLASSES + largest] ? c : largest;
      }
      right += largest == labels[from + i] ? 1 : 0;
    }
    return right / (f.length / (double) CLASSES);
  }

  private static double error(double[] f, int[] labels, int from) {
    double sum = 0;
    for (int r = 0; r < f.length; r++) {
      sum += Math.pow(f[r] - target(labels[from + r / CLASSES], r % CLASSES), 2);
    }
    return sum / (f.length / (double) CLASSES);
  }

  private static void assertSame(double[] expected, double[][] found, double tolerance) {
    assertEquals(expected.length, found.length * CLASSES);
    for (int r = 0; r < expected.length; r++) {
      assertEquals(expected[r], found[r / CLASSES][r % CLASSES], tolerance);
    }
    assertTrue(expected.length > 0);
  }
}
