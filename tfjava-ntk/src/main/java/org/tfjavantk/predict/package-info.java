/**
 * Predictions of wide networks from kernels: Gaussian processes, gradient flow and gradient descent
 * in function space, ensembles of networks.
 */
package org.tfjavantk.predict;
