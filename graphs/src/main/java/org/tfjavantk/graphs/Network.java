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
    return build(inputShape, precision, seed, device, LayerGraph.Mode.INFERENCE);
  }

  /**
   * As {@link #build} with dropout on. What is dropped is an example's own: after its values follow
   * those of the inputs {@code dropout0}, {@code dropout1}, ... of the dropout layers in running
   * order, in the shapes of what they drop from. An entry stays where its number, meant to be
   * uniform on [0, 1), is below the layer's {@code keep}.
   *
   * @throws UserException if a layer does not fit its input
   */
  public GraphModel buildWithDropout(
      int[] inputShape, Precision precision, long seed, DeviceChoice device) {
    return build(inputShape, precision, seed, device, LayerGraph.Mode.DROPOUT);
  }

  private GraphModel build(
      int[] inputShape, Precision precision, long seed, DeviceChoice device, LayerGraph.Mode mode) {
    return NetworkGraph.build(this, inputShape, precision, seed, device, mode);
  }

  /**
   * The network with all hidden widths equal: the outputs of every dense, convolutional and
   * attention layer become {@code width}, but those that the network's output or, past residual
   * branches without weights, its input determine. Of attention the keys and values of a head
   * become {@code width}, too, under linear scaling, else the number of heads; and so do the
   * channels of embeddings beside the input's.
   *
   * @throws IllegalArgumentException if the width is not positive
   */
  public Network widened(int width) {
    if (width < 1) {
      throw new IllegalArgumentException("width " + width);
    }
    return Widening.of(this, width);
  }
}
