package org.tfjavantk.solve;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.SymmetricEigen;
import org.tfjavantk.solve.Certificate.Meaning;

/**
 * Preconditioned conjugate gradients, one iteration for every right-hand side, their products with
 * K shared. It needs nothing of K but products, so K may be on disk or nowhere.
 *
 * <p>The least Ritz value of {@code P⁻¹ (K + λ I)}, which comes from the coefficients of the
 * iteration, stands for the smallest eigenvalue: P is at least I, so that the eigenvalues of the
 * product are not above those of {@code K + λ I}. See Saad, "Iterative methods for sparse linear
 * systems", 6.7 and 9.2.
 */
public final class ConjugateGradients implements Solver {
  /** Residuals that were updated drift from the true ones: from those, it starts again so often. */
  private static final int RESTARTS = 5;

  private final KernelSource source;
  private final Settings settings;
  private final Preconditioner preconditioner;
  private final Certifier certifier;

  /** Hears of every iteration. */
  public interface Listener {
    /** The largest relative residual of a right-hand side, as the recurrence has it. */
    void iterated(int iteration, double residual);
  }

  /**
   * How to iterate.
   *
   * @param tolerance relative residual ‖b − A x‖ / ‖b‖ at which a right-hand side is solved
   * @param iterations most of them
   * @param preconditioner which
   * @param rank of the preconditioner
   * @param seed of the random vectors of the preconditioner
   * @param checkpoint file from which an interrupted solve goes on; null for none
   * @param every iterations between checkpoints
   * @param listener hears of the progress
   */
  public record Settings(
      double tolerance,
      int iterations,
      Preconditioners.Kind preconditioner,
      int rank,
      long seed,
      Path checkpoint,
      int every,
      Listener listener) {
    /** Without checkpoints. */
    public static Settings of(
        double tolerance, int iterations, Preconditioners.Kind preconditioner, int rank) {
      return new Settings(
          tolerance, iterations, preconditioner, rank, 0, null, 1, (i, residual) -> {});
    }
  }

  private ConjugateGradients(KernelSource source, Settings settings) {
    this.source = source;
    this.settings = settings;
    this.preconditioner =
        Preconditioners.of(settings.preconditioner(), source, settings.rank(), settings.seed());
    this.certifier =
        Certifier.float64(
            source,
            preconditioner.rank() == 0
                ? "conjugate gradients"
                : "conjugate gradients with "
                    + settings.preconditioner()
                    + " of rank "
                    + preconditioner.rank());
  }

  /** Makes the preconditioner. */
  public static ConjugateGradients of(KernelSource source, Settings settings) {
    return new ConjugateGradients(source, settings);
  }

  /** The preconditioner that was made. */
  public Preconditioner preconditioner() {
    return preconditioner;
  }

  @Override
  public Solution solve(double ridge, Matrix b) {
    int r = b.columns();
    double[] sizes = b.columnNorms();
    CgState state = start(ridge, b);
    for (int restart = 0; ; restart++) {
      Optional<Double> curvature = iterate(ridge, state, sizes, b);
      if (curvature.isPresent()) {
        return certifier.indefinite(
            ridge,
            curvature.get(),
            Meaning.RAYLEIGH_QUOTIENT,
            " in iteration " + state.iteration());
      }
      Matrix x = state.solution();
      try (Matrix product = new Matrix(b.rows(), r)) {
        source.times(x, product);
        double smallest = smallestRitz(state);
        Certificate certificate =
            certifier.certify(ridge, b, x, product, smallest, Meaning.ESTIMATE, state.iteration());
        if (certificate.worstResidual() <= settings.tolerance()) {
          deleteCheckpoint();
          return new Solution.Solved(x, certificate);
        }
        if (restart == RESTARTS || state.iteration() >= settings.iterations()) {
          x.close();
          return unconverged(certificate);
        }
        x.close();
        state.restart(product);
      }
    }
  }

