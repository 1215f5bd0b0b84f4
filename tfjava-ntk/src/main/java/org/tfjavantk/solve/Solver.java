package org.tfjavantk.solve;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.linalg.Matrix;

/** Solves {@code (K + λ I) X = B} for one K. Not thread-safe. */
public interface Solver extends AutoCloseable {
  /**
   * Solves for one λ.
   *
   * @param b n x r; is left as it is
   */
  Solution solve(double ridge, Matrix b);

  /** Solves for every λ, in order; a method that shares work between them says so. */
  default List<Solution> path(double[] ridges, Matrix b) {
    List<Solution> solutions = new ArrayList<>();
    for (double ridge : ridges) {
      solutions.add(solve(ridge, b));
    }
    return solutions;
  }

  @Override
  void close();
}
