package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;

/**
 * Wide residual networks (Zagoruyko, Komodakis, "Wide residual networks", BMVC 2016) of 28 layers:
 * three stages of four blocks with 16, 32 and 64 times {@code widen} channels. A block normalises
 * before it convolves; there is no dropout.
 */
final class WideResNets {
  private static final int BLOCKS = 4;

  private WideResNets() {}

  static Network of28(int widen, int outputs, Parametrization p) {
    List<Layer> layers = new ArrayList<>();
    layers.add(Blocks.conv(16, 3, 1, p));
    int channels = 16;
    for (int stage = 0; stage < 3; stage++) {
      int out = (16 << stage) * widen;
      for (int block = 0; block < BLOCKS; block++) {
        int stride = block == 0 && stage > 0 ? 2 : 1;
        block(layers, channels, out, stride, p);
        channels = out;
      }
    }
    layers.add(new Layer.BatchNorm());
    layers.add(Blocks.RELU);
    layers.addAll(Blocks.poolDense(outputs, p));
    return new Network("wrn28", layers);
  }

  /** y = conv(relu(bn(conv(relu(bn x))))) + shortcut. */
  private static void block(List<Layer> layers, int in, int out, int stride, Parametrization p) {
    List<Layer> second =
        List.of(new Layer.BatchNorm(), Blocks.RELU, new Layer.Conv(out, 3, 1, 1, true, p));
    if (in == out && stride == 1) {
      List<Layer> body = Blocks.join(Blocks.normReluConv(out, 3, 1, p), second);
      layers.add(new Layer.Residual(body, List.of()));
    } else {
      // Where the shape changes, the shortcut projects what both branches share: relu(bn x).
      layers.add(new Layer.BatchNorm());
      layers.add(Blocks.RELU);
      List<Layer> body = Blocks.join(List.of(Blocks.conv(out, 3, stride, p)), second);
      layers.add(new Layer.Residual(body, List.of(Blocks.conv(out, 1, stride, p))));
    }
  }
}
