package org.tfjavantk.solve;

import java.util.function.Supplier;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;

/** What comes of solving {@code (K + λ I) X = B}. */
public sealed interface Solution extends AutoCloseable {
  /** What is known of it. */
  Certificate certificate();

  @Override
  void close();

  /**
   * The solution.
   *
   * @throws UserException when there is none; the message says what was found and what would do
   */
  default Solved orThrow() {
    if (this instanceof Failed failed) {
      throw new UserException(failed.message());
    }
    return (Solved) this;
  }

  /**
   * Solved.
   *
   * @param x X, n x r
   */
  record Solved(Matrix x, Certificate certificate) implements Solution {
    /** With a certificate that is still to be made; the solution is closed where that fails. */
    static Solved certified(Matrix x, Supplier<Certificate> certificate) {
      try {
        return new Solved(x, certificate.get());
      } catch (RuntimeException | Error e) {
        x.close();
        throw e;
      }
    }

    @Override
    public void close() {
      x.close();
    }
  }

  /**
   * Not solved.
   *
   * @param message what was found, and which λ or precision would do
   * @param sufficientRidge a λ that would do, as far as is known; NaN where λ is not the matter
   */
  record Failed(Certificate certificate, String message, double sufficientRidge)
      implements Solution {
    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
