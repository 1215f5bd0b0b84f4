/**
 * Dense linear algebra in float64 on native memory, by OpenBLAS: Cholesky factors, triangular
 * solves and symmetric eigenvalues of matrices that may be larger than a Java array.
 */
package org.tfjavantk.linalg;