  private CgState start(double ridge, Matrix b) {
    return settings.checkpoint() == null
        ? CgState.of(b)
        : CgCheckpoint.read(settings.checkpoint(), key(ridge, b)).orElseGet(() -> CgState.of(b));
  }

  /** What a checkpoint must be of to go on from it. */
  private String key(double ridge, Matrix b) {
    int[] content = {0};
    for (int i = 0; i < b.rows(); i++) {
      content[0] = 31 * content[0] + Arrays.hashCode(b.getRow(i));
    }
    return String.join(
        " ",
        source.name(),
        b.rows() + "x" + b.columns(),
        "ridge " + ridge,
        "right-hand sides " + content[0],
        settings.preconditioner() + " " + preconditioner.rank() + " seed " + settings.seed());
  }

  private void deleteCheckpoint() {
    if (settings.checkpoint() != null) {
      CgCheckpoint.delete(settings.checkpoint());
    }
  }

  private Solution unconverged(Certificate found) {
    return new Solution.Failed(
        found,
        String.format(
            Locale.ROOT,
            "%s: %s reached a relative residual of %.1e in %d iterations, not %.1e, at a ridge of %s (condition number about %.1e). Allow more iterations, take a preconditioner of a higher rank, raise the ridge, or use the solver CHOLESKY or OUT_OF_CORE",
            source.name(),
            found.method(),
            found.worstResidual(),
            found.iterations(),
            settings.tolerance(),
            found.ridge(),
            found.condition()),
        Double.NaN);
  }

  /** Iterates until all is solved; a Rayleigh quotient that isn't positive ends it. */
  private Optional<Double> iterate(double ridge, CgState state, double[] sizes, Matrix b) {
    int[] active = state.active(settings.tolerance(), sizes);
    String key = settings.checkpoint() == null ? "" : key(ridge, b);
    while (active.length > 0 && state.iteration() < settings.iterations()) {
      if (state.fresh()) {
        precondition(ridge, state, active);
      }
      try (Matrix p = state.directions(active);
          Matrix q = new Matrix(p.rows(), active.length)) {
        source.times(p, q);
        double[][] products = q.columnsToArrays();
        for (int k = 0; k < active.length; k++) {
          double quotient = state.step(active[k], ridge, products[k]);
          if (!(quotient > 0)) {
            return Optional.of(quotient);
          }
        }
      }
      state.advance();
      settings.listener().iterated(state.iteration(), state.worst(sizes));
      active = state.active(settings.tolerance(), sizes);
      if (active.length > 0) {
        precondition(ridge, state, active);
      }
      if (settings.checkpoint() != null && state.iteration() % settings.every() == 0) {
        CgCheckpoint.write(settings.checkpoint(), key, state);
      }
    }
    return Optional.empty();
  }

  private void precondition(double ridge, CgState state, int[] active) {
    try (Matrix r = state.residuals(active);
        Matrix z = new Matrix(r.rows(), active.length)) {
      preconditioner.apply(ridge, r, z);
      double[][] preconditioned = z.columnsToArrays();
      for (int k = 0; k < active.length; k++) {
        state.turn(active[k], preconditioned[k]);
      }
      state.turned();
    }
  }

  /** Of the tridiagonal matrix of Lanczos's method that the first right-hand side gives. */
  private static double smallestRitz(CgState state) {
    double[] alpha = state.alphas();
    double[] beta = state.betas();
    int k = alpha.length;
    if (k == 0) {
      return Double.NaN;
    }
    try (Matrix t = new Matrix(k, k)) {
      for (int i = 0; i < k; i++) {
        t.set(i, i, 1 / alpha[i] + (i > 0 ? beta[i - 1] / alpha[i - 1] : 0));
        if (i + 1 < k) {
          t.set(i, i + 1, Math.sqrt(beta[i]) / alpha[i]);
        }
      }
      return Arrays.stream(SymmetricEigen.values(t)).min().orElse(Double.NaN);
    }
  }

  @Override
  public void close() {
    preconditioner.close();
  }
}
