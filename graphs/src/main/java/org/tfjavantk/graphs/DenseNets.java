package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;

/**
 * DenseNet-BC for 32 x 32 images (Huang, Liu, van der Maaten, Weinberger, "Densely connected
 * convolutional networks", CVPR 2017): every layer puts its new channels beside all those before.
 */
final class DenseNets {
  private DenseNets() {}

  static Network densenet121(int outputs, Parametrization p) {
    return build("densenet121", new int[] {6, 12, 24, 16}, 32, outputs, p);
  }

  private static Network build(
      String name, int[] blocks, int growth, int outputs, Parametrization p) {
    int channels = 2 * growth;
    List<Layer> layers = new ArrayList<>();
    layers.add(Blocks.conv(channels, 3, 1, p));
    for (int block = 0; block < blocks.length; block++) {
      for (int i = 0; i < blocks[block]; i++) {
        List<Layer> added =
            Blocks.join(
                Blocks.normReluConv(4 * growth, 1, 1, p), Blocks.normReluConv(growth, 3, 1, p));
        layers.add(new Layer.Concat(List.of(added, List.of())));
        channels += growth;
      }
      if (block < blocks.length - 1) {
        // The transition halves both the channels and the image.
        channels /= 2;
        layers.addAll(Blocks.normReluConv(channels, 1, 1, p));
        layers.add(new Layer.AveragePool(2, 2));
      }
    }
    layers.add(new Layer.BatchNorm());
    layers.add(Blocks.RELU);
    layers.addAll(Blocks.poolDense(outputs, p));
    return new Network(name, layers);
  }
}
