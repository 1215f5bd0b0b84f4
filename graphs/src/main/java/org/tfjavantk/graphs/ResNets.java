package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The CIFAR ResNets (He, Zhang, Ren, Sun, "Deep residual learning for image recognition", CVPR
 * 2016): a 3 x 3 convolution, four stages of blocks, a mean over the pixels and a dense layer. A
 * stage has twice the channels of the one before and begins by halving the image.
 */
final class ResNets {
  private ResNets() {}

  private enum Block {
    /** Two 3 x 3 convolutions. */
    BASIC(1),
    /** A 3 x 3 convolution between two of 1 x 1; what leaves it is four times as wide. */
    BOTTLENECK(4);

    final int expansion;

    Block(int expansion) {
      this.expansion = expansion;
    }
  }

  static Network of(int depth, int width, int outputs, Parametrization p) {
    return switch (depth) {
      case 9 -> build(depth, Block.BASIC, new int[] {1, 1, 1, 1}, width, outputs, p);
      case 18 -> build(depth, Block.BASIC, new int[] {2, 2, 2, 2}, width, outputs, p);
      case 34 -> build(depth, Block.BASIC, new int[] {3, 4, 6, 3}, width, outputs, p);
      case 50 -> build(depth, Block.BOTTLENECK, new int[] {3, 4, 6, 3}, width, outputs, p);
      case 68 -> build(depth, Block.BASIC, new int[] {3, 4, 23, 3}, width, outputs, p);
      case 101 -> build(depth, Block.BOTTLENECK, new int[] {3, 4, 23, 3}, width, outputs, p);
      case 152 -> build(depth, Block.BOTTLENECK, new int[] {3, 8, 36, 3}, width, outputs, p);
      default ->
          throw new IllegalArgumentException(
              "there is no ResNet-" + depth + "; depths are 9, 18, 34, 50, 68, 101, 152");
    };
  }

  private static Network build(
      int depth, Block block, int[] blocks, int width, int outputs, Parametrization p) {
    List<Layer> layers = new ArrayList<>(Blocks.convNormRelu(width, 3, 1, p));
    int channels = width;
    for (int stage = 0; stage < blocks.length; stage++) {
      int inner = width << stage;
      int[] strides = new int[blocks[stage]];
      Arrays.fill(strides, 1);
      strides[0] = stage == 0 ? 1 : 2;
      for (int stride : strides) {
        int out = block.expansion * inner;
        layers.add(
            new Layer.Residual(
                body(block, inner, stride, p),
                // projected where the shape changes
                stride == 1 && channels == out ? List.of() : Blocks.convNorm(out, 1, stride, p)));
        layers.add(Blocks.RELU);
        channels = out;
      }
    }
    layers.addAll(Blocks.poolDense(outputs, p));
    return new Network("resnet" + depth, layers);
  }

  private static List<Layer> body(Block block, int channels, int stride, Parametrization p) {
    return switch (block) {
      case BASIC ->
          Blocks.join(
              Blocks.convNormRelu(channels, 3, stride, p), Blocks.convNorm(channels, 3, 1, p));
      case BOTTLENECK ->
          Blocks.join(
              Blocks.convNormRelu(channels, 1, 1, p),
              Blocks.convNormRelu(channels, 3, stride, p),
              Blocks.convNorm(block.expansion * channels, 1, 1, p));
    };
  }
}
