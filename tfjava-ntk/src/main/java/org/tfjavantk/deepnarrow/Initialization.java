package org.tfjavantk.deepnarrow;

import org.tfjavantk.random.RandomStream;

/**
 * How the parameters of a deep narrow network are drawn. A layer's parameters are one array: its
 * weights, (tap, channel read, channel made) row-major, and as last row its biases.
 */
public enum Initialization {
  /**
   * Lee et al. (ICML 2022). All weights are zero but for the middle tap, which hands on the in
   * group (the head multiplies it by C) and the out group, and for what the mid neuron reads of the
   * in group. Biases are 0 (in), N(0, C²β²) (mid) and, in the head, C (out); the tail picks the out
   * group and subtracts C. The output is 0 for every input.
   */
  CUSTOM {
    @Override
    public double[] layer(DeepNarrow network, long seed, int trial, int layer) {
      int taps = network.image().taps();
      int fanIn = network.fanIn(layer);
      int fanOut = network.fanOut(layer);
      int inputs = network.inputs();
      double scale = network.scales().scale();
      double[] values = new double[network.weights(layer) + fanOut];
      int middle = taps / 2 * fanIn * fanOut;
      int biases = network.weights(layer);
      if (layer == network.depth()) {
        for (int k = 0; k < fanOut; k++) {
          values[middle + (inputs + 1 + k) * fanOut + k] = 1;
          values[biases + k] = -scale;
        }
        return values;
      }
      for (int c = 0; c < inputs; c++) {
        values[middle + c * fanOut + c] = layer == 0 ? scale : 1;
      }
      MidNeurons mid = MidNeurons.draw(network, seed, trial);
      double[] v = mid.weights(layer);
      for (int i = 0; i < v.length; i++) {
        values[(i / inputs * fanIn + i % inputs) * fanOut + inputs] = v[i];
      }
      values[biases + inputs] = mid.bias(layer);
      for (int c = inputs + 1; c < fanOut; c++) {
        if (layer == 0) {
          values[biases + c] = scale;
        } else {
          values[middle + c * fanOut + c] = 1;
        }
      }
      return values;
    }
  },

  /**
   * PyTorch's default: weights and biases uniform in {@code ±1/√fan-in}. At great depth the output
   * no longer depends on the input: the control of every experiment.
   */
  DEFAULT {
    @Override
    public double[] layer(DeepNarrow network, long seed, int trial, int layer) {
      double bound = 1 / Math.sqrt(network.image().taps() * network.fanIn(layer));
      RandomStream stream = RandomStream.of(seed, "deep-narrow/" + trial + "/" + layer);
      double[] values = new double[network.weights(layer) + network.fanOut(layer)];
      for (int i = 0; i < values.length; i++) {
        values[i] = bound * (2 * stream.uniform(i) - 1);
      }
      return values;
    }
  };

  /**
   * The initial parameters of layer ℓ.
   *
   * @param trial trials differ in what is random and in nothing else
   * @param layer 0 is the head, the depth the tail
   */
  public abstract double[] layer(DeepNarrow network, long seed, int trial, int layer);
}
