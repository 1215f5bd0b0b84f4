package org.tfjavantk.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.graphs.Layer.SelfAttention;
import org.tfjavantk.graphs.Layer.SelfAttention.Embedding;
import org.tfjavantk.graphs.Layer.SelfAttention.Mechanism;

class WideningTest {
  private static final Layer RELU = new Layer.Nonlinearity(Activation.RELU);
  private static final Layer MEAN = new Layer.GlobalAveragePool();

  private static Layer dense(int outputs) {
    return new Layer.Dense(outputs, true, new Parametrization.Ntk(1, 1));
  }

  private static Layer conv(int filters) {
    return new Layer.Conv(filters, 3, 1, 1, false, Parametrization.STANDARD);
  }

  private static List<Layer> widened(Layer... layers) {
    Network network = new Network("net", List.of(layers)).widened(9);
    assertEquals("net", network.name());
    network.shape(4, 4, 3);
    return network.layers();
  }

  @Test
  void hiddenLayersAreWidenedAndTheLastIsNot() {
    assertEquals(
        List.of(conv(9), RELU, MEAN, dense(9), RELU, dense(2), new Layer.Scale(2)),
        widened(conv(5), RELU, MEAN, dense(6), RELU, dense(2), new Layer.Scale(2)));
    Window window = Window.square(3, 1, Padding.SAME);
    Parametrization p = new Parametrization.Gaussian(1, 1);
    assertEquals(
        List.of(
            new Layer.ConvTranspose(9, window, true, p),
            new Layer.ConvLocal(9, window, true, p),
            MEAN,
            dense(2)),
        widened(
            new Layer.ConvTranspose(4, window, true, p),
            new Layer.ConvLocal(5, window, true, p),
            MEAN,
            dense(2)));
  }

  @Test
  void branchesKeepWhatTheirShortcutTiesToInputAndOutput() {
    Layer hidden = new Layer.Residual(List.of(conv(4), RELU, conv(5)), List.of());
    Layer wide = new Layer.Residual(List.of(conv(9), RELU, conv(9)), List.of());
    assertEquals(List.of(conv(9), wide, MEAN, dense(2)), widened(conv(5), hidden, MEAN, dense(2)));
    // The shortcut passes the input's three channels on, or the network's two outputs back.
    Layer onInput = new Layer.Residual(List.of(conv(4), conv(3)), List.of());
    Layer kept = new Layer.Residual(List.of(conv(9), conv(3)), List.of());
    assertEquals(List.of(kept, RELU, conv(2), MEAN), widened(onInput, RELU, conv(2), MEAN));
    Layer atEnd = new Layer.Residual(List.of(conv(4), conv(2)), List.of(new Layer.Scale(0.5)));
    Layer end = new Layer.Residual(List.of(conv(9), conv(2)), List.of(new Layer.Scale(0.5)));
    assertEquals(List.of(conv(9), conv(2), end, MEAN), widened(conv(5), conv(2), atEnd, MEAN));
    Layer product = new Layer.Product(List.of(List.of(conv(4)), List.of(conv(4), conv(4))));
    Layer wideProduct = new Layer.Product(List.of(List.of(conv(9)), List.of(conv(9), conv(9))));
    assertEquals(List.of(wideProduct, MEAN, dense(2)), widened(product, MEAN, dense(2)));
    Layer beside = new Layer.Concat(List.of(List.of(), List.of(conv(4))));
    Layer wideBeside = new Layer.Concat(List.of(List.of(), List.of(conv(9))));
    assertEquals(List.of(wideBeside, MEAN, dense(2)), widened(beside, MEAN, dense(2)));
    Layer below = new Layer.Concat(List.of(List.of(), List.of(conv(3))), 0);
    assertEquals(List.of(below, MEAN, dense(2)), widened(below, MEAN, dense(2)));
  }

  @Test
  void attentionGrowsInWhatGoesToInfinity() {
    Embedding embedding = new Embedding(1, 2, 5, true);
    Layer linear = new SelfAttention(6, 2, 3, 4, 1, 1, 1, 1, 1, true, Mechanism.SOFTMAX, embedding);
    Layer root =
        new SelfAttention(6, 2, 3, 4, 1, 1, 1, 1, 1, false, Mechanism.IDENTITY, Embedding.NONE);
    Embedding wide = new Embedding(1, 2, 9, true);
    assertEquals(
        List.of(
            new SelfAttention(9, 2, 9, 9, 1, 1, 1, 1, 1, true, Mechanism.SOFTMAX, wide),
            new SelfAttention(9, 9, 3, 4, 1, 1, 1, 1, 1, false, Mechanism.IDENTITY, Embedding.NONE),
            MEAN,
            dense(2)),
        widened(linear, root, MEAN, dense(2)));
  }

  @Test
  void refusesNoWidth() {
    Network network = new Network("net", List.of(dense(2)));
    assertThrows(IllegalArgumentException.class, () -> network.widened(0));
  }

  /** What is dropped comes with the examples, layer by layer. */
  @Test
  void dropoutIsAnInput() {
    Network network =
        new Network(
            "net", List.of(new Layer.Dropout(0.5), new Layer.Scale(3), new Layer.Dropout(0.25)));
    try (GraphModel model =
        network.buildWithDropout(new int[] {2}, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      assertEquals(6, model.exampleSize());
      double[] x = {1, 10, 0.4, 0.6, 0.2, 0.1, 2, 20, 0.1, 0.2, 0.3, 0.1};
      assertArrayEquals(new double[] {24, 0, 0, 480}, model.predict(x, 2), 1e-12);
    }
  }
}
