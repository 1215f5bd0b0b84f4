/** Eigenvalues of stored kernels and the numbers that sum them up. */
package org.tfjavantk.spectrum;
