package org.tfjavantk.empirical;

import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.function.Supplier;
import org.tfjavantk.linalg.VectorApi;

/**
 * The sums Σ_{p,q} G_pq ⟨δ^c_p, δ'^{c'}_q⟩ of a pair of examples for all outputs c, c', in float32,
 * by way of ż^{c'}_p = Σ_q G_pq δ'^{c'}_q, which is never held as a whole. For that, the cotangents
 * of the examples are brought into orders of their own.
 */
interface TangentSums {
  /** Creates one, where there is one that is faster than products of matrices. */
  Optional<Supplier<TangentSums>> FAST =
      VectorApi.creator(MethodHandles.lookup(), "VectorTangentSums", TangentSums.class);

  /** The numbers of an example's cotangents in this order. */
  int size(int positions, int outputs, int channels);

  /** Writes the cotangents δ, (D, o, C), in their order, from a place on. */
  void arrangeLeft(
      float[] cotangents, int positions, int outputs, int channels, float[] into, int to);

  /** Writes the cotangents δ', (D, o, C), in theirs. */
  void arrangeRight(float[] cotangents, int positions, int outputs, int channels, float[] into);

  /**
   * Writes the sums (o, o).
   *
   * @param gram G, (D, D)
   * @param left arranged cotangents δ, from {@code at} on
   * @param right arranged cotangents δ'
   */
  void sums(
      float[] gram,
      int positions,
      int outputs,
      int channels,
      float[] left,
      int at,
      float[] right,
      float[] sums);
}
