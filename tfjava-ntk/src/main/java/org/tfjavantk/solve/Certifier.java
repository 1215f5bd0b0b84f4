package org.tfjavantk.solve;

import java.util.Arrays;
import java.util.Locale;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.solve.Certificate.Meaning;

/** Certificates of solutions with one K by one method. */
final class Certifier {
  private static final double SINGLE = 0x1p-24;
  private static final double DOUBLE = 0x1p-53;

  private final KernelSource source;
  private final String method;
  private final double norm;
  private final double roundoff;
  private Lanczos.Extremes extremes;

  /**
   * @param method in words
   * @param norm ‖K‖
   * @param roundoff of the arithmetic of the factorization
   */
  private Certifier(KernelSource source, String method, double norm, double roundoff) {
    this.source = source;
    this.method = method;
    this.norm = norm;
    this.roundoff = roundoff;
  }

  static Certifier float64(KernelSource source, String method) {
    return new Certifier(source, method, source.frobeniusNorm(), DOUBLE);
  }

  static Certifier float32(KernelSource source, String method) {
    return new Certifier(source, method, source.frobeniusNorm(), SINGLE);
  }

  /** {@code ‖K + λ I‖}, or a little more. */
  double norm(double ridge) {
    return norm + Math.sqrt(source.size()) * Math.abs(ridge);
  }

  /** {@code b − K x − λ x}, given {@code K x}, which is overwritten by it. */
  static void residual(double ridge, Matrix b, Matrix x, Matrix product) {
    double[] right = new double[b.columns()];
    double[] solution = new double[b.columns()];
    double[] times = new double[b.columns()];
    for (int i = 0; i < b.rows(); i++) {
      b.getRow(i, 0, right, 0, right.length);
      x.getRow(i, 0, solution, 0, right.length);
      product.getRow(i, 0, times, 0, right.length);
      for (int c = 0; c < right.length; c++) {
        times[c] = right[c] - times[c] - ridge * solution[c];
      }
      product.setRow(i, times);
    }
  }

  /** The certificate of a solution, by one product with K. */
  Certificate certify(
      double ridge, Matrix b, Matrix x, double smallest, Meaning meaning, int iterations) {
    try (Matrix product = new Matrix(x.rows(), x.columns())) {
      source.times(x, product);
      return certify(ridge, b, x, product, smallest, meaning, iterations);
    }
  }

  /** The certificate of a solution; {@code product} is {@code K x} and is overwritten. */
  Certificate certify(
      double ridge,
      Matrix b,
      Matrix x,
      Matrix product,
      double smallest,
      Meaning meaning,
      int iterations) {
    residual(ridge, b, x, product);
    double[] residuals = product.columnNorms();
    double[] right = b.columnNorms();
    double[] solution = x.columnNorms();
    double[] relative = new double[residuals.length];
    double backward = 0;
    for (int c = 0; c < residuals.length; c++) {
      double scale = norm(ridge) * solution[c] + right[c];
      relative[c] = residuals[c] == 0 ? 0 : residuals[c] / right[c];
      backward = Math.max(backward, residuals[c] == 0 ? 0 : residuals[c] / scale);
    }
    if (!Arrays.stream(relative).allMatch(Double::isFinite)) {
      throw new UserException(
          "%s: the solution for a ridge of %s is not finite: the kernel plus ridge is singular to working precision; raise the ridge"
              .formatted(source.name(), ridge));
    }
    double condition = source.size() == 0 ? 1 : norm(ridge) / smallest;
    return new Certificate(
        method,
        ridge,
        source.size(),
        true,
        smallest,
        meaning,
        condition,
        relative,
        backward,
        iterations);
  }

  /**
   * The report of a matrix that isn't positive definite.
   *
   * @param where such as " in row 17", or nothing
   */
  Solution.Failed indefinite(double ridge, double found, Meaning meaning, String where) {
    Certificate certificate =
        new Certificate(
            method,
            ridge,
            source.size(),
            false,
            found,
            meaning,
            Double.NaN,
            new double[0],
            Double.NaN,
            0);
    if (extremes == null) {
      extremes = Lanczos.extremes(source);
    }
    double smallest = extremes.smallest();
    double noise = source.size() * roundoff * norm;
    double sufficient = powerOfTenAbove(Math.max(noise, -2 * smallest));
    boolean rounding = smallest > -noise && roundoff > DOUBLE;
    String message =
        String.format(
            Locale.ROOT,
            "%s: the kernel plus a ridge of %s is not positive definite (%s: %s %.3g%s); the smallest eigenvalue of the kernel is about %.3g, what rounding explains %.2g. A ridge of %s is enough%s",
            source.name(),
            ridge,
            method,
            meaning.words(),
            found,
            where,
            smallest,
            noise,
            sufficient,
            rounding
                ? ", or factor in float64"
                : ", or compute and store the kernel in a higher precision");
    return new Solution.Failed(certificate, message, sufficient);
  }

  private static double powerOfTenAbove(double value) {
    return value > 0 ? Double.parseDouble("1e" + ((int) Math.floor(Math.log10(value)) + 1)) : 1;
  }
}
