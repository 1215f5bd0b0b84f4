package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.random.RandomStream;

/**
 * Small random networks of layers of every kind: some on an image, in a random order, some of them
 * inside residuals and concatenations, then some on the vector that is left. One seed gives one
 * network.
 */
final class RandomNetworks {
  /** The nonlinearities that they draw from. */
  static final List<Activation> ACTIVATIONS =
      List.of(Activation.RELU, Activation.RELU6, Activation.ERF, Activation.TANH, Activation.GELU);

  private final RandomStream stream;
  private long drawn;
  private int[] shape;

  private RandomNetworks(long seed) {
    stream = RandomStream.of(seed, "network");
  }

  /** A network and the shape of its input. */
  record Sample(Network network, int[] input) {
    @Override
    public String toString() {
      return network.name();
    }
  }

  static Sample of(long seed) {
    return new RandomNetworks(seed).draw("network " + seed);
  }

  private Sample draw(String name) {
    int[] input = {integer(5, 8), integer(5, 8), integer(1, 3)};
    shape = input;
    List<Layer> layers = new ArrayList<>();
    for (int k = integer(2, 4); k > 0; k--) {
      append(layers, imageLayers());
    }
    append(layers, List.of(integer(0, 1) == 0 ? new Layer.GlobalAveragePool() : FLATTEN));
    for (int k = integer(0, 2); k > 0; k--) {
      append(layers, vectorLayers());
    }
    // The bias keeps the kernel from zero where no rectifier is active.
    append(layers, List.of(new Layer.Dense(integer(1, 4), true, parametrization())));
    return new Sample(new Network(name, layers), input);
  }

  private static final Layer FLATTEN = new Layer.Flatten();

  private void append(List<Layer> layers, List<Layer> more) {
    layers.addAll(more);
    shape = new Network("part", more).shape(shape).output();
  }

  private int integer(int least, int most) {
    return least + stream.integer(drawn++, most - least + 1);
  }

  private boolean chance() {
    return integer(0, 1) == 0;
  }

  private Parametrization parametrization() {
    return chance() ? Parametrization.STANDARD : new Parametrization.Ntk(1.5, 0.2);
  }

  private Layer activation() {
    return new Layer.Nonlinearity(ACTIVATIONS.get(integer(0, ACTIVATIONS.size() - 1)));
  }

  /** A window that fits the image. */
  private int window() {
    return integer(1, Math.min(3, Math.min(shape[0], shape[1])));
  }

  /** Any layer, with a nonlinearity behind those with weights. */
  private List<Layer> imageLayers() {
    return switch (integer(0, 8)) {
      case 0, 1 ->
          List.of(
              new Layer.Conv(
                  integer(1, 5),
                  window(),
                  integer(1, 2),
                  integer(0, 1),
                  chance(),
                  parametrization()),
              activation());
      case 2 ->
          List.of(
              new Layer.DepthwiseConv(
                  integer(1, 2),
                  window(),
                  integer(1, 2),
                  integer(0, 1),
                  chance(),
                  parametrization()),
              activation());
      case 3 -> List.of(new Layer.BatchNorm(), activation());
      case 4 -> List.of(new Layer.MaxPool(window(), integer(1, 2)));
      case 5 -> List.of(new Layer.AveragePool(window(), integer(1, 2)), scale());
      case 6 -> List.of(new Layer.Residual(List.of(activation(), same(shape[2])), List.of()));
      case 7 -> projected();
      default -> List.of(concat(same(integer(1, 3)), same(integer(1, 3))), activation());
    };
  }

  private Layer scale() {
    return new Layer.Scale(integer(1, 5) / 4.0);
  }

  /** A convolution that keeps the size of the image. */
  private Layer same(int channels) {
    int pad = integer(0, 1);
    return new Layer.Conv(channels, 1 + 2 * pad, 1, pad, chance(), parametrization());
  }

  /** A strided residual, with a projection beside it. */
  private List<Layer> projected() {
    int channels = integer(1, 4);
    int stride = integer(1, 2);
    return List.of(
        new Layer.Residual(
            List.of(
                new Layer.Conv(channels, 3, stride, 1, false, parametrization()),
                new Layer.BatchNorm(),
                activation(),
                same(channels)),
            List.of(
                new Layer.Conv(channels, 1, stride, 0, false, parametrization()),
                new Layer.BatchNorm())));
  }

  /** Two branches side by side, and by chance the input. */
  private Layer concat(Layer one, Layer other) {
    List<List<Layer>> branches = new ArrayList<>();
    branches.add(List.of(activation(), one));
    branches.add(List.of(other, scale()));
    if (chance()) {
      branches.add(List.of());
    }
    return new Layer.Concat(branches);
  }

  private List<Layer> vectorLayers() {
    return switch (integer(0, 3)) {
      case 0 -> List.of(new Layer.Dense(integer(1, 7), chance(), parametrization()), activation());
      case 1 -> List.of(new Layer.BatchNorm(), activation());
      case 2 ->
          List.of(
              new Layer.Residual(
                  List.of(activation(), new Layer.Dense(shape[0], chance(), parametrization())),
                  List.of(scale())));
      default ->
          List.of(
              concat(
                  new Layer.Dense(integer(1, 4), chance(), parametrization()),
                  new Layer.Dense(integer(1, 4), chance(), parametrization())),
              activation());
    };
  }
}
