package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The shapes in a network for inputs of one shape: a walk over the layers that names the parameters
 * and finds the layers that don't fit.
 *
 * @param parameters all variables in running order
 * @param output shape of the output for one example
 */
public record NetworkShape(List<ParameterSpec> parameters, int[] output) {

  /** Number of trainable scalars, p. */
  public long parameterCount() {
    return parameters.stream()
        .filter(ParameterSpec::trainable)
        .mapToLong(ParameterSpec::size)
        .sum();
  }

  static NetworkShape of(Network network, int... inputShape) {
    Walk walk = new Walk(network.name());
    int[] output = walk.through(network.layers(), inputShape);
    return new NetworkShape(List.copyOf(walk.parameters), output);
  }

  /** Names a layer's variables: the kind of the layer and how many of that kind came before. */
  static final class Names {
    private final Map<String, Integer> next = new HashMap<>();

    String of(Layer layer) {
      String kind =
          layer instanceof Layer.Dense
              ? "dense"
              : layer instanceof Layer.DepthwiseConv
                  ? "depthwise"
                  : layer instanceof Layer.BatchNorm ? "bn" : "conv";
      return kind + (next.merge(kind, 1, Integer::sum) - 1);
    }
  }

  private static final class Walk {
    private final String network;
    private final Names names = new Names();
    private final List<ParameterSpec> parameters = new ArrayList<>();

    Walk(String network) {
      this.network = network;
    }

    int[] through(List<Layer> layers, int[] shape) {
      for (Layer layer : layers) {
        shape = through(layer, shape);
      }
      return shape;
    }

    private int[] through(Layer layer, int[] in) {
      if (layer instanceof Layer.Dense dense) {
        require(
            in.length == 1, layer, in, "a vector; put a Flatten or GlobalAveragePool before it");
        weights(
            layer,
            new int[] {in[0], dense.outputs()},
            in[0],
            dense.outputs(),
            dense.bias(),
            dense.parametrization());
        return new int[] {dense.outputs()};
      }
      if (layer instanceof Layer.Conv conv) {
        int[] out = window(layer, in, conv.size(), conv.stride(), conv.pad(), conv.filters());
        int fanIn = conv.size() * conv.size() * in[2];
        int[] kernel = {conv.size(), conv.size(), in[2], conv.filters()};
        weights(layer, kernel, fanIn, conv.filters(), conv.bias(), conv.parametrization());
        return out;
      }
      if (layer instanceof Layer.DepthwiseConv conv) {
        requireImage(layer, in);
        int filters = in[2] * conv.multiplier();
        int[] out = window(layer, in, conv.size(), conv.stride(), conv.pad(), filters);
        int[] kernel = {conv.size(), conv.size(), in[2], conv.multiplier()};
        weights(
            layer, kernel, conv.size() * conv.size(), filters, conv.bias(), conv.parametrization());
        return out;
      }
      if (layer instanceof Layer.BatchNorm) {
        String name = names.of(layer);
        int[] channels = {in[in.length - 1]};
        add(name + "/gamma", channels, new Initializer.Constant(1), true);
        add(name + "/beta", channels, new Initializer.Constant(0), true);
        add(name + "/mean", channels, new Initializer.Constant(0), false);
        add(name + "/variance", channels, new Initializer.Constant(1), false);
        return in;
      }
      if (layer instanceof Layer.MaxPool pool) {
        requireImage(layer, in);
        return window(layer, in, pool.size(), pool.stride(), 0, in[2]);
      }
      if (layer instanceof Layer.AveragePool pool) {
        requireImage(layer, in);
        return window(layer, in, pool.size(), pool.stride(), 0, in[2]);
      }
      if (layer instanceof Layer.GlobalAveragePool) {
        requireImage(layer, in);
        return new int[] {in[2]};
      }
      if (layer instanceof Layer.Flatten) {
        return new int[] {Shapes.size(in)};
      }
      if (layer instanceof Layer.Residual residual) {
        int[] body = through(residual.body(), in);
        int[] shortcut = through(residual.shortcut(), in);
        require(
            Arrays.equals(body, shortcut),
            layer,
            in,
            "branches of one shape, found " + Shapes.text(body) + " and " + Shapes.text(shortcut));
        return body;
      }
      if (layer instanceof Layer.Concat concat) {
        int[] out = null;
        for (List<Layer> branch : concat.branches()) {
          int[] part = through(branch, in);
          if (out == null) {
            out = part.clone();
          } else {
            require(
                sameButLast(out, part),
                layer,
                in,
                "branches that differ in the last dimension only, found "
                    + Shapes.text(out)
                    + " and "
                    + Shapes.text(part));
            out[out.length - 1] += part[part.length - 1];
          }
        }
        require(out != null, layer, in, "a branch");
        return out;
      }
      if (layer instanceof Layer.Nonlinearity || layer instanceof Layer.Scale) {
        return in;
      }
      throw new AssertionError("no shape for " + layer);
    }

    private static boolean sameButLast(int[] a, int[] b) {
      return a.length == b.length && Arrays.equals(a, 0, a.length - 1, b, 0, b.length - 1);
    }

    private void weights(
        Layer layer,
        int[] kernel,
        int fanIn,
        int outputs,
        boolean bias,
        Parametrization parametrization) {
      String name = names.of(layer);
      Initializer initializer =
          parametrization instanceof Parametrization.Ntk
              ? new Initializer.StandardNormal()
              : new Initializer.Uniform(1 / Math.sqrt(fanIn));
      add(name + "/kernel", kernel, initializer, true);
      if (bias) {
        add(name + "/bias", new int[] {outputs}, initializer, true);
      }
    }

    private void add(String name, int[] shape, Initializer initializer, boolean trainable) {
      parameters.add(new ParameterSpec(name, shape, initializer, trainable));
    }

    private int[] window(Layer layer, int[] in, int size, int stride, int pad, int channels) {
      requireImage(layer, in);
      int height = in[0] + 2 * pad - size;
      int width = in[1] + 2 * pad - size;
      require(height >= 0 && width >= 0, layer, in, "an image of at least " + size + " x " + size);
      return new int[] {height / stride + 1, width / stride + 1, channels};
    }

    private void requireImage(Layer layer, int[] in) {
      require(in.length == 3, layer, in, "an image (height, width, channels)");
    }

    private void require(boolean holds, Layer layer, int[] in, String wanted) {
      if (!holds) {
        throw new UserException(
            String.format(
                "network %s does not fit its input: %s got %s but needs %s.%n"
                    + "Choose another network, or change dataset.preprocess (resize, channels).",
                network, layer.getClass().getSimpleName(), Shapes.text(in), wanted));
      }
    }
  }
}
