package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Layer.SelfAttention.Embedding;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.PositionCovariance;
import org.tfjavantk.graphs.Resampling;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.graphs.Window;

/** Reads a network's layers as rules, and refuses what has no limit of infinite width. */
final class Reader {
  /**
   * What is known of the values at one place.
   *
   * @param shape of one example
   * @param flat whether the positions have become channels: the shape is still the one before
   * @param gaussian whether the values are Gaussian, given those of the last parameters
   * @param weighted whether weights came before
   */
  private record State(int[] shape, boolean flat, boolean gaussian, boolean weighted) {
    int positions() {
      return Arrays.stream(shape, 0, shape.length - 1).reduce(1, Math::multiplyExact);
    }

    int channels() {
      return shape[shape.length - 1];
    }

    int[] grid() {
      return Arrays.copyOf(shape, shape.length - 1);
    }

    State of(int[] newShape, boolean newGaussian, boolean newWeighted) {
      return new State(newShape, false, newGaussian, newWeighted);
    }

    State stays(boolean newGaussian) {
      return new State(shape, flat, newGaussian, weighted);
    }
  }

  private final String network;
  private final boolean dropout;
  private State state;

  private Reader(String network, boolean dropout, int... inputShape) {
    this.network = network;
    this.dropout = dropout;
    state = new State(inputShape.clone(), false, false, false);
  }

  /**
   * The network as a recursion to one kernel value for each pair of examples.
   *
   * @param dropout whether dropout is on, as in training
   * @throws UserException if a layer has no reading; the message names it and what to use instead
   */
  static Recursion read(Network network, boolean dropout, int... inputShape) {
    network.shape(inputShape);
    Reader reader = new Reader(network.name(), dropout, inputShape);
    List<Rule> rules = reader.through(network.layers());
    if (reader.state.flat && reader.state.positions() > 1) {
      rules.add(new FlattenRule(reader.state.positions()));
    }
    boolean positions = !reader.state.flat && reader.state.positions() > 1;
    return new Recursion(rules, new Needs(positions ? Need.FULL : Need.DIAGONAL, Need.NONE));
  }

  private List<Rule> through(List<Layer> layers) {
    List<Rule> rules = new ArrayList<>();
    for (Layer layer : layers) {
      rules.addAll(rules(layer));
    }
    return rules;
  }

  private List<Rule> rules(Layer layer) {
    if (layer instanceof Layer.Dense dense) {
      return dense(dense);
    }
    if (layer instanceof Layer.Conv conv) {
      return List.of(conv(conv, Taps.of(conv.window(), state.grid())));
    }
    if (layer instanceof Layer.ConvTranspose conv) {
      return List.of(transposed(conv));
    }
    if (layer instanceof Layer.ConvLocal conv) {
      Taps taps = Taps.of(conv.window(), state.grid());
      int fanIn = conv.window().area() * state.channels();
      Gains gains = Gains.of(conv.parametrization(), fanIn, conv.bias());
      AffineRule affine = new AffineRule(taps, state.positions(), gains);
      state = state.of(grid(conv.window(), conv.filters()), true, true);
      return List.of(affine, new IndependentRule());
    }
    if (layer instanceof Layer.Nonlinearity f) {
      if (!state.gaussian) {
        throw refused(
            layer,
            "its input is not Gaussian",
            "put a dense or convolutional layer right before the nonlinearity");
      }
      state = state.stays(false);
      return List.of(new NonlinearityRule(Dual.of(f.activation())));
    }
    if (layer instanceof Layer.LayerNorm norm) {
      if (!state.gaussian) {
        throw refused(
            layer, "its input has no mean of zero", "put it behind a dense or convolutional layer");
      }
      return List.of(new NormRule(norm.epsilon(), norm.overPositions()));
    }
    if (layer instanceof Layer.AveragePool pool) {
      return List.of(pool(pool.window(), true, pool.countPadding()));
    }
    if (layer instanceof Layer.SumPool pool) {
      return List.of(pool(pool.window(), false, true));
    }
    if (layer instanceof Layer.GlobalAveragePool || layer instanceof Layer.GlobalSumPool) {
      int positions = state.positions();
      int[][] all = new int[positions][];
      Arrays.setAll(all, p -> new int[] {p});
      state = state.of(new int[] {state.channels()}, state.gaussian, state.weighted);
      boolean mean = layer instanceof Layer.GlobalAveragePool;
      return List.of(LinearRule.sum(new Taps(all), mean, true));
    }
    if (layer instanceof Layer.Flatten) {
      boolean flat = state.shape.length > 1;
      state = new State(state.shape, flat, state.gaussian, state.weighted);
      return List.of();
    }
    if (layer instanceof Layer.Scale scale) {
      return List.of(new ScaleRule(scale.factor() * scale.factor(), false));
    }
    if (layer instanceof Layer.Dropout drop) {
      state = state.stays(false);
      return dropout ? List.of(new ScaleRule(1 / drop.keep(), true)) : List.of();
    }
    if (layer instanceof Layer.Slice slice) {
      return List.of(slice(slice));
    }
    if (layer instanceof Layer.Resize resize) {
      return List.of(resize(resize));
    }
    if (layer instanceof Layer.SelfAttention attention) {
      return List.of(attention(attention));
    }
    if (layer instanceof Layer.Residual residual) {
      List<List<Layer>> branches = List.of(residual.body(), residual.shortcut());
      return List.of(branches(layer, branches, true, BranchRule::sum));
    }
    if (layer instanceof Layer.Product product) {
      Rule rule = branches(layer, product.branches(), true, BranchRule::product);
      state = state.stays(false);
      return List.of(rule);
    }
    if (layer instanceof Layer.Concat concat) {
      return List.of(concat(concat));
    }
    if (layer instanceof Layer.BatchNorm) {
      throw refused(layer, "it depends on the batch or on moving statistics", "use a LayerNorm");
    }
    if (layer instanceof Layer.MaxPool) {
      throw refused(layer, "a maximum is not determined by covariances", "use an AveragePool");
    }
    if (layer instanceof Layer.DepthwiseConv) {
      throw refused(layer, "its channels never mix, so no average over them exists", "use a Conv");
    }
    throw new AssertionError("no kernel for " + layer);
  }

