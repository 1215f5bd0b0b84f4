package org.tfjavantk.regression;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;

/**
 * Outputs of several fits in one pass over a stored kernel: {@code f_k(x, c) = Σ_ic' K[(x,c),
 * (i,c')] a_k[i, c']}, or {@code f_k(x, c) = Σ_i K[x, i] a_k[i, c]} where the kernel has one
 * output.
 */
final class Predictor implements AutoCloseable {
  private static final long STRIP_BYTES = 64L << 20;

  private final int fits;
  private final int rightHandSides;
  private final List<double[]> outputs = new ArrayList<>();
  private final Matrix coefficients;
  private final Matrix strip;
  private final Matrix product;
  private int filled;
  private long firstRow;

  private Predictor(KernelLayout layout, List<double[]> fits, int rightHandSides) {
    this.fits = fits.size();
    this.rightHandSides = rightHandSides;
    int columns = Math.toIntExact(layout.columns());
    int wide = this.fits * rightHandSides;
    coefficients = new Matrix(columns, wide);
    for (int k = 0; k < this.fits; k++) {
      for (int r = 0; r < columns; r++) {
        coefficients.setRow(r, k * rightHandSides, fits.get(k), r * rightHandSides, rightHandSides);
      }
      outputs.add(new double[Math.toIntExact(layout.rows() * rightHandSides)]);
    }
    long height = Math.max(1, STRIP_BYTES / Matrix.bytes(1, columns));
    strip = new Matrix((int) Math.min(height, layout.rows()), columns);
    product = new Matrix(strip.rows(), wide);
  }

  /** One array per fit: test examples x classes, row-major. */
  static List<double[]> outputs(KernelStore kernel, List<double[]> fits, int rightHandSides) {
    if (fits.isEmpty()) {
      return List.of();
    }
    try (Predictor predictor = new Predictor(kernel.layout(), fits, rightHandSides)) {
      kernel.readRows((row, values) -> predictor.accept(values));
      predictor.flush();
      return predictor.outputs;
    }
  }

  private void accept(double[] values) {
    strip.setRow(filled++, values);
    if (filled == strip.rows()) {
      flush();
    }
  }

  private void flush() {
    strip.multiply(0, filled, 1, coefficients, 0, product);
    for (int r = 0; r < filled; r++) {
      int at = (int) ((firstRow + r) * rightHandSides);
      for (int k = 0; k < fits; k++) {
        product.getRow(r, k * rightHandSides, outputs.get(k), at, rightHandSides);
      }
    }
    firstRow += filled;
    filled = 0;
  }

  @Override
  public void close() {
    coefficients.close();
    strip.close();
    product.close();
  }
}
