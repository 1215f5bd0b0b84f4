package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;

/** Runs of layers that the image classifiers are made of. */
final class Blocks {
  static final Layer RELU = new Layer.Nonlinearity(Activation.RELU);

  private Blocks() {}

  /** A square convolution without bias that keeps the size of the image at stride 1. */
  static Layer conv(int channels, int size, int stride, Parametrization p) {
    return new Layer.Conv(channels, size, stride, size / 2, false, p);
  }

  /** conv, batch norm. */
  static List<Layer> convNorm(int channels, int size, int stride, Parametrization p) {
    return List.of(conv(channels, size, stride, p), new Layer.BatchNorm());
  }

  /** conv, batch norm, relu. */
  static List<Layer> convNormRelu(int channels, int size, int stride, Parametrization p) {
    return List.of(conv(channels, size, stride, p), new Layer.BatchNorm(), RELU);
  }

  /** batch norm, relu, conv. */
  static List<Layer> normReluConv(int channels, int size, int stride, Parametrization p) {
    return List.of(new Layer.BatchNorm(), RELU, conv(channels, size, stride, p));
  }

  /** 3 x 3 convolution of every channel by itself, batch norm, relu. */
  static List<Layer> depthwiseNormRelu(int stride, Parametrization p) {
    return List.of(new Layer.DepthwiseConv(1, 3, stride, 1, false, p), new Layer.BatchNorm(), RELU);
  }

  /** The mean of all pixels, then the outputs. */
  static List<Layer> poolDense(int outputs, Parametrization p) {
    return List.of(new Layer.GlobalAveragePool(), new Layer.Dense(outputs, true, p));
  }

  @SafeVarargs
  static List<Layer> join(List<Layer>... parts) {
    List<Layer> all = new ArrayList<>();
    for (List<Layer> part : parts) {
      all.addAll(part);
    }
    return List.copyOf(all);
  }
}
