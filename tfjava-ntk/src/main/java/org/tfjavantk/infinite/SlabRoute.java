package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.tfjavantk.graphs.Precision;

/** Stacks of convolutions with ReLU, by slabs. */
final class SlabRoute implements KernelRoute<List<SlabExample>> {
  private final SlabKernel kernel;

  SlabRoute(SlabStack stack, Precision precision) {
    kernel = new SlabKernel(stack, precision);
  }

  @Override
  public List<SlabExample> side(double[] x, int count) {
    int size = x.length / count;
    List<double[]> images = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      images.add(Arrays.copyOfRange(x, i * size, (i + 1) * size));
    }
    return kernel.prepare(images);
  }

  @Override
  public void tile(
      List<SlabExample> rows, List<SlabExample> columns, boolean alone, KernelTarget target) {
    SlabTile tile = kernel.tile(rows, columns, finished -> {});
    for (int row = 0; row < tile.rows(); row++) {
      int at = row * tile.columns();
      target.put(KernelKind.NNGP, row, 0, tile.nngp(), at, tile.columns());
      target.put(KernelKind.NTK, row, 0, tile.ntk(), at, tile.columns());
    }
  }
}
