package org.tfjavantk.empirical;

import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.function.Supplier;
import org.tfjavantk.linalg.VectorApi;

/**
 * Sums of a square matrix A with itself, shifted along both axes at once, in float32:
 *
 * <p>S_rt = Σ_k m_kr m_kt A_{r + s_k, t + s_k}, r, t = 0 … n - 1,
 *
 * <p>where m is 1 or 0, and 0 where the shift s_k leads out of A.
 */
interface ShiftedSums {
  Optional<ShiftedSums> FAST =
      VectorApi.creator(MethodHandles.lookup(), "VectorShiftedSums", ShiftedSums.class)
          .map(Supplier::get);

  /**
   * What is summed.
   *
   * @param by s
   * @param wanted m
   */
  record Shifts(int[] by, float[][] wanted) {
    /** The largest |s|. */
    int reach() {
      int reach = 0;
      for (int s : by) {
        reach = Math.max(reach, Math.abs(s));
      }
      return reach;
    }
  }

  /** Whether it can be done for this n. */
  boolean takes(int n);

  /**
   * Writes S.
   *
   * @param from has A from {@code at} on, a row every {@code stride} numbers, and as many finite
   *     numbers before and behind it as the shifts reach
   * @param to gets S from {@code into} on, a row every {@code line} numbers
   */
  void write(
      float[] from, int at, int stride, int n, Shifts shifts, float[] to, int into, int line);
}
