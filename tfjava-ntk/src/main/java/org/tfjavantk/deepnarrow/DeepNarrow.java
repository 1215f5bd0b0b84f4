package org.tfjavantk.deepnarrow;

import org.tfjavantk.graphs.UserException;

/**
 * A deep narrow network (Lee et al., ICML 2022). Every hidden layer has {@code W = inputs + 1 +
 * outputs} channels in three groups: <em>in</em> carries the input through the network,
 * <em>mid</em> (one) reads it with random weights, <em>out</em> carries one value for each output.
 * There are L hidden layers with ReLU (the head and L - 1 of the body) and the tail without; all
 * have biases. The output is the mean of the tail over all positions.
 *
 * <p>Images are (height, width, channel) row-major; a vector is an image of one position.
 *
 * @param inputs channels of the input (of a vector: its length)
 * @param depth L, at least 2
 * @param scales of the initial values
 */
public record DeepNarrow(Image image, int inputs, int outputs, int depth, Scales scales) {
  /**
   * Scales of the initial values.
   *
   * @param scale C, by which signals of the in and out groups are lifted above ReLU's kink
   * @param sigma σ: the mid neuron's weights are N(0, σ²/fan-in)
   * @param beta β: its biases are N(0, C²β²)
   */
  public record Scales(double scale, double sigma, double beta) {
    public Scales {
      if (!(scale > 0) || !(sigma >= 0) || !(beta >= 0)) {
        throw new IllegalArgumentException(
            "scale %s, sigma %s, beta %s".formatted(scale, sigma, beta));
      }
    }

    /** σ = β = 1. */
    public static Scales of(double scale) {
      return new Scales(scale, 1, 1);
    }
  }

  public DeepNarrow {
    if (inputs < 1 || outputs < 1 || depth < 2) {
      throw new IllegalArgumentException(
          "%d inputs, %d outputs, depth %d".formatted(inputs, outputs, depth));
    }
  }

  /** Dense layers on vectors. */
  public static DeepNarrow mlp(int inputs, int outputs, int depth, Scales scales) {
    return new DeepNarrow(Image.POINT, inputs, outputs, depth, scales);
  }

  /** Convolutions of 3 x 3 on images of {@code inputs} channels, then the mean over positions. */
  public static DeepNarrow cnn(
      int height, int width, int inputs, int outputs, int depth, Scales scales) {
    return new DeepNarrow(new Image(height, width, 3), inputs, outputs, depth, scales);
  }

  /** W, the channels of a hidden layer. */
  public int width() {
    return inputs + 1 + outputs;
  }

  /** Values of one example. */
  public int exampleSize() {
    return image.positions() * inputs;
  }

  /** Layers with parameters: head, body and tail. */
  public int layers() {
    return depth + 1;
  }

  /** The channels that layer ℓ reads; 0 is the head, {@link #depth} the tail. */
  public int fanIn(int layer) {
    return layer == 0 ? inputs : width();
  }

  /** The channels that layer ℓ makes. */
  public int fanOut(int layer) {
    return layer == depth ? outputs : width();
  }

  /** Weights of layer ℓ: (tap, channel read, channel made) row-major. */
  public int weights(int layer) {
    return image.taps() * fanIn(layer) * fanOut(layer);
  }

  /** All weights and biases. */
  public long parameterCount() {
    long head = weights(0) + fanOut(0);
    long body = Math.multiplyExact(depth - 1L, (long) weights(1) + fanOut(1));
    long tail = weights(depth) + fanOut(depth);
    return Math.addExact(head + tail, body);
  }

  /** {@code L C²}, by which the kernel is divided to have a limit. */
  public double normalization() {
    return depth * scales.scale * scales.scale;
  }

  /**
   * Refuses examples that the in group cannot carry: ReLU would cut off their negative values.
   *
   * @throws UserException if a value is negative or no number
   */
  public void requireNonNegative(double[][] examples) {
    for (int i = 0; i < examples.length; i++) {
      for (double value : examples[i]) {
        if (!(value >= 0)) {
          throw new UserException(
              "example "
                  + i
                  + " has the value "
                  + value
                  + ": the custom initialisation of a deep narrow network and the formulas of its kernel"
                  + " need inputs that are not negative. Shift the inputs (for images: no mean is"
                  + " subtracted), or take the default initialisation.");
        }
      }
    }
  }
}
