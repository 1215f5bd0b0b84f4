/** Kernels of infinite width estimated from finite networks with random parameters. */
package org.tfjavantk.sampling;
