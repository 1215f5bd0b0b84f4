package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.graphs.Layer.SelfAttention;
import org.tfjavantk.graphs.Layer.SelfAttention.Embedding;

/**
 * Networks of other widths. A width is hidden where no layer without weights ties it to the
 * network's input or output: those of residual branches beside an identity on the input stay.
 */
final class Widening {
  private final int width;

  private Widening(int width) {
    this.width = width;
  }

  static Network of(Network network, int width) {
    List<Layer> layers = new Widening(width).widened(network.layers(), true, true);
    return new Network(network.name(), layers);
  }

  /** Layers between channels that stay as they are or don't. */
  private List<Layer> widened(List<Layer> layers, boolean inStays, boolean outStays) {
    int n = layers.size();
    boolean[] stays = new boolean[n + 1];
    stays[n] = outStays;
    for (int i = n - 1; i >= 0; i--) {
      stays[i] = stays[i + 1] && passes(layers.get(i));
    }
    stays[0] |= inStays;
    List<Layer> widened = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      stays[i + 1] |= stays[i] && ties(layers.get(i));
      widened.add(widened(layers.get(i), stays[i], stays[i + 1]));
    }
    return widened;
  }

  private Layer widened(Layer layer, boolean in, boolean out) {
    if (layer instanceof Layer.Dense dense) {
      return out ? dense : new Layer.Dense(width, dense.bias(), dense.parametrization());
    }
    if (layer instanceof Layer.Conv conv) {
      return out ? conv : new Layer.Conv(width, conv.window(), conv.bias(), conv.parametrization());
    }
    if (layer instanceof Layer.ConvTranspose conv) {
      return out
          ? conv
          : new Layer.ConvTranspose(width, conv.window(), conv.bias(), conv.parametrization());
    }
    if (layer instanceof Layer.ConvLocal conv) {
      return out
          ? conv
          : new Layer.ConvLocal(width, conv.window(), conv.bias(), conv.parametrization());
    }
    if (layer instanceof SelfAttention attention) {
      return widened(attention, out ? attention.outputs() : width);
    }
    if (layer instanceof Layer.Residual residual) {
      return new Layer.Residual(
          widened(residual.body(), in, out), widened(residual.shortcut(), in, out));
    }
    if (layer instanceof Layer.Product product) {
      return new Layer.Product(
          product.branches().stream().map(branch -> widened(branch, in, out)).toList());
    }
    if (layer instanceof Layer.Concat concat) {
      return new Layer.Concat(
          concat.branches().stream().map(branch -> widened(branch, in, out)).toList(),
          concat.axis());
    }
    return layer;
  }

  /** The counts that go to infinity: keys where scores become their mean, else heads. */
  private SelfAttention widened(SelfAttention layer, int outputs) {
    boolean linear = layer.linearScaling();
    Embedding embedding = layer.embedding();
    return new SelfAttention(
        outputs,
        linear ? layer.heads() : width,
        linear ? width : layer.keys(),
        linear ? width : layer.values(),
        layer.queryStd(),
        layer.keyStd(),
        layer.valueStd(),
        layer.outStd(),
        layer.biasStd(),
        linear,
        layer.mechanism(),
        new Embedding(
            embedding.std(),
            embedding.decay(),
            embedding.channels() > 0 ? width : 0,
            embedding.inValues()));
  }

  /** Whether the channels of the output are those of the input. */
  private static boolean ties(Layer layer) {
    if (layer instanceof Layer.Concat concat) {
      return concat.axis() != -1 && passes(concat);
    }
    return passes(layer);
  }

  /** Whether channels of the output come from those of the input. */
  private static boolean passes(Layer layer) {
    if (layer instanceof Layer.Residual residual) {
      return passes(residual.body()) || passes(residual.shortcut());
    }
    if (layer instanceof Layer.Product product) {
      return product.branches().stream().anyMatch(Widening::passes);
    }
    if (layer instanceof Layer.Concat concat) {
      return concat.branches().stream().anyMatch(Widening::passes);
    }
    return !(layer instanceof Layer.Dense
        || layer instanceof Layer.Conv
        || layer instanceof Layer.ConvTranspose
        || layer instanceof Layer.ConvLocal
        || layer instanceof SelfAttention);
  }

  private static boolean passes(List<Layer> layers) {
    return layers.stream().allMatch(Widening::passes);
  }
}
