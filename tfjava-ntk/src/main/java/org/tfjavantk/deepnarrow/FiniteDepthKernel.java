package org.tfjavantk.deepnarrow;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;

/**
 * The tangent kernel at the custom initialisation, exact at any depth. There the backward signal of
 * output k is 1/P at every position of out channel k, in every layer, so that only the weights into
 * that channel have a derivative: the means m_δ of what they read. With the pre-activation {@code
 * g_1 = v_1 ∗ x + b_1, g_ℓ = C v_ℓ ∗ x + b_ℓ} of the mid neurons and {@code a_ℓ = relu(g_ℓ)},
 *
 * <pre>
 * Θ_kk'(x, y) = δ_kk' { 1 + ⟨m(x), m(y)⟩
 *                       + Σ_ℓ=1..L [1 + C²⟨m(x), m(y)⟩ + outputs C² ρ + ⟨m(a_ℓ(x)), m(a_ℓ(y))⟩] }
 * </pre>
 *
 * where m(x) holds m_δ of every input channel ({@link Image#tapMeans}) and ρ is {@link
 * Image#coverage}. On vectors m(x) = x and ρ = 1. Inputs must not be negative.
 */
public final class FiniteDepthKernel {
  private final DeepNarrow network;
  private final double[][] weights;
  private final double[] biases;

  public FiniteDepthKernel(DeepNarrow network, MidNeurons mid) {
    this.network = network;
    this.weights = new double[network.depth()][];
    this.biases = new double[network.depth()];
    for (int layer = 0; layer < biases.length; layer++) {
      weights[layer] = mid.weights(layer);
      biases[layer] = mid.bias(layer);
    }
  }

  /**
   * Features φ with {@code Θ_kk(x, y) = φ(x) · φ(y)}: {@code √(1 + L C²) m(x)}, {@code √(1 + L (1 +
   * outputs C² ρ))} and m(a_ℓ(x)) for every hidden layer.
   */
  double[] features(double[] x) {
    Image image = network.image();
    int taps = image.taps();
    int inputs = network.inputs();
    int depth = network.depth();
    double scale = network.scales().scale();
    double[] features = new double[taps * inputs + 1 + depth * taps];
    int at = 0;
    for (int c = 0; c < inputs; c++) {
      for (double mean : image.tapMeans(channel(x, c))) {
        features[at++] = Math.sqrt(1 + network.normalization()) * mean;
      }
    }
    double constant = 1 + network.outputs() * scale * scale * image.coverage();
    features[at++] = Math.sqrt(1 + depth * constant);
    for (int layer = 0; layer < depth; layer++) {
      double[] a = mid(x, layer);
      for (double mean : image.tapMeans(a)) {
        features[at++] = mean;
      }
    }
    return features;
  }

  private double[] channel(double[] x, int c) {
    return IntStream.range(0, network.image().positions())
        .mapToDouble(p -> x[p * network.inputs() + c])
        .toArray();
  }

  /** The map of the mid neuron after hidden layer ℓ, from 0. */
  private double[] mid(double[] x, int layer) {
    Image image = network.image();
    int inputs = network.inputs();
    double[] v = weights[layer];
    double lift = layer == 0 ? 1 : network.scales().scale();
    double[] a = new double[image.positions()];
    Arrays.fill(a, biases[layer]);
    for (int tap = 0; tap < image.taps(); tap++) {
      for (int p = 0; p < a.length; p++) {
        int source = image.source(tap, p);
        for (int c = 0; source >= 0 && c < inputs; c++) {
          a[p] += lift * v[tap * inputs + c] * x[source * inputs + c];
        }
      }
    }
    return Arrays.stream(a).map(g -> Math.max(0, g)).toArray();
  }

  /** Θ_kk(x_i, y_j), not normalised. */
  public double[][] matrix(double[][] x, double[][] y) {
    if (x.length == 0 || y.length == 0) {
      return new double[x.length][y.length];
    }
    int size = features(x[0]).length;
    double[][] theta = new double[x.length][y.length];
    try (NativeArray phiX = features(x, size);
        NativeArray phiY = features(y, size);
        NativeArray product = NativeArray.allocate(Precision.FLOAT64, (long) x.length * y.length)) {
      NativeArray.timesTransposed(
          x.length,
          y.length,
          size,
          new NativeArray.View(phiX, 0, size),
          new NativeArray.View(phiY, 0, size),
          0,
          new NativeArray.View(product, 0, y.length));
      for (int i = 0; i < x.length; i++) {
        product.get((long) i * y.length, theta[i], y.length);
      }
    }
    return theta;
  }

  private NativeArray features(double[][] x, int size) {
    NativeArray rows = NativeArray.allocate(Precision.FLOAT64, (long) x.length * size);
    for (int i = 0; i < x.length; i++) {
      rows.put((long) i * size, features(x[i]), 0, size);
    }
    return rows;
  }
}
