package org.tfjavantk.solve;

import java.nio.file.Path;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.solve.Certificate.Meaning;
import org.tfjavantk.store.KernelStore;

/** Cholesky's factorization on disk ({@link TiledCholesky}), one factor for each λ. */
public final class TiledSolver implements Solver {
  /** Each reads the factor twice. */
  private static final int INVERSE_ITERATIONS = 2;

  private final KernelStore kernel;
  private final StoreSource source;
  private final Path scratch;
  private final long memory;
  private final TiledCholesky.Progress progress;
  private Certifier certifier;

  /**
   * @param scratch folder in which the factors lie, {@code factor-RIDGE.zarr}
   * @param memory bytes that may be held
   * @param progress is told of every panel
   */
  public TiledSolver(
      KernelStore kernel, Path scratch, long memory, TiledCholesky.Progress progress) {
    this.kernel = kernel;
    this.source = new StoreSource(kernel);
    this.scratch = scratch;
    this.memory = memory;
    this.progress = progress;
  }

  /** Where the factor for a ridge lies. */
  public Path directory(double ridge) {
    return scratch.resolve("factor-" + ridge + ".zarr");
  }

  @Override
  public Solution solve(double ridge, Matrix b) {
    TiledCholesky factor = TiledCholesky.factor(kernel, ridge, directory(ridge), memory, progress);
    if (certifier == null) {
      certifier = Certifier.float64(source, "Cholesky in float64 on disk");
    }
    if (factor.failedPivot() >= 0) {
      return certifier.indefinite(
          ridge, factor.pivot(), Meaning.PIVOT, " in row " + factor.failedPivot());
    }
    double smallest = InverseIteration.smallest(b.rows(), INVERSE_ITERATIONS, factor::solve);
    Matrix x = b.copy();
    factor.solve(x);
    return Solution.Solved.certified(
        x, () -> certifier.certify(ridge, b, x, smallest, Meaning.ESTIMATE, 0));
  }

  @Override
  public void close() {
    // The factors stay on disk; memory is held by the calls alone.
  }
}
