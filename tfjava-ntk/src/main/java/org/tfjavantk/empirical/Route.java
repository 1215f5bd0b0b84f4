package org.tfjavantk.empirical;

/**
 * How a layer's part of the kernel is contracted; both are exact.
 *
 * <p>With D positions, patches of K numbers, C channels and m inner products for a pair of examples
 * (o² for all pairs of outputs, o for those of an output with itself), the multiply-adds of a pair
 * are m K C for {@link #JACOBIAN} and about D² (K + m C) for {@link #GRAM}. After Novak,
 * Sohl-Dickstein, Schoenholz, "Fast finite width neural tangent kernel", ICML 2022.
 */
enum Route {
  /** Forms the per-example gradients g and contracts ⟨g, g'⟩. */
  JACOBIAN,
  /** Σ_{p,q} ⟨a_p, a'_q⟩ ⟨δ^c_p, δ'^{c'}_q⟩ without forming the gradients. */
  GRAM;

  /**
   * What one product of the D² m entries of the Gram route's Hadamard product costs, in
   * multiply-adds.
   */
  private static final double HADAMARD = 10;

  /** The route with fewer multiply-adds. */
  static Route cheaper(LinearLayer layer, int outputs, Pairing pairing) {
    return cheaper(layer.positions(), layer.patch(), layer.channels(), outputs, pairing);
  }

  static Route cheaper(double positions, double patch, double channels, int o, Pairing pairing) {
    double products = pairing.products(o);
    double hadamard = HADAMARD * (pairing == Pairing.TRACE ? 1 : products);
    double gram = positions * positions * (patch + products * channels + hadamard);
    return gram < products * patch * channels ? GRAM : JACOBIAN;
  }
}
