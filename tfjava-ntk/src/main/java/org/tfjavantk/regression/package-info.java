/**
 * Kernel ridge regression on stored kernels: {@code (K + ridge I) a = y} in float64, with the ridge
 * chosen on a validation set or by cross-validation.
 */
package org.tfjavantk.regression;
