package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tfjavantk.empirical.CostCurve.Sample;

class CostCurveTest {
  private static List<Sample> samples(CostCurve of, double noise, int... sizes) {
    Random random = new Random(7);
    List<Sample> samples = new ArrayList<>();
    for (int size : sizes) {
      samples.add(new Sample(size, of.at(size) * (1 + noise * random.nextGaussian())));
    }
    return samples;
  }

  private static void same(CostCurve expected, CostCurve found) {
    for (double size : new double[] {1, 50, 4000}) {
      assertEquals(expected.at(size), found.at(size), 1e-6 * expected.at(size));
    }
  }

  @Test
  void whatIsACurveIsFound() {
    CostCurve all = new CostCurve(3e-3, 2e-4, 5e-6);
    same(all, CostCurve.fit(samples(all, 0, 8, 16, 32, 64), 2));
    CostCurve line = new CostCurve(2e-2, 1e-3, 0);
    same(line, CostCurve.fit(samples(line, 0, 8, 16, 32), 1));
    same(line, CostCurve.fit(samples(line, 0, 8, 16, 32), 2));
    CostCurve square = new CostCurve(0, 0, 1e-7);
    same(square, CostCurve.fit(samples(square, 0, 8, 16, 32), 2));
  }

  /** Products of N rows at the rate r N / (N + N₀): half as fast at N₀ as large ones. */
  @Test
  void twoSizesTellAboutSmallProducts() {
    double pair = 1e-6;
    double half = 16;
    CostCurve found =
        CostCurve.fit(
            List.of(
                new Sample(16, pair * 16 * (16 + half)), new Sample(32, pair * 32 * (32 + half))),
            2);
    double expected = pair * 800 * (800 + half);
    assertEquals(expected, found.at(800), 1e-9 * expected);
    assertEquals(pair, found.square(), 1e-9 * pair);
  }

  @Test
  void oneSizeIsTakenToGrowWithTheHighestPower() {
    assertEquals(4, CostCurve.fit(List.of(new Sample(10, 1)), 2).at(20), 1e-12);
    assertEquals(2, CostCurve.fit(List.of(new Sample(10, 1)), 1).at(20), 1e-12);
  }

  /** Faster than linear, slower than linear and falling: never a negative coefficient. */
  @Test
  void nothingIsNegative() {
    for (List<Sample> samples :
        List.of(
            List.of(new Sample(8, 1), new Sample(16, 9)),
            List.of(new Sample(8, 1), new Sample(16, 1.2), new Sample(32, 9)),
            List.of(new Sample(8, 1), new Sample(16, 0.9), new Sample(32, 0.8)))) {
      for (int degree = 1; degree <= 2; degree++) {
        CostCurve curve = CostCurve.fit(samples, degree);
        assertTrue(
            curve.constant() >= 0 && curve.linear() >= 0 && curve.square() >= 0, curve::toString);
        assertTrue(curve.at(32) > 0, curve::toString);
      }
    }
  }

  @Test
  void noiseIsSmoothed() {
    CostCurve truth = new CostCurve(1e-3, 4e-4, 2e-5);
    CostCurve found = CostCurve.fit(samples(truth, 0.03, 16, 32, 64, 128), 2);
    assertEquals(truth.at(256), found.at(256), 0.1 * truth.at(256));
  }

  @Test
  void nothingMeasuredTakesNoTime() {
    assertEquals(0, CostCurve.fit(List.of(), 2).at(100));
  }

  @Test
  void betweenTwoSizesLiesTheirRectangle() {
    CostCurve curve = new CostCurve(1, 2, 3);
    assertEquals(1 + 2 * 5 + 3 * 16, curve.at(2, 8));
    assertEquals(curve.at(4, 4), curve.at(4));
  }
}
