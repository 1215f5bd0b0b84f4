package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.data.TestFiles.assertUserError;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tfjavantk.random.RandomStream;

class AugmentationTest {
  private static final RandomStream STREAM = RandomStream.of(3, "augment");
  private static final double[] BLACK = new double[2];

  private static double[] image(int height, int width, int channels) {
    return IntStream.rangeClosed(1, height * width * channels).asDoubleStream().toArray();
  }

  @Test
  void aQuarterTurnMovesEveryPixelCounterClockwise() {
    double[] from = image(3, 3, 1);
    double[] to = new double[10];
    Augmentation.rotate(from, Math.PI / 2, new int[] {3, 3, 1}, BLACK, to, 1);
    assertArrayEquals(new double[] {0, 3, 6, 9, 2, 5, 8, 1, 4, 7}, to, 1e-9);
  }

  @Test
  void anEighthOfATurnMixesNeighboursAndFillsTheCorners() {
    double[] from = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    double[] to = new double[9];
    Augmentation.rotate(from, Math.PI / 4, new int[] {3, 3, 1}, new double[] {-1}, to, 0);
    // A corner comes from sqrt(2) away from the centre on an axis: 1 - (sqrt(2) - 1) of the image.
    double inside = 2 - Math.sqrt(2);
    double corner = inside - (1 - inside);
    assertArrayEquals(new double[] {corner, 1, corner, 1, 1, 1, corner, 1, corner}, to, 1e-12);
  }

  @Test
  void rotationOfALinearImageIsExactInside() {
    int n = 9;
    double[] from = new double[n * n * 2];
    for (int y = 0; y < n; y++) {
      for (int x = 0; x < n; x++) {
        from[2 * (y * n + x)] = 3 * x - 2 * y;
        from[2 * (y * n + x) + 1] = 7;
      }
    }
    double angle = 0.3;
    double[] to = new double[from.length];
    Augmentation.rotate(from, angle, new int[] {n, n, 2}, BLACK, to, 0);
    for (int y = 2; y < n - 2; y++) {
      for (int x = 2; x < n - 2; x++) {
        double sx = 4 + Math.cos(angle) * (x - 4) - Math.sin(angle) * (y - 4);
        double sy = 4 + Math.sin(angle) * (x - 4) + Math.cos(angle) * (y - 4);
        assertEquals(3 * sx - 2 * sy, to[2 * (y * n + x)], 1e-12);
        assertEquals(7, to[2 * (y * n + x) + 1], 1e-12);
      }
    }
  }

  @Test
  void shiftFillsWhatComesIn() {
    double[] to = new double[12];
    Augmentation.shift(image(2, 3, 2), 1, -1, new int[] {2, 3, 2}, new double[] {-1, -2}, to, 0);
    assertArrayEquals(new double[] {-1, -2, 7, 8, 9, 10, -1, -2, -1, -2, -1, -2}, to);
  }

  @Test
  void cropsReachEveryPlaceAndNoOther() {
    Augmentation crop = new Augmentation(0, 2, false);
    int[] shape = {5, 5, 1};
    Set<Integer> centres = new HashSet<>();
    for (int i = 0; i < 600; i++) {
      double[] image = image(5, 5, 1);
      crop.apply(image, 0, shape, STREAM, i);
      centres.add((int) image[12]);
    }
    assertEquals(25, centres.size());
    assertFalse(centres.contains(0));
  }

  @Test
  void flipsHalfOfTheImages() {
    Augmentation flip = new Augmentation(0, 0, true);
    int flipped = 0;
    for (int i = 0; i < 1000; i++) {
      double[] image = image(1, 3, 2);
      flip.apply(image, 0, new int[] {1, 3, 2}, STREAM, i);
      if (image[0] != 1) {
        assertArrayEquals(new double[] {5, 6, 3, 4, 1, 2}, image);
        flipped++;
      }
    }
    assertEquals(500, flipped, 80);
  }

  @Test
  void anglesStayInTheRange() {
    Augmentation turn = new Augmentation(20, 0, false);
    int n = 41;
    double largest = 0;
    double smallest = 0;
    for (int i = 0; i < 300; i++) {
      double[] image = new double[n * n];
      for (int p = 0; p < image.length; p++) {
        image[p] = p % n - 20;
      }
      turn.apply(image, 0, new int[] {n, n, 1}, STREAM, i);
      // The image is x; at (x, y) = (0, -10) from the centre it is now 10 sin(angle).
      double angle = Math.toDegrees(Math.asin(image[10 * n + 20] / 10));
      largest = Math.max(largest, angle);
      smallest = Math.min(smallest, angle);
    }
    assertEquals(20, largest, 1);
    assertEquals(-20, smallest, 1);
    assertTrue(largest <= 20 + 1e-9 && smallest >= -20 - 1e-9);
  }

  @Test
  void anImageDependsOnItsIndexAloneAndLeavesItsNeighboursAlone() {
    Augmentation all = new Augmentation(20, 4, true);
    int[] shape = {8, 8, 3};
    double[] one = image(8, 8, 3);
    all.apply(one, 0, shape, STREAM, 17);
    double[] batch = new double[3 * 192];
    Arrays.fill(batch, 9);
    System.arraycopy(image(8, 8, 3), 0, batch, 192, 192);
    all.apply(batch, 192, shape, STREAM, 17);
    assertArrayEquals(one, Arrays.copyOfRange(batch, 192, 384));
    assertTrue(Arrays.stream(batch, 0, 192).allMatch(v -> v == 9));
    assertTrue(Arrays.stream(batch, 384, 576).allMatch(v -> v == 9));
    double[] other = image(8, 8, 3);
    all.apply(other, 0, shape, STREAM, 18);
    assertFalse(Arrays.equals(one, other));
  }

  @Test
  void identity() {
    assertTrue(Augmentation.none().isIdentity());
    assertFalse(new Augmentation(0, 1, false).isIdentity());
    double[] vector = {1, 2};
    Augmentation.none().apply(vector, 0, new int[] {2}, STREAM, 0);
    assertArrayEquals(new double[] {1, 2}, vector);
  }

  @Test
  void errors() {
    assertUserError(() -> new Augmentation(-1, 0, false), "augment.rotate: found -1.0");
    assertUserError(() -> new Augmentation(181, 0, false), "augment.rotate");
    assertUserError(() -> new Augmentation(0, -1, false), "augment.crop_padding: found -1");
    Augmentation flip = new Augmentation(0, 0, true);
    assertUserError(
        () -> flip.apply(new double[2], 0, new int[] {2}, STREAM, 0), "augment", "shape [2]");
  }
}
