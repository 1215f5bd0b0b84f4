package org.tfjavantk.graphs;

import java.util.List;

/**
 * The description of a network: immutable data with several readings. {@link #build} reads it as a
 * finite TensorFlow graph.
 *
 * @param name names the architecture, e.g. "lenet"
 * @param layers applied in order
 */
public record Network(String name, List<Layer> layers) {
  public Network {
    layers = List.copyOf(layers);
  }

  /**
   * The parameters and statistics in running order, named {@code conv0/kernel}, {@code conv0/bias},
   * {@code bn0/gamma}, ..., and the shape of the output.
   *
   * @param inputShape shape of one example, (h, w, c) or (d)
   * @throws UserException if a layer does not fit its input; the message names the layer
   */
  public NetworkShape shape(int... inputShape) {
    return NetworkShape.of(this, inputShape);
  }

  /**
   * The graph of the network, its parameters drawn with the seed.
   *
   * @param inputShape shape of one example
   * @throws UserException if a layer does not fit its input
   */
  public GraphModel build(int[] inputShape, Precision precision, long seed, DeviceChoice device) {
    return NetworkGraph.build(this, inputShape, precision, seed, device);
  }
}
