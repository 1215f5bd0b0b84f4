package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;

/**
 * VGG for 32 x 32 images (Simonyan, Zisserman, "Very deep convolutional networks for large-scale
 * image recognition", ICLR 2015) with batch norm and one dense layer: five stages of 3 x 3
 * convolutions, each with max pooling at its end.
 */
final class VggNets {
  private VggNets() {}

  static Network of(int depth, int outputs, Parametrization p) {
    return switch (depth) {
      case 11 -> build(depth, new int[] {1, 1, 2, 2, 2}, outputs, p);
      case 13 -> build(depth, new int[] {2, 2, 2, 2, 2}, outputs, p);
      default ->
          throw new IllegalArgumentException("there is no VGG-" + depth + "; depths are 11, 13");
    };
  }

  private static Network build(int depth, int[] convolutions, int outputs, Parametrization p) {
    int[] channels = {64, 128, 256, 512, 512};
    List<Layer> layers = new ArrayList<>();
    for (int stage = 0; stage < convolutions.length; stage++) {
      for (int i = 0; i < convolutions[stage]; i++) {
        layers.add(new Layer.Conv(channels[stage], 3, 1, 1, true, p));
        layers.add(new Layer.BatchNorm());
        layers.add(Blocks.RELU);
      }
      layers.add(new Layer.MaxPool(2, 2));
    }
    // One pixel is left of 32 x 32; of larger images the mean is taken.
    layers.addAll(Blocks.poolDense(outputs, p));
    return new Network("vgg" + depth, layers);
  }
}
