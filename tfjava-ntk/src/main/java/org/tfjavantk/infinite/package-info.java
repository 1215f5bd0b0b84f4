/**
 * Kernels of infinitely wide networks, the Gaussian expectations behind their nonlinearities, and
 * kernels in closed form without a network.
 */
package org.tfjavantk.infinite;
