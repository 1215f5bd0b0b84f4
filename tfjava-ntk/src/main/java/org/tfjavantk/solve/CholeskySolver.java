package org.tfjavantk.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.linalg.ShiftedBand;
import org.tfjavantk.linalg.ShiftedCholesky;
import org.tfjavantk.linalg.ShiftedCholesky.Factor;
import org.tfjavantk.solve.Certificate.Meaning;

/**
 * Cholesky's factorization in float64, in one copy of K and no more: n³/3 operations for one λ. A
 * path of many λ shares one reduction of K to a band ({@link ShiftedBand}), 4 n³/3 operations for
 * all. Right-hand sides of m rows, fewer than n, are those of the leading m x m block.
 */
public final class CholeskySolver implements Solver {
  private static final int INVERSE_ITERATIONS = 3;

  /** So many factorizations take as long as one reduction. */
  private static final int FEW = 5;

  private final Matrix matrix;
  private final String name;
  private final ShiftedCholesky cholesky;
  private final Map<Integer, Certifier> certifiers = new HashMap<>();

  private CholeskySolver(Matrix matrix, String name) {
    this.matrix = matrix;
    this.name = name;
    this.cholesky = new ShiftedCholesky(matrix);
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
    return inPlace(source.dense(), source.name());
  }

  /**
   * Takes over a matrix that is in memory, and closes it in the end.
   *
   * @param matrix both triangles of K
   * @param name what messages call it
   */
  public static CholeskySolver inPlace(Matrix matrix, String name) {
    return new CholeskySolver(matrix, name);
  }

  private Certifier certifier(int m) {
    return certifiers.computeIfAbsent(
        m,
        size ->
            Certifier.float64(new HalfSource(cholesky.half(), size, name), "Cholesky in float64"));
  }

  @Override
  public Solution solve(double ridge, Matrix b) {
    int m = b.rows();
    Factor factor = cholesky.factor(m, ridge);
    if (!factor.positiveDefinite()) {
      return certifier(m)
          .indefinite(ridge, factor.pivot(), Meaning.PIVOT, " in row " + factor.failedPivot());
    }
    double smallest = InverseIteration.smallest(m, INVERSE_ITERATIONS, cholesky::solve);
    Matrix x = b.copy();
    cholesky.solve(x);
    return Solution.Solved.certified(x, () -> certificate(ridge, b, x, smallest));
  }

  private Certificate certificate(double ridge, Matrix b, Matrix x, double smallest) {
    try (Matrix product = cholesky.multiply(x)) {
      return certifier(b.rows()).certify(ridge, b, x, product, smallest, Meaning.ESTIMATE, 0);
    }
  }

  /** One reduction to a band for all λ, where there are more than a few. */
  @Override
  public List<Solution> path(double[] ridges, Matrix b) {
    if (ridges.length <= FEW) {
      return Solver.super.path(ridges, b);
    }
    List<Optional<Matrix>> found;
    double smallest;
    try (ShiftedBand band = ShiftedBand.reduce(cholesky.half(), b.rows())) {
      found = band.solve(ridges, b);
      smallest =
          Arrays.stream(ridges)
              .sorted()
              .mapToObj(band::smallestEigenvalue)
              .flatMap(Optional::stream)
              .findFirst()
              .orElse(Double.POSITIVE_INFINITY);
    }
    List<Solution> solutions = new ArrayList<>();
    for (int k = 0; k < ridges.length; k++) {
      if (found.get(k).isPresent()) {
        Matrix x = found.get(k).get();
        solutions.add(new Solution.Solved(x, certificate(ridges[k], b, x, smallest + ridges[k])));
      } else {
        // The factorization tells what is wrong.
        solutions.add(solve(ridges[k], b));
      }
    }
    return solutions;
  }

  /** Factors the leading m x m block of {@code K + λ I}, and says where that fails. */
  public Factor factor(int m, double ridge) {
    return cholesky.factor(m, ridge);
  }

  /** {@code K[i, i]}. */
  public double diagonal(int i) {
    return cholesky.diagonal(i);
  }

  /** {@code K x} for the leading block of K, of the size of x. */
  public Matrix multiply(Matrix x) {
    return cholesky.multiply(x);
  }

  /** {@code K[m.., 0..m] x} for x with m rows: the block below the leading one. */
  public Matrix multiplyBelow(Matrix x) {
    return cholesky.multiplyBelow(x);
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