  private List<Rule> dense(Layer.Dense dense) {
    List<Rule> rules = new ArrayList<>();
    if (state.flat) {
      rules.add(new FlattenRule(state.positions()));
    }
    int fanIn = state.channels() * (state.flat ? state.positions() : 1);
    Gains gains = Gains.of(dense.parametrization(), fanIn, dense.bias());
    rules.add(new AffineRule(Taps.pointwise(1), 1, gains));
    state = state.of(new int[] {dense.outputs()}, true, true);
    return rules;
  }

  private Rule conv(Layer.Conv conv, Taps taps) {
    int fanIn = conv.window().area() * state.channels();
    Gains gains = Gains.of(conv.parametrization(), fanIn, conv.bias());
    Rule rule = new AffineRule(taps, state.positions(), gains);
    state = state.of(grid(conv.window(), conv.filters()), true, true);
    return rule;
  }

  private Rule transposed(Layer.ConvTranspose conv) {
    Window window = conv.window();
    Taps taps = Taps.transposed(window, state.grid());
    Gains gains = Gains.of(conv.parametrization(), window.area() * state.channels(), conv.bias());
    Rule rule = new AffineRule(taps, state.positions(), gains);
    int[] shape = state.shape.clone();
    Arrays.setAll(
        shape,
        axis ->
            axis == window.axes()
                ? conv.filters()
                : window.transposedAxis(axis, state.shape[axis]).output());
    state = state.of(shape, true, true);
    return rule;
  }

  private Rule pool(Window window, boolean mean, boolean countPadding) {
    Rule rule = LinearRule.sum(Taps.of(window, state.grid()), mean, countPadding);
    state = state.of(grid(window, state.channels()), state.gaussian, state.weighted);
    return rule;
  }

  private int[] grid(Window window, int channels) {
    int[] shape = new int[window.axes() + 1];
    Arrays.setAll(
        shape,
        axis -> axis == window.axes() ? channels : window.axis(axis, state.shape[axis]).output());
    return shape;
  }

  private Rule slice(Layer.Slice slice) {
    int[] shape = state.shape.clone();
    int[][] positions = new int[slice.ranges().size()][];
    for (int axis = 0; axis < positions.length; axis++) {
      Layer.Slice.Range range = slice.ranges().get(axis);
      int end = Math.min(range.end(), shape[axis]);
      positions[axis] =
          IntStream.iterate(range.start(), p -> p < end, p -> p + range.step()).toArray();
    }
    double[][][] weights = new double[positions.length][][];
    for (int axis = 0; axis < positions.length; axis++) {
      weights[axis] = new double[positions[axis].length][shape[axis]];
      for (int i = 0; i < positions[axis].length; i++) {
        weights[axis][i][positions[axis][i]] = 1;
      }
    }
    return axes(weights);
  }

  private Rule resize(Layer.Resize resize) {
    return axes(
        new double[][][] {
          Resampling.matrix(state.shape[0], resize.rows(), resize.linear()),
          Resampling.matrix(state.shape[1], resize.columns(), resize.linear())
        });
  }

