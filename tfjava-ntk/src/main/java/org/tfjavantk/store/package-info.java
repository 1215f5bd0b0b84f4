/**
 * Kernel matrices on disk: a Zarr v3 array whose chunks are the tiles of the matrix, each with a
 * CRC-32C, each appearing whole or not at all; and its export to one {@code .npy} file.
 */
package org.tfjavantk.store;
