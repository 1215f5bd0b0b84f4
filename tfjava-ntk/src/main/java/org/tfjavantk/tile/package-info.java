/** Kernels computed tile by tile, whatever computes a tile. */
package org.tfjavantk.tile;
