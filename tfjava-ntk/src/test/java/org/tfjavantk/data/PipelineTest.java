package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.tfjavantk.data.TestFiles.assertUserError;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** The resized images were computed by PIL 9.4 (Image.resize, BILINEAR, mode F, float32). */
class PipelineTest {
  private static final int[][] IMAGE = {
    {0, 30, 94, 192, 68}, {31, 68, 139, 244, 127}, {124, 168, 246, 102, 248}, {23, 74, 159, 22, 175}
  };
  private static final double[][] LARGER = {
    {0, 17.142857, 48.285713, 94, 164, 138.85715, 68},
    {11.071428, 29.642857, 62.571426, 110.07143, 181.85715, 158.5, 89.07143},
    {28.785715, 49.642857, 85.42857, 135.78572, 210.42857, 189.92857, 122.78571},
    {77.5, 100.64285, 139.28572, 192.5, 178.57143, 179.2143, 187.5},
    {116.78571, 142.21428, 183.7143, 239.78572, 137.2857, 159.07143, 242.78572},
    {59.07143, 86.78571, 131.14285, 190.07143, 90.428566, 115.07143, 201.07143},
    {23, 52.142857, 98.28571, 159, 61.142857, 87.57143, 175},
  };
  private static final double[][] SMALLER = {
    {23.057142, 115.05556, 137.94286},
    {94.85715, 171.61111, 181.2857},
    {74.25714, 135.76666, 132.22858},
  };

  private static Preprocess resize(int side) {
    return new Preprocess(side, 0, false, new double[0], new double[0]);
  }

  private static double[] apply(Preprocess p, int[] shape, byte[] row) {
    Pipeline pipeline = Pipeline.of(p, ElementType.U1, shape);
    double[] values = new double[Arrays.stream(pipeline.shape()).reduce(1, (a, b) -> a * b)];
    pipeline.apply(row, values, 0);
    return values;
  }

  private static byte[] bytes(int[][] image) {
    byte[] row = new byte[image.length * image[0].length];
    for (int i = 0; i < row.length; i++) {
      row[i] = (byte) image[i / image[0].length][i % image[0].length];
    }
    return row;
  }

  private static double[] flat(double[][] image) {
    return Arrays.stream(image).flatMapToDouble(Arrays::stream).toArray();
  }

  @Test
  void enlargesAsPilDoes() {
    assertArrayEquals(flat(LARGER), apply(resize(7), new int[] {4, 5, 1}, bytes(IMAGE)), 2e-5);
  }

  @Test
  void shrinksWithAntialiasingAsPilDoes() {
    assertArrayEquals(flat(SMALLER), apply(resize(3), new int[] {4, 5, 1}, bytes(IMAGE)), 2e-5);
  }

  @Test
  void mnistSizedImagesAsPilDoes() {
    byte[] row = new byte[784];
    for (int y = 0; y < 28; y++) {
      for (int x = 0; x < 28; x++) {
        row[28 * y + x] = (byte) (31 * y * y + 17 * x * x + 7 * x * y + 13 * x);
      }
    }
    double[] resized = apply(resize(32), new int[] {28, 28, 1}, row);
    double[][] known = {
      {0, 0, 0},
      {0, 31, 200},
      {31, 0, 71},
      {31, 31, 254},
      {15, 16, 65.22265625},
      {7, 22, 98.20703125},
      {24, 3, 228.25390625},
    };
    for (double[] k : known) {
      assertEquals(k[2], resized[(int) (32 * k[0] + k[1])], 1e-9);
    }
    assertEquals(130818.0, Arrays.stream(resized).sum(), 1e-6);
  }

