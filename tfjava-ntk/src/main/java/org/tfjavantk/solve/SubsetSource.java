package org.tfjavantk.solve;

import org.tfjavantk.linalg.Matrix;

/**
 * Some rows of K and the same columns: {@code K_SS x} is {@code (K x̃)_S} with x̃ zero outside of
 * S.
 *
 * @param source K
 * @param rows S
 */
public record SubsetSource(KernelSource source, int[] rows) implements KernelSource {
  @Override
  public int size() {
    return rows.length;
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public void times(Matrix x, Matrix result) {
    try (Matrix whole = scattered(x);
        Matrix product = new Matrix(source.size(), x.columns())) {
      source.times(whole, product);
      for (int k = 0; k < rows.length; k++) {
        result.setRow(k, product.getRow(rows[k]));
      }
    }
  }

  /** x̃: all rows of K. */
  public Matrix scattered(Matrix x) {
    Matrix whole = new Matrix(source.size(), x.columns());
    for (int k = 0; k < rows.length; k++) {
      whole.setRow(rows[k], x.getRow(k));
    }
    return whole;
  }

  @Override
  public double[] row(int i) {
    return chosen(source.row(rows[i]));
  }

  @Override
  public double[] diagonal() {
    return chosen(source.diagonal());
  }

  private double[] chosen(double[] all) {
    double[] some = new double[rows.length];
    for (int k = 0; k < some.length; k++) {
      some[k] = all[rows[k]];
    }
    return some;
  }

  /** That of K, which is not less. */
  @Override
  public double frobeniusNorm() {
    return source.frobeniusNorm();
  }
}
