package org.tfjavantk.data;

import java.util.Arrays;
import java.util.List;
import org.tfjavantk.random.RandomStream;

/**
 * Draws a digit: one of its glyphs, every point moved a little, under a random affine map, as round
 * strokes of random thickness and grey value, with Gaussian noise on every pixel.
 *
 * <p>A pixel at distance d from the nearest stroke of radius r gets the grey value times {@code
 * clamp(r + 1/2 - d, 0, 1)}.
 */
final class StrokeDigitGenerator implements Generator {
  private static final int SIDE = 28;
  private static final int SPLINE_STEPS = 4;

  private static final double POINT_JITTER = 0.03;
  private static final double MOST_ROTATION = Math.toRadians(20);
  private static final double MOST_SHEAR = 0.25;
  private static final double MOST_SHIFT = 2.5;
  private static final double LEAST_HEIGHT = 16;
  private static final double MOST_HEIGHT = 23;
  private static final double MOST_LOG_ASPECT = Math.log(1.3);
  private static final double LEAST_RADIUS = 0.6;
  private static final double MOST_RADIUS = 1.7;
  private static final double LEAST_GREY = 130;
  private static final double MOST_GREY = 255;
  private static final double MOST_NOISE = 20;

  @Override
  public String name() {
    return "stroke_digits";
  }

  @Override
  public ElementType type() {
    return ElementType.U1;
  }

  @Override
  public int[] shape() {
    return new int[] {SIDE, SIDE, 1};
  }

  @Override
  public List<String> classNames() {
    return KnownSet.MNIST.classNames();
  }

  @Override
  public int[] frequencies() {
    int[] equal = new int[Glyphs.digits()];
    Arrays.fill(equal, 1);
    return equal;
  }

  @Override
  public byte[] example(RandomStream stream, long index, int label) {
    Draws draws = new Draws(stream, index);
    Glyphs.Stroke[][] ways = Glyphs.of(label);
    Glyphs.Stroke[] glyph = ways[draws.integer(ways.length)];
    double[] affine = affine(draws);
    double radius = draws.uniform(LEAST_RADIUS, MOST_RADIUS);
    double grey = draws.uniform(LEAST_GREY, MOST_GREY);
    double noise = draws.uniform(0, MOST_NOISE);
    double[] squaredDistance = new double[SIDE * SIDE];
    Arrays.fill(squaredDistance, Double.MAX_VALUE);
    for (Glyphs.Stroke stroke : glyph) {
      draw(stroke.smooth(), stroke.closed(), moved(stroke, affine, draws), radius, squaredDistance);
    }
    byte[] pixels = new byte[SIDE * SIDE];
    for (int p = 0; p < pixels.length; p++) {
      double cover = Math.max(0, Math.min(1, radius + 0.5 - Math.sqrt(squaredDistance[p])));
      double value = grey * cover + noise * draws.normal();
      pixels[p] = (byte) Math.round(Math.max(0, Math.min(255, value)));
    }
    return pixels;
  }

  /** The map {@code (x, y) -> (a0 x + a1 y + a2, a3 x + a4 y + a5)} to pixel coordinates. */
  private static double[] affine(Draws draws) {
    double height = draws.uniform(LEAST_HEIGHT, MOST_HEIGHT);
    double width = height * Math.exp(draws.uniform(-MOST_LOG_ASPECT, MOST_LOG_ASPECT));
    double angle = draws.uniform(-MOST_ROTATION, MOST_ROTATION);
    double shear = draws.uniform(-MOST_SHEAR, MOST_SHEAR);
    double cos = Math.cos(angle);
    double sin = Math.sin(angle);
    double a0 = cos * width;
    double a1 = (cos * shear - sin) * height;
    double a3 = sin * width;
    double a4 = (sin * shear + cos) * height;
    double middle = (SIDE - 1) / 2.0;
    double centreX = middle + draws.uniform(-MOST_SHIFT, MOST_SHIFT);
    double centreY = middle + draws.uniform(-MOST_SHIFT, MOST_SHIFT);
    return new double[] {a0, a1, centreX - (a0 + a1) / 2, a3, a4, centreY - (a3 + a4) / 2};
  }

  private static double[] moved(Glyphs.Stroke stroke, double[] a, Draws draws) {
    double[] points = stroke.points().clone();
    for (int i = 0; i < points.length; i += 2) {
      double x = points[i] + POINT_JITTER * draws.normal();
      double y = points[i + 1] + POINT_JITTER * draws.normal();
      points[i] = a[0] * x + a[1] * y + a[2];
      points[i + 1] = a[3] * x + a[4] * y + a[5];
    }
    return points;
  }

  private static void draw(
      boolean smooth, boolean closed, double[] points, double radius, double[] squaredDistance) {
    int n = points.length / 2;
    int steps = smooth ? SPLINE_STEPS : 1;
    for (int i = 0; i < (closed ? n : n - 1); i++) {
      int before = closed ? (i + n - 1) % n : Math.max(i - 1, 0);
      int after = (i + 1) % n;
      int beyond = closed ? (i + 2) % n : Math.min(i + 2, n - 1);
      double x = points[2 * i];
      double y = points[2 * i + 1];
      for (int s = 1; s <= steps; s++) {
        double t = (double) s / steps;
        double nextX = between(points, 0, before, i, after, beyond, t, smooth);
        double nextY = between(points, 1, before, i, after, beyond, t, smooth);
        segment(x, y, nextX, nextY, radius, squaredDistance);
        x = nextX;
        y = nextY;
      }
    }
  }

  /** The Catmull-Rom spline at t in [0, 1] between points i and j, or the straight line. */
  private static double between(
      double[] points, int axis, int before, int i, int j, int beyond, double t, boolean smooth) {
    double p1 = points[2 * i + axis];
    double p2 = points[2 * j + axis];
    if (!smooth) {
      return p1 + t * (p2 - p1);
    }
    double p0 = points[2 * before + axis];
    double p3 = points[2 * beyond + axis];
    return 0.5
        * (2 * p1
            + t
                * (p2
                    - p0
                    + t * (2 * p0 - 5 * p1 + 4 * p2 - p3 + t * (3 * p1 - p0 - 3 * p2 + p3))));
  }

  /** Lowers the squared distance of the pixels around a segment. */
  private static void segment(
      double x0, double y0, double x1, double y1, double radius, double[] squaredDistance) {
    double reach = radius + 0.5;
    int left = (int) Math.max(0, Math.ceil(Math.min(x0, x1) - reach));
    int right = (int) Math.min(SIDE - 1, Math.floor(Math.max(x0, x1) + reach));
    int top = (int) Math.max(0, Math.ceil(Math.min(y0, y1) - reach));
    int bottom = (int) Math.min(SIDE - 1, Math.floor(Math.max(y0, y1) + reach));
    double dx = x1 - x0;
    double dy = y1 - y0;
    double perLength = 1 / Math.max(dx * dx + dy * dy, 1e-12);
    for (int y = top; y <= bottom; y++) {
      for (int x = left; x <= right; x++) {
        double t = Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) * perLength));
        double ex = x0 + t * dx - x;
        double ey = y0 + t * dy - y;
        int p = y * SIDE + x;
        squaredDistance[p] = Math.min(squaredDistance[p], ex * ex + ey * ey);
      }
    }
  }
}
