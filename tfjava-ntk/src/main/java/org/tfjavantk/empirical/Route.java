package org.tfjavantk.empirical;

import java.util.Comparator;
import java.util.stream.Stream;

/**
 * How a layer's part of the kernel is contracted; all are exact.
 *
 * <p>With D positions, patches of K numbers, C channels and m inner products for a pair of examples
 * (o² for all pairs of outputs, o for those of an output with itself), the multiply-adds of a pair
 * are m K C for {@link #JACOBIAN}, about D² m C for {@link #GRAM} and about D² o C + D o² C for
 * {@link #TANGENT}; the last two need the inner products of the patches besides, see {@link
 * PatchGram}. The first two and others are in Novak, Sohl-Dickstein, Schoenholz, "Fast finite width
 * neural tangent kernel", ICML 2022.
 */
enum Route {
  /** Forms the per-example gradients g and contracts ⟨g, g'⟩. */
  JACOBIAN,
  /** Σ_{p,q} ⟨a_p, a'_q⟩ ⟨δ^c_p, δ'^{c'}_q⟩ without forming the gradients. */
  GRAM,
  /** ż^{c'}_p = Σ_q ⟨a_p, a'_q⟩ δ'^{c'}_q and then Σ_p ⟨δ^c_p, ż^{c'}_p⟩. */
  TANGENT;

  /** The route that takes the least time. */
  static Route cheaper(LinearLayer layer, int outputs, Pairing pairing) {
    return Stream.of(values())
        .min(Comparator.comparingDouble(route -> route.cost(layer, outputs, pairing)))
        .orElseThrow();
  }

  /** What a pair costs, in multiply-adds of a large product. */
  private double cost(LinearLayer layer, int outputs, Pairing pairing) {
    return this == JACOBIAN
        ? pairing.products(outputs) * layer.patch() * layer.channels()
        : PairRoute.of(this, layer, pairing, outputs).cost();
  }
}
