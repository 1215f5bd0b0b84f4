package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.data.TestFiles.assertUserError;
import static org.tfjavantk.data.TestFiles.read;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class GeneratorsTest {
  private static DatasetSpec spec(Source source, int n, int m, Draw draw, Integer... classes) {
    return new DatasetSpec(source, n, m, m, List.of(classes), draw, Preprocess.none(), true);
  }

  private static Dataset load(Source source, int n, int m, Draw draw, Integer... classes) {
    return Datasets.load(spec(source, n, m, draw, classes), 5);
  }

  static List<Source> sources() {
    return List.of(
        new Source.StrokeDigits(), new Source.GaussianMixture(7, 3, 2), new Source.Circle(2, 6));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void anExampleDependsOnItsSeedPartAndIndexAlone(Source source) {
    Dataset small = load(source, 20, 10, Draw.FIRST);
    Dataset large = load(source, 50, 30, Draw.FIRST);
    for (int i = 0; i < 20; i++) {
      assertArrayEquals(read(small.train(), i), read(large.train(), i));
      assertEquals(small.train().label(i), large.train().label(i));
    }
    assertFalse(Arrays.equals(read(small.train(), 0), read(small.test(), 0)));
    assertFalse(Arrays.equals(read(small.validation(), 0), read(small.test(), 0)));
    Dataset other = Datasets.load(spec(source, 20, 10, Draw.FIRST), 6);
    assertFalse(Arrays.equals(read(small.train(), 0), read(other.train(), 0)));
  }

  @ParameterizedTest
  @MethodSource("sources")
  void stratifiedAndClasses(Source source) {
    Dataset data = load(source, 41, 4, Draw.STRATIFIED, 1, 0);
    int ones = 0;
    for (int i = 0; i < 41; i++) {
      assertEquals(i % 2, data.train().label(i));
      ones += data.train().label(i);
    }
    assertEquals(20, ones);
    assertEquals(List.of("1", "0"), data.classNames());
  }

  @ParameterizedTest
  @MethodSource("sources")
  void aNumberIsNeeded(Source source) {
    assertUserError(() -> load(source, 0, 1, Draw.FIRST), "dataset.train", "say how many");
    assertUserError(() -> load(source, 1, 0, Draw.FIRST), "dataset.test", "say how many");
  }

  @Test
  void gaussianMixtureHasTheStatedCentresAndUnitCovariance() {
    int d = 4;
    int n = 30_000;
    Examples train = load(new Source.GaussianMixture(d, 3, 5), n, 1, Draw.FIRST).train();
    double[][] mean = new double[3][d];
    int[] count = new int[3];
    double[] x = new double[d];
    for (int i = 0; i < n; i++) {
      train.read(i, x, 0);
      count[train.label(i)]++;
      for (int j = 0; j < d; j++) {
        mean[train.label(i)][j] += x[j];
      }
    }
    for (int c = 0; c < 3; c++) {
      assertEquals(n / 3.0, count[c], 5 * Math.sqrt(n * 2 / 9.0));
      double squared = 0;
      for (int j = 0; j < d; j++) {
        mean[c][j] /= count[c];
        squared += mean[c][j] * mean[c][j];
      }
      assertEquals(5, Math.sqrt(squared), 5 / Math.sqrt(n / 3.0));
    }
    double[][] covariance = new double[d][d];
    for (int i = 0; i < n; i++) {
      train.read(i, x, 0);
      double[] m = mean[train.label(i)];
      for (int j = 0; j < d; j++) {
        for (int k = 0; k < d; k++) {
          covariance[j][k] += (x[j] - m[j]) * (x[k] - m[k]) / n;
        }
      }
    }
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < d; k++) {
        assertEquals(j == k ? 1 : 0, covariance[j][k], 5 * Math.sqrt(2.0 / n));
      }
    }
  }

  @Test
  void circlePointsLieOnTheArcsOfTheirClass() {
    int arcs = 5;
    Examples train = load(new Source.Circle(2, arcs), 20_000, 1, Draw.FIRST).train();
    int[] count = new int[arcs];
    for (int i = 0; i < train.count(); i++) {
      double[] x = read(train, i);
      assertEquals(1, Math.hypot(x[0], x[1]), 1e-15);
      double t = Math.atan2(x[1], x[0]) / (2 * Math.PI);
      int arc = (int) ((t < 0 ? t + 1 : t) * arcs);
      assertEquals(arc % 2, train.label(i));
      count[arc]++;
    }
    for (int c : count) {
      assertEquals(4000, c, 5 * Math.sqrt(20_000 * 0.2 * 0.8));
    }
  }

  @Test
  void fieldsOutOfRange() {
    assertUserError(
        () -> load(new Source.Circle(4, 3), 1, 1, Draw.FIRST), "circle.arcs: found 3", "4 classes");
    assertUserError(() -> load(new Source.Circle(1, 3), 1, 1, Draw.FIRST), "circle.classes");
    assertUserError(
        () -> load(new Source.GaussianMixture(0, 2, 1), 1, 1, Draw.FIRST), "dimension: found 0");
    assertUserError(
        () -> load(new Source.GaussianMixture(1, 2, -1), 1, 1, Draw.FIRST), "separation");
    assertUserError(() -> load(new Source.Circle(2, 6), 1, 1, Draw.FIRST, 2), "class 2", "0 to 1");
  }

  @Test
  void strokeDigitsAreBytesThatUseTheWholeRange() {
    Examples train = load(new Source.StrokeDigits(), 300, 1, Draw.STRATIFIED).train();
    assertArrayEquals(new int[] {28, 28, 1}, train.shape());
    assertEquals(10, train.classes());
    double brightest = 0;
    double inked = 0;
    for (int i = 0; i < train.count(); i++) {
      for (double v : read(train, i)) {
        assertTrue(v >= 0 && v <= 255 && v == Math.rint(v));
        brightest = Math.max(brightest, v);
        inked += v > 100 ? 1 : 0;
      }
    }
    assertEquals(255, brightest);
    assertEquals(0.11, inked / (300 * 784), 0.03);
  }

  /** Nearest neighbours find the digits; the linear model of class means doesn't. */
  @Test
  void strokeDigitsCanBeLearntButNotByClassMeans() {
    Dataset data = load(new Source.StrokeDigits(), 3000, 200, Draw.STRATIFIED);
    double[][] train = new double[3000][];
    double[][] mean = new double[10][784];
    for (int i = 0; i < train.length; i++) {
      train[i] = read(data.train(), i);
      for (int p = 0; p < 784; p++) {
        mean[data.train().label(i)][p] += train[i][p] / 300;
      }
    }
    int byNeighbour = 0;
    int byMean = 0;
    for (int t = 0; t < 200; t++) {
      double[] x = read(data.test(), t);
      int label = data.test().label(t);
      byNeighbour += data.train().label(nearest(train, x)) == label ? 1 : 0;
      byMean += nearest(mean, x) == label ? 1 : 0;
    }
    assertTrue(byNeighbour >= 160, "nearest neighbour: " + byNeighbour);
    assertTrue(byMean <= 150, "class means: " + byMean);
  }

  private static int nearest(double[][] points, double[] x) {
    int best = 0;
    double smallest = Double.MAX_VALUE;
    for (int i = 0; i < points.length; i++) {
      double distance = 0;
      for (int p = 0; p < x.length; p++) {
        distance += (points[i][p] - x[p]) * (points[i][p] - x[p]);
      }
      if (distance < smallest) {
        smallest = distance;
        best = i;
      }
    }
    return best;
  }
}
