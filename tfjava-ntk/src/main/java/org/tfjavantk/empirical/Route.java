package org.tfjavantk.empirical;

/**
 * How a use's part of the kernel is contracted; both are exact.
 *
 * <p>With D positions, K = kernel height · width · input channels, C output channels and o outputs,
 * the multiply-adds of one pair of examples are o² K C for {@link #JACOBIAN} and about D² (K + o²
 * C) for {@link #GRAM}. After Novak, Sohl-Dickstein, Schoenholz, "Fast finite width neural tangent
 * kernel", ICML 2022.
 */
enum Route {
  /** Forms the per-example gradients g and contracts ⟨g, g'⟩. */
  JACOBIAN,
  /** Σ_{p,q} ⟨a_p, a'_q⟩ ⟨δ^c_p, δ'^{c'}_q⟩ without forming the gradients. */
  GRAM;

  /**
   * What one product of the D²o² entries of the Gram route's Hadamard product costs, in
   * multiply-adds.
   */
  private static final long HADAMARD = 10;

  /** The route with fewer multiply-adds. */
  static Route cheaper(long positions, long inputs, long channels, long outputs) {
    long pairs = positions * positions;
    long gram = pairs * (inputs + outputs * outputs * (channels + HADAMARD));
    return gram < outputs * outputs * inputs * channels ? GRAM : JACOBIAN;
  }
}