  @Test
  void resizesEveryChannelAlike() {
    byte[] grey = bytes(IMAGE);
    byte[] colour = new byte[3 * grey.length];
    for (int i = 0; i < grey.length; i++) {
      colour[3 * i] = grey[i];
      colour[3 * i + 1] = (byte) (255 - (grey[i] & 0xFF));
      colour[3 * i + 2] = 9;
    }
    double[] resized = apply(resize(7), new int[] {4, 5, 3}, colour);
    double[] expected = flat(LARGER);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], resized[3 * i], 2e-5);
      assertEquals(255 - expected[i], resized[3 * i + 1], 2e-5);
      assertEquals(9, resized[3 * i + 2], 1e-12);
    }
  }

  @Test
  void scalesThenNormalisesChannelByChannel() {
    Preprocess cifar =
        new Preprocess(
            0,
            0,
            true,
            new double[] {0.4914, 0.4822, 0.4465},
            new double[] {0.2023, 0.1994, 0.2010});
    double[] values = apply(cifar, new int[] {1, 2, 3}, new byte[] {0, 51, -1, 102, 0, 1});
    assertArrayEquals(
        new double[] {
          -0.4914 / 0.2023,
          (0.2 - 0.4822) / 0.1994,
          (1 - 0.4465) / 0.2010,
          (0.4 - 0.4914) / 0.2023,
          -0.4822 / 0.1994,
          (1 / 255.0 - 0.4465) / 0.2010
        },
        values,
        1e-14);
    assertArrayEquals(
        new double[] {values[0], values[4], -0.4465 / 0.2010}, cifar.background(3), 1e-14);
  }

  @Test
  void repeatsAGreyChannelWithAndWithoutResizing() {
    double[] mean = {0.1, 0.2, 0.3};
    double[] std = {2};
    byte[] row = bytes(IMAGE);
    double[] plain = apply(new Preprocess(0, 3, true, mean, std), new int[] {4, 5, 1}, row);
    double[] large = apply(new Preprocess(7, 3, true, mean, std), new int[] {4, 5, 1}, row);
    double[] expected = flat(LARGER);
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < row.length; i++) {
        assertEquals(((row[i] & 0xFF) / 255.0 - mean[c]) / 2, plain[3 * i + c], 1e-14);
      }
      for (int i = 0; i < expected.length; i++) {
        assertEquals((expected[i] / 255 - mean[c]) / 2, large[3 * i + c], 1e-7);
      }
    }
  }

  @Test
  void scaleLeavesOtherTypesAlone() {
    byte[] row = new byte[16];
    ElementType.F8.put(51, row, 0);
    ElementType.F8.put(-3, row, 8);
    double[] values = new double[3];
    Pipeline.of(Preprocess.scaled(), ElementType.F8, new int[] {2}).apply(row, values, 1);
    assertArrayEquals(new double[] {0, 51, -3}, values);
  }

  @Test
  void floatImagesOfOneChannelAreRepeated() {
    byte[] row = new byte[16];
    ElementType.F8.put(0.25, row, 0);
    ElementType.F8.put(-1, row, 8);
    Preprocess p = new Preprocess(0, 2, true, new double[] {1}, new double[] {2, 4});
    double[] values = new double[4];
    Pipeline.of(p, ElementType.F8, new int[] {1, 2, 1}).apply(row, values, 0);
    assertArrayEquals(new double[] {-0.375, -0.1875, -1, -0.5}, values, 1e-15);
  }

  @Test
  void refusesWhatDoesNotFit() {
    int[] grey = {28, 28, 1};
    int[] vector = {10};
    double[] none = {};
    assertUserError(() -> Pipeline.of(resize(8), ElementType.F8, vector), "resize", "[10]");
    assertUserError(
        () -> Pipeline.of(new Preprocess(0, 3, true, none, none), ElementType.F8, vector),
        "channels",
        "[10]");
    assertUserError(
        () ->
            Pipeline.of(
                new Preprocess(0, 1, true, none, none), ElementType.U1, new int[] {4, 4, 3}),
        "channels",
        "[4, 4, 3]");
    assertUserError(
        () ->
            Pipeline.of(
                new Preprocess(0, 0, true, new double[] {1, 2, 3}, none), ElementType.U1, grey),
        "mean: has 3 values",
        "each of the 1 channels");
    assertUserError(
        () ->
            Pipeline.of(
                new Preprocess(0, 3, true, none, new double[] {1, 2}), ElementType.U1, grey),
        "std: has 2 values");
  }

  @Test
  void refusesBadFields() {
    double[] none = {};
    assertUserError(
        () -> new Preprocess(0, 0, true, new double[] {1, 2, 3}, new double[] {1, 2}),
        "mean has 3 values and std has 2");
    assertUserError(() -> new Preprocess(-1, 0, true, none, none), "resize: found -1");
    assertUserError(() -> new Preprocess(0, -2, true, none, none), "channels: found -2");
    assertUserError(
        () -> new Preprocess(0, 0, true, none, new double[] {0}), "std: found 0.0", "above 0");
    assertUserError(
        () -> new Preprocess(0, 0, true, new double[] {Double.NaN}, none), "mean: found NaN");
  }
}
