/** Kernels of infinitely wide networks: the Gaussian expectations behind their nonlinearities. */
package org.tfjavantk.infinite;