  /** A linear map of each axis. */
  private Rule axes(double[][]... maps) {
    int[] shape = state.shape.clone();
    double[][] all = {{1}};
    for (int axis = 0; axis < maps.length; axis++) {
      double[][] next = new double[all.length * maps[axis].length][];
      for (int p = 0; p < next.length; p++) {
        double[] outer = all[p / maps[axis].length];
        double[] inner = maps[axis][p % maps[axis].length];
        next[p] = new double[outer.length * inner.length];
        for (int s = 0; s < next[p].length; s++) {
          next[p][s] = outer[s / inner.length] * inner[s % inner.length];
        }
      }
      all = next;
      shape[axis] = maps[axis].length;
    }
    state = state.of(shape, state.gaussian, state.weighted);
    int[][] source = new int[all.length][];
    double[][] weight = new double[all.length][];
    for (int p = 0; p < all.length; p++) {
      double[] row = all[p];
      source[p] = IntStream.range(0, row.length).filter(s -> row[s] != 0).toArray();
      weight[p] = Arrays.stream(source[p]).mapToDouble(s -> row[s]).toArray();
    }
    return new LinearRule(source, weight);
  }

  private Rule attention(Layer.SelfAttention attention) {
    boolean random = !attention.linearScaling();
    if (random && attention.mechanism() != Layer.SelfAttention.Mechanism.IDENTITY) {
      throw refused(
          attention,
          "with scores over the root of the keys only the identity has a closed form",
          "use linear_scaling, or the identity");
    }
    Embedding embedding = attention.embedding();
    double[] r = PositionCovariance.matrix(embedding, state.grid());
    double all = state.channels() + (double) embedding.channels();
    boolean beside = embedding.channels() > 0;
    int[] shape = state.shape.clone();
    shape[shape.length - 1] = attention.outputs();
    Rule rule =
        new AttentionRule(
            attention,
            r,
            beside ? state.channels() / all : 1,
            beside ? embedding.channels() / all : 1);
    state = state.of(shape, true, true);
    return rule;
  }

  private Rule concat(Layer.Concat concat) {
    int axis = concat.axis() < 0 ? state.shape.length + concat.axis() : concat.axis();
    int[] in = state.shape;
    List<int[]> shapes = new ArrayList<>();
    boolean channels = axis == in.length - 1;
    Rule[] rule = new Rule[1];
    List<List<Rule>> branches = branchRules(concat, concat.branches(), !channels, shapes);
    int[] out = shapes.get(0).clone();
    out[axis] = shapes.stream().mapToInt(s -> s[axis]).sum();
    if (channels) {
      double[] shares = shapes.stream().mapToDouble(s -> s[axis] / (double) out[axis]).toArray();
      rule[0] = new BranchRule(branches, BranchRule.channels(shares));
    } else {
      int outer = IntStream.range(0, axis).map(a -> out[a]).reduce(1, Math::multiplyExact);
      int inner =
          IntStream.range(axis + 1, out.length - 1).map(a -> out[a]).reduce(1, Math::multiplyExact);
      int[] lengths = shapes.stream().mapToInt(s -> s[axis] * inner).toArray();
      rule[0] = new BranchRule(branches, BranchRule.positions(outer, lengths));
    }
    state = state.of(out, state.gaussian && !channels, state.weighted);
    return rule[0];
  }

  private Rule branches(
      Layer layer, List<List<Layer>> branches, boolean independent, BranchRule.Join join) {
    return new BranchRule(branchRules(layer, branches, independent, new ArrayList<>()), join);
  }

  /** The branches' rules; afterwards the state is Gaussian if all are. */
  private List<List<Rule>> branchRules(
      Layer layer, List<List<Layer>> branches, boolean independent, List<int[]> shapes) {
    State before = state;
    if (before.flat) {
      throw refused(layer, "it splits a flattened image", "put the Flatten behind it");
    }
    List<List<Rule>> rules = new ArrayList<>();
    boolean gaussian = true;
    int dependent = 0;
    State after = before;
    for (List<Layer> branch : branches) {
      state = new State(before.shape, false, before.gaussian, false);
      rules.add(through(branch));
      after = state;
      if (after.flat) {
        throw refused(layer, "a branch ends in a Flatten", "put the Flatten behind it");
      }
      shapes.add(after.shape);
      gaussian &= after.gaussian;
      dependent += after.weighted ? 0 : 1;
    }
    if (independent && dependent > 1) {
      throw refused(
          layer,
          "two of its branches have no weights, so they are not independent",
          "give all but one a dense or convolutional layer");
    }
    state = new State(after.shape, false, gaussian, true);
    return rules;
  }

  private UserException refused(Layer layer, String why, String instead) {
    return new UserException(
        String.format(
            "network %s has no kernel of infinite width: %s (%s). To have one, %s.",
            network, layer.getClass().getSimpleName(), why, instead));
  }
}
