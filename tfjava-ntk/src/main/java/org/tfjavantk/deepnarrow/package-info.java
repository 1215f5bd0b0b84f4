/**
 * Deep narrow networks: width {@code inputs + 1 + outputs}, depth to infinity, and the
 * initialisation with which their tangent kernel is deterministic in the limit (Lee, Choi, Ryu, No,
 * "Neural tangent kernel analysis of deep narrow neural networks", ICML 2022). The kernel in closed
 * form, its limit and what gradient descent does with it; the network itself, its training and its
 * kernel by differentiation.
 */
package org.tfjavantk.deepnarrow;
