package org.tfjavantk.solve;

import org.tfjavantk.empirical.MatrixFreeNtk;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.random.RandomStream;

/** The full empirical neural tangent kernel Θ(X, X), never formed: products alone. */
public final class TangentSource implements KernelSource {
  /** Random vectors that estimate the norm, to about one in five. */
  private static final int PROBES = 16;

  private final MatrixFreeNtk ntk;
  private final double[] x;
  private final int examples;
  private final int outputs;

  /**
   * @param ntk products with Θ
   * @param x the examples, row-major
   * @param examples how many
   * @param outputs of the model
   */
  public TangentSource(MatrixFreeNtk ntk, double[] x, int examples, int outputs) {
    this.ntk = ntk;
    this.x = x.clone();
    this.examples = examples;
    this.outputs = outputs;
  }

  @Override
  public int size() {
    return Math.multiplyExact(examples, outputs);
  }

  @Override
  public String name() {
    return "the matrix-free kernel";
  }

  @Override
  public void times(Matrix v, Matrix result) {
    int m = v.columns();
    if (m == 0 || size() == 0) {
      return;
    }
    double[] values = new double[Math.multiplyExact(size(), m)];
    for (int r = 0; r < size(); r++) {
      v.getRow(r, 0, values, r * m, m);
    }
    double[] products = ntk.times(x, examples, x, examples, values, m);
    for (int r = 0; r < size(); r++) {
      result.setRow(r, 0, products, r * m, m);
    }
  }

  /** For z of independent standard normal numbers, {@code E ‖K z‖² = ‖K‖²}. */
  @Override
  public double frobeniusNorm() {
    RandomStream random = RandomStream.of(0, "solve/norm");
    try (Matrix z = new Matrix(size(), PROBES);
        Matrix product = new Matrix(size(), PROBES)) {
      for (int i = 0; i < size(); i++) {
        for (int k = 0; k < PROBES; k++) {
          z.set(i, k, random.normal((long) i * PROBES + k));
        }
      }
      times(z, product);
      return product.frobeniusNorm() / Math.sqrt(PROBES);
    }
  }
}
