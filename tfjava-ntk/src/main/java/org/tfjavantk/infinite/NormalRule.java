package org.tfjavantk.infinite;

import java.util.Arrays;
import org.tfjavantk.graphs.UserException;

/**
 * Points and weights for E g(z), z ~ N(0, 1): Gauss-Legendre rules on panels, times the density.
 *
 * <p>How many points a panel takes follows from the spacing h that they have in its middle, pi
 * length / (2 n): where g is analytic for |Im z| < d the error falls as exp(-2 pi d / h), that of
 * the density as exp(-2 pi^2 / h^2).
 */
final class NormalRule {
  /** Panels lie in [-10, 10]: what is outside has probability 1.5e-23. */
  private static final double END = 10;

  /** The spacing that resolves the density, or anything smoothed by it, to 1e-15. */
  static final double DENSITY = 0.75;

  private static final double EXPONENT = 36; // exp(-36) = 2e-16
  private static final int FEWEST = 12;
  private static final int MOST = 256;
  private static final int MOST_IN_ALL = 20_000;

  private final double finer;
  private double[] points = new double[256];
  private double[] weights = new double[256];
  private int size;

  /**
   * @param finer how many times the points that the spacing asks for
   */
  NormalRule(double finer) {
    this.finer = finer;
  }

  /** The spacing for a g that is analytic in a strip of half-width d. */
  static double spacing(double strip) {
    return Math.min(DENSITY, 2 * Math.PI * strip / EXPONENT);
  }

  /** The spacing for such a g times the Hermite polynomial of a degree: the frequencies add up. */
  static double spacing(double strip, int degree) {
    return 2 * Math.PI / (EXPONENT / strip + Math.sqrt(degree) + 2 * Math.PI / DENSITY);
  }

  /** The breaks within the range in order, between both ends. */
  static double[] ends(double[] breaks) {
    double[] inside =
        Arrays.stream(breaks).filter(NormalRule::inside).sorted().distinct().toArray();
    double[] ends = new double[inside.length + 2];
    System.arraycopy(inside, 0, ends, 1, inside.length);
    ends[0] = -END;
    ends[ends.length - 1] = END;
    return ends;
  }

  /** Not so for the infinities and NaN of a scale of 0. */
  static boolean inside(double x) {
    return Math.abs(x) < END;
  }

  void clear() {
    size = 0;
  }

  /**
   * Adds the points of [a, b].
   *
   * @throws UserException where they are too many to pair
   */
  void add(double a, double b, double spacing) {
    double needed = finer * (FEWEST + Math.PI * (b - a) / (2 * spacing));
    if (needed > MOST_IN_ALL) {
      throw new UserException(
          "the pre-activations of a nonlinearity without a closed form vary so much that it is"
              + " nearly a step to them: normalise the inputs or lower the weights' standard"
              + " deviation");
    }
    int parts = (int) Math.ceil(needed / MOST);
    int n = 4 * (int) Math.ceil(needed / parts / 4); // few different rules
    reserve(size + parts * n);
    GaussLegendre rule = GaussLegendre.of(n);
    double half = (b - a) / parts / 2;
    for (int part = 0; part < parts; part++) {
      double middle = a + (2 * part + 1) * half;
      for (int i = 0; i < n; i++) {
        double z = middle + half * rule.points()[i];
        points[size] = z;
        weights[size] = half * rule.weights()[i] * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
        size++;
      }
    }
  }

  private void reserve(int needed) {
    if (needed > points.length) {
      points = Arrays.copyOf(points, 2 * needed);
      weights = Arrays.copyOf(weights, 2 * needed);
    }
  }

  int size() {
    return size;
  }

  double point(int i) {
    return points[i];
  }

  double weight(int i) {
    return weights[i];
  }
}
