package org.tfjavantk.graphs;

import static java.util.stream.Collectors.joining;

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
      String kind = kind(layer);
      return kind + (next.merge(kind, 1, Integer::sum) - 1);
    }

    private static String kind(Layer layer) {
      if (layer instanceof Layer.Dense) {
        return "dense";
      }
      if (layer instanceof Layer.DepthwiseConv) {
        return "depthwise";
      }
      if (layer instanceof Layer.BatchNorm) {
        return "bn";
      }
      if (layer instanceof Layer.ConvTranspose) {
        return "transpose";
      }
      if (layer instanceof Layer.SelfAttention) {
        return "attention";
      }
      return layer instanceof Layer.ConvLocal ? "local" : "conv";
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
            new int[] {dense.outputs()},
            dense.bias(),
            dense.parametrization());
        return new int[] {dense.outputs()};
      }
      if (layer instanceof Layer.Conv conv) {
        int[] out = window(layer, in, conv.window(), conv.filters());
        kernel(layer, in, conv.window(), conv.filters(), conv.bias(), conv.parametrization());
        return out;
      }
      if (layer instanceof Layer.ConvTranspose conv) {
        int[] out = places(layer, in, conv.window(), conv.filters(), conv.window()::transposedAxis);
        kernel(layer, in, conv.window(), conv.filters(), conv.bias(), conv.parametrization());
        return out;
      }
      if (layer instanceof Layer.ConvLocal conv) {
        int[] out = window(layer, in, conv.window(), conv.filters());
        int places = Shapes.size(out) / conv.filters();
        int fanIn = conv.window().area() * in[in.length - 1];
        weights(
            layer,
            new int[] {places, fanIn, conv.filters()},
            fanIn,
            new int[] {places, conv.filters()},
            conv.bias(),
            conv.parametrization());
        return out;
      }
      if (layer instanceof Layer.DepthwiseConv conv) {
        requireImage(layer, in);
        int filters = in[2] * conv.multiplier();
        Window window = Window.square(conv.size(), conv.stride(), conv.pad());
        int[] out = window(layer, in, window, filters);
        int[] kernel = {conv.size(), conv.size(), in[2], conv.multiplier()};
        int[] bias = {filters};
        weights(layer, kernel, window.area(), bias, conv.bias(), conv.parametrization());
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
        Window window = Window.square(pool.size(), pool.stride(), 0);
        return window(layer, in, window, in[in.length - 1]);
      }
      if (layer instanceof Layer.AveragePool pool) {
        return window(layer, in, pool.window(), in[in.length - 1]);
      }
      if (layer instanceof Layer.SumPool pool) {
        return window(layer, in, pool.window(), in[in.length - 1]);
      }
      if (layer instanceof Layer.GlobalAveragePool || layer instanceof Layer.GlobalSumPool) {
        require(in.length > 1, layer, in, "an image or a sequence");
        return new int[] {in[in.length - 1]};
      }
      if (layer instanceof Layer.Slice slice) {
        return slice(slice, in);
      }
      if (layer instanceof Layer.SelfAttention attention) {
        require(in.length > 1, layer, in, "an image or a sequence");
        parameters.addAll(AttentionGraph.parameters(attention, names.of(layer), in));
        int[] out = in.clone();
        out[in.length - 1] = attention.outputs();
        return out;
      }
      if (layer instanceof Layer.Resize resize) {
        requireImage(layer, in);
        return new int[] {resize.rows(), resize.columns(), in[2]};
      }
      if (layer instanceof Layer.Flatten) {
        return new int[] {Shapes.size(in)};
      }
      if (layer instanceof Layer.Residual residual) {
        return same(layer, in, List.of(residual.body(), residual.shortcut()));
      }
      if (layer instanceof Layer.Product product) {
        return same(layer, in, product.branches());
      }
      if (layer instanceof Layer.Concat concat) {
        return concat(concat, in);
      }
      if (layer instanceof Layer.Nonlinearity
          || layer instanceof Layer.Scale
          || layer instanceof Layer.LayerNorm
          || layer instanceof Layer.Dropout) {
        return in;
      }
      throw new AssertionError("no shape for " + layer);
    }

    /** Branches whose outputs have one shape. */
    private int[] same(Layer layer, int[] in, List<List<Layer>> branches) {
      int[] out = null;
      for (List<Layer> branch : branches) {
        int[] part = through(branch, in);
        require(
            out == null || Arrays.equals(out, part),
            layer,
            in,
            "branches of one shape, found " + found(out, part));
        out = part;
      }
      require(out != null, layer, in, "a branch");
      return out;
    }

    private int[] concat(Layer.Concat concat, int[] in) {
      int[] out = null;
      for (List<Layer> branch : concat.branches()) {
        int[] part = through(branch, in);
        if (out == null) {
          out = part.clone();
          continue;
        }
        int axis = concat.axis() < 0 ? out.length + concat.axis() : concat.axis();
        int[] like = part.clone();
        boolean fits = out.length == part.length && axis >= 0 && axis < out.length;
        if (fits) {
          like[axis] = out[axis];
        }
        require(
            fits && Arrays.equals(out, like),
            concat,
            in,
            (concat.axis() == -1
                    ? "branches that differ in the last dimension only"
                    : "branches that differ in dimension " + concat.axis() + " only")
                + ", found "
                + found(out, part));
        out[axis] += part[axis];
      }
      require(out != null, concat, in, "a branch");
      return out;
    }

    private static String found(int[] a, int[] b) {
      return a == null ? "none" : Shapes.text(a) + " and " + Shapes.text(b);
    }

    private int[] slice(Layer.Slice slice, int[] in) {
      int axes = slice.ranges().size();
      require(in.length == axes + 1, slice, in, axes + " axes of positions and channels");
      int[] out = in.clone();
      for (int axis = 0; axis < axes; axis++) {
        Layer.Slice.Range range = slice.ranges().get(axis);
        int end = Math.min(range.end(), in[axis]);
        require(
            range.start() >= 0 && range.start() < end && range.step() > 0,
            slice,
            in,
            "positions in " + range);
        out[axis] = (end - range.start() + range.step() - 1) / range.step();
      }
      return out;
    }

    /** The variables of weights that are shared by all places of a window. */
    private void kernel(
        Layer layer,
        int[] in,
        Window window,
        int filters,
        boolean bias,
        Parametrization parametrization) {
      int axes = window.axes();
      int[] kernel = new int[axes + 2];
      for (int axis = 0; axis < axes; axis++) {
        kernel[axis] = window.size().get(axis);
      }
      kernel[axes] = in[axes];
      kernel[axes + 1] = filters;
      weights(layer, kernel, window.area() * in[axes], new int[] {filters}, bias, parametrization);
    }

    private void weights(
        Layer layer,
        int[] kernel,
        int fanIn,
        int[] biasShape,
        boolean bias,
        Parametrization parametrization) {
      String name = names.of(layer);
      add(name + "/kernel", kernel, parametrization.weights(fanIn), true);
      if (bias) {
        add(name + "/bias", biasShape, parametrization.bias(fanIn), true);
      }
    }

    private void add(String name, int[] shape, Initializer initializer, boolean trainable) {
      parameters.add(new ParameterSpec(name, shape, initializer, trainable));
    }

    private interface Places {
      Window.Axis axis(int axis, int length);
    }

    private int[] window(Layer layer, int[] in, Window window, int channels) {
      return places(layer, in, window, channels, window::axis);
    }

    private int[] places(Layer layer, int[] in, Window window, int channels, Places places) {
      if (window.axes() == 2) {
        requireImage(layer, in);
      } else {
        require(in.length == 2, layer, in, "a sequence (length, channels)");
      }
      int[] out = new int[in.length];
      out[in.length - 1] = channels;
      for (int axis = 0; axis < window.axes(); axis++) {
        try {
          out[axis] = places.axis(axis, in[axis]).output();
        } catch (IllegalArgumentException e) {
          String size = window.size().stream().map(String::valueOf).collect(joining(" x "));
          require(false, layer, in, "an image of at least " + size);
        }
      }
      return out;
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
