package org.tfjavantk.regression;

import java.nio.file.Path;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.solve.ConjugateGradients;
import org.tfjavantk.solve.TiledCholesky;

/**
 * By which solver the training kernel is fitted.
 *
 * @param kind which
 * @param memory bytes that the solver may hold; 0 for what the machine has
 * @param scratch folder for factors and checkpoints; null in memory
 * @param iteration how conjugate gradients iterate
 * @param progress is told of the panels of a factorization on disk
 */
public record SystemChoice(
    Kind kind,
    long memory,
    Path scratch,
    ConjugateGradients.Settings iteration,
    TiledCholesky.Progress progress) {

  /** The solvers. */
  public enum Kind {
    /** CHOLESKY where the kernel fits into the memory, else OUT_OF_CORE. */
    AUTO,
    CHOLESKY,
    OUT_OF_CORE,
    CONJUGATE_GRADIENTS
  }

  /** Cholesky's factorization in memory. */
  static SystemChoice inMemory() {
    return new SystemChoice(Kind.CHOLESKY, 0, null, null, (done, total) -> {});
  }

  /** This choice with AUTO decided for a kernel of so many rows. */
  public SystemChoice decided(long rows) {
    if (kind != Kind.AUTO) {
      return this;
    }
    boolean fits = Matrix.bytes(rows, rows) <= budget();
    return new SystemChoice(
        fits ? Kind.CHOLESKY : Kind.OUT_OF_CORE, memory, scratch, iteration, progress);
  }

  /** Bytes that the solver may hold. */
  long budget() {
    return memory > 0 ? memory : Memory.available() / 4 * 3;
  }

  /**
   * Whether a part of the training examples is held out to choose among so many ridges. A factor on
   * disk is of all examples: of one ridge it needs no choice.
   *
   * @throws UserException when it would have to be of a part
   */
  boolean holdsOut(int ridges) {
    if (kind != Kind.OUT_OF_CORE) {
      return true;
    }
    if (ridges > 1) {
      throw new UserException(
          "kernel_regression: the solver OUT_OF_CORE factors the kernel of all training examples and holds none out; give one ridge, a data set with validation examples (dataset.validation), or the solver CONJUGATE_GRADIENTS");
    }
    return false;
  }

  TrainingSystem open(
      RegressionProblem problem, RidgeConvention convention, StratifiedSplit split) {
    return switch (kind) {
      case CHOLESKY -> new RidgeSystem(problem, convention, split);
      case OUT_OF_CORE, CONJUGATE_GRADIENTS -> new StreamedSystem(problem, convention, split, this);
      case AUTO ->
          decided(problem.train().kernel().layout().rows()).open(problem, convention, split);
    };
  }
}
