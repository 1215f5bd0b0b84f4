package org.tfjavantk.solve;

import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.SymmetricHalf;

/** The leading block of a matrix that is kept beside its factor. */
record HalfSource(SymmetricHalf half, int size, String name) implements KernelSource {
  @Override
  public void times(Matrix x, Matrix result) {
    try (Matrix product = half.multiply(x)) {
      result.set(product);
    }
  }

  @Override
  public boolean inMemory() {
    return true;
  }

  @Override
  public double frobeniusNorm() {
    return half.frobeniusNorm(size);
  }
}
