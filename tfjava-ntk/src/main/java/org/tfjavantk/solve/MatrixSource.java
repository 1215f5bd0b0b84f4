package org.tfjavantk.solve;

import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.store.RowConsumer;

/**
 * A symmetric matrix in memory; closing it stays with the caller.
 *
 * @param matrix both triangles
 * @param name what messages call it
 */
public record MatrixSource(Matrix matrix, String name) implements KernelSource {

  /**
   * @throws IllegalArgumentException when it isn't square
   */
  public MatrixSource {
    if (matrix.rows() != matrix.columns()) {
      throw new IllegalArgumentException(matrix.rows() + " x " + matrix.columns());
    }
  }

  @Override
  public int size() {
    return matrix.rows();
  }

  @Override
  public boolean inMemory() {
    return true;
  }

  @Override
  public void times(Matrix x, Matrix result) {
    Matrix.product(1, matrix, false, x, false, 0, result);
  }

  @Override
  public void readRows(RowConsumer consumer) {
    for (int i = 0; i < matrix.rows(); i++) {
      consumer.accept(i, matrix.getRow(i));
    }
  }

  @Override
  public double[] row(int i) {
    return matrix.getRow(i);
  }

  @Override
  public double[] diagonal() {
    double[] diagonal = new double[matrix.rows()];
    for (int i = 0; i < diagonal.length; i++) {
      diagonal[i] = matrix.get(i, i);
    }
    return diagonal;
  }

  @Override
  public double frobeniusNorm() {
    return matrix.frobeniusNorm();
  }

  @Override
  public Matrix dense() {
    return matrix.copy();
  }
}
