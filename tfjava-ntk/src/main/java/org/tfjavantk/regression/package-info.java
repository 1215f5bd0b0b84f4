/**
 * Kernel ridge regression on stored kernels: {@code (K + ridge I) a = y} by Cholesky's
 * factorization in float64, with the ridge chosen on a validation set.
 */
package org.tfjavantk.regression;
