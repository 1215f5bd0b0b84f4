package org.tfjavantk.infinite;

/**
 * A block of two kernels.
 *
 * @param rows n₁
 * @param columns n₂
 * @param nngp n₁ × n₂ values, row by row
 * @param ntk n₁ × n₂ values, row by row
 */
public record SlabTile(int rows, int columns, double[] nngp, double[] ntk) {}
