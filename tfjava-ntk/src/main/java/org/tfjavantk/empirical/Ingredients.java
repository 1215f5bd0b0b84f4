package org.tfjavantk.empirical;

import org.tfjavantk.linalg.NativeArray;

/**
 * What the gradients of a {@link LinearLayer} are made of.
 *
 * @param inputs a of every example, one after the other
 * @param cotangents δ^c_p = ∂f_c/∂z_p of every example, (n, D, o, C)
 */
record Ingredients(NativeArray inputs, NativeArray cotangents) implements Factor {}
