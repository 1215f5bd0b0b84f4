package org.tfjavantk.deepnarrow;

import org.tfjavantk.random.RandomStream;

/**
 * What is random in the custom initialisation: of each of the L mid neurons the weights with which
 * it reads the in group, and its bias.
 */
public final class MidNeurons {
  private final DeepNarrow network;
  private final RandomStream stream;

  private MidNeurons(DeepNarrow network, RandomStream stream) {
    this.network = network;
    this.stream = stream;
  }

  /** The draws of one trial; those of different trials are independent. */
  public static MidNeurons draw(DeepNarrow network, long seed, int trial) {
    return new MidNeurons(network, RandomStream.of(seed, "deep-narrow/mid/" + trial));
  }

  /** Weights v_ℓ of hidden layer ℓ, from 0: N(0, σ²/(taps · inputs)), (tap, channel) row-major. */
  public double[] weights(int layer) {
    double[] v = new double[network.image().taps() * network.inputs()];
    double deviation = network.scales().sigma() / Math.sqrt(v.length);
    for (int i = 0; i < v.length; i++) {
      v[i] = deviation * stream.normal(first(layer) + 1 + i);
    }
    return v;
  }

  /** The bias b_ℓ of hidden layer ℓ: N(0, C²β²). */
  public double bias(int layer) {
    return network.scales().scale() * network.scales().beta() * stream.normal(first(layer));
  }

  private long first(int layer) {
    return layer * (1L + network.image().taps() * network.inputs());
  }
}
