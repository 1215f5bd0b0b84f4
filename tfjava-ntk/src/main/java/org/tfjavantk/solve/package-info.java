/**
 * Solvers of {@code (K + λ I) X = B} for a symmetric K in memory, in a store or as a product alone,
 * and a certificate for every solution.
 */
package org.tfjavantk.solve;
