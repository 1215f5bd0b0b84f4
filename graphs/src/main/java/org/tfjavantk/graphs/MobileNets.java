package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;

/** MobileNets for 32 x 32 images: convolutions of single channels, mixed by 1 x 1 convolutions. */
final class MobileNets {
  private MobileNets() {}

  /** Howard et al., "MobileNets", 2017. */
  static Network v1(int outputs, Parametrization p) {
    int[] channels = {64, 128, 128, 256, 256, 512, 512, 512, 512, 512, 512, 1024, 1024};
    List<Layer> layers = new ArrayList<>(Blocks.convNormRelu(32, 3, 1, p));
    int in = 32;
    for (int block = 0; block < channels.length; block++) {
      // The image shrinks where the channels double, after the first block; the last one keeps it.
      int stride = block > 0 && channels[block] > in ? 2 : 1;
      layers.addAll(Blocks.depthwiseNormRelu(stride, p));
      layers.addAll(Blocks.convNormRelu(channels[block], 1, 1, p));
      in = channels[block];
    }
    layers.addAll(Blocks.poolDense(outputs, p));
    return new Network("mobilenet", layers);
  }

  /** A stage of MobileNetV2; only the first of its blocks has the stride. */
  private record Stage(int expansion, int channels, int blocks, int stride) {}

  /**
   * Sandler et al., "MobileNetV2", CVPR 2018, with ReLU in place of ReLU6 and a projection where a
   * block at stride 1 changes the number of channels.
   */
  static Network v2(int outputs, Parametrization p) {
    List<Stage> stages =
        List.of(
            new Stage(1, 16, 1, 1),
            new Stage(6, 24, 2, 1),
            new Stage(6, 32, 3, 2),
            new Stage(6, 64, 4, 2),
            new Stage(6, 96, 3, 1),
            new Stage(6, 160, 3, 2),
            new Stage(6, 320, 1, 1));
    List<Layer> layers = new ArrayList<>(Blocks.convNormRelu(32, 3, 1, p));
    int in = 32;
    for (Stage stage : stages) {
      for (int block = 0; block < stage.blocks(); block++) {
        int stride = block == 0 ? stage.stride() : 1;
        invertedResidual(layers, in, stage.expansion() * in, stage.channels(), stride, p);
        in = stage.channels();
      }
    }
    layers.addAll(Blocks.convNormRelu(1280, 1, 1, p));
    layers.addAll(Blocks.poolDense(outputs, p));
    return new Network("mobilenetv2", layers);
  }

  /** Expand, convolve every channel, project without a nonlinearity; no shortcut at stride 2. */
  private static void invertedResidual(
      List<Layer> layers, int in, int inner, int out, int stride, Parametrization p) {
    List<Layer> body =
        Blocks.join(
            Blocks.convNormRelu(inner, 1, 1, p),
            Blocks.depthwiseNormRelu(stride, p),
            Blocks.convNorm(out, 1, 1, p));
    if (stride == 2) {
      layers.addAll(body);
    } else {
      layers.add(new Layer.Residual(body, in == out ? List.of() : Blocks.convNorm(out, 1, 1, p)));
    }
  }
}
