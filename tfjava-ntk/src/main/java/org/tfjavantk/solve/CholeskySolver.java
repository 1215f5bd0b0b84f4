package org.tfjavantk.solve;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.linalg.ShiftedBand;
import org.tfjavantk.linalg.ShiftedCholesky;
import org.tfjavantk.linalg.ShiftedCholesky.Factor;
import org.tfjavantk.solve.Certificate.Meaning;

/**
 * Cholesky's factorization in float64, in a copy of K and no more: n³/3 operations for one λ. A
 * path of many λ shares one reduction of K to a band ({@link ShiftedBand}), 4 n³/3 operations for
 * all.
 */
public final class CholeskySolver implements Solver {
  private static final int INVERSE_ITERATIONS = 3;

  /** So many factorizations take as long as one reduction. */
  private static final int FEW = 5;

  private final Matrix matrix;
  private final ShiftedCholesky cholesky;
  private final Certifier certifier;

  private CholeskySolver(KernelSource source, Matrix matrix) {
    this.matrix = matrix;
    this.cholesky = new ShiftedCholesky(matrix);
    this.certifier = new Certifier(source, "Cholesky in float64", matrix.frobeniusNorm(), 0x1p-53);
  }

  /**
   * Reads K into memory.
   *
   * @throws org.tfjavantk.graphs.UserException when it doesn't fit
   */
  public static CholeskySolver of(KernelSource source) {
    Memory.require(
        Matrix.bytes(source.size(), source.size()),
        source.name() + ": Cholesky's factorization in memory",
        "use the solver OUT_OF_CORE or CONJUGATE_GRADIENTS, or fewer examples");
    return new CholeskySolver(source, source.dense());
  }

  @Override
  public Solution solve(double ridge, Matrix b) {
    int n = matrix.rows();
    Factor factor = cholesky.factor(n, ridge);
    if (!factor.positiveDefinite()) {
      // The report takes products with K, from its own place.
      return certifier.indefinite(
          ridge, factor.pivot(), Meaning.PIVOT, " in row " + factor.failedPivot());
    }
    double smallest = InverseIteration.smallest(n, INVERSE_ITERATIONS, cholesky::solve);
    Matrix x = b.copy();
    cholesky.solve(x);
    return new Solution.Solved(x, certificate(ridge, b, x, smallest));
  }

  private Certificate certificate(double ridge, Matrix b, Matrix x, double smallest) {
    try (Matrix product = cholesky.multiply(x)) {
      return certifier.certify(ridge, b, x, product, smallest, Meaning.ESTIMATE, 0);
    }
  }

  /** One reduction to a band for all λ, where there are more than a few. */
  @Override
  public List<Solution> path(double[] ridges, Matrix b) {
    if (ridges.length <= FEW) {
      return Solver.super.path(ridges, b);
    }
    List<Optional<Matrix>> found;
    Optional<Double> smallest = Optional.empty();
    try (ShiftedBand band = ShiftedBand.reduce(cholesky.half(), matrix.rows())) {
      found = band.solve(ridges, b);
      for (int k = 0; k < ridges.length && smallest.isEmpty(); k++) {
        smallest = band.smallestEigenvalue(java.util.Arrays.stream(ridges).sorted().toArray()[k]);
      }
    }
    List<Solution> solutions = new ArrayList<>();
    for (int k = 0; k < ridges.length; k++) {
      if (found.get(k).isPresent()) {
        Matrix x = found.get(k).get();
        double bound = smallest.orElse(Double.POSITIVE_INFINITY) + ridges[k];
        solutions.add(new Solution.Solved(x, certificate(ridges[k], b, x, bound)));
      } else {
        solutions.add(solve(ridges[k], b));
      }
    }
    return solutions;
  }

  /** {@code log det (K + λ I)}, empty where it isn't positive definite. */
  public Optional<Double> logDeterminant(double ridge) {
    return cholesky.factor(matrix.rows(), ridge).positiveDefinite()
        ? Optional.of(cholesky.logDeterminant())
        : Optional.empty();
  }

  @Override
  public void close() {
    matrix.close();
  }
}
