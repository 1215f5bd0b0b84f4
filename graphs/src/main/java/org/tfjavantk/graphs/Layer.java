package org.tfjavantk.graphs;

import java.util.List;

/**
 * One layer of a network, as data. Every reading of a network (as a TensorFlow graph, as a kernel
 * recursion, ...) is an exhaustive switch over these records.
 *
 * <p>Images are (height, width, channels); a convolution's kernel is (rows, columns, in, out).
 */
public sealed interface Layer {
  /**
   * z = W a + b on vectors, in the given parametrization. Parameters: kernel (in, out), bias (out).
   */
  record Dense(int outputs, boolean bias, Parametrization parametrization) implements Layer {}

  /**
   * Cross-correlation with a square kernel. {@code pad} rows and columns of zeros are added on
   * every side first. Parameters: kernel (size, size, in, filters), bias (filters).
   */
  record Conv(
      int filters, int size, int stride, int pad, boolean bias, Parametrization parametrization)
      implements Layer {}

  /**
   * A convolution of every channel by itself with {@code multiplier} square kernels. Parameters:
   * kernel (size, size, in, multiplier), bias (in * multiplier).
   */
  record DepthwiseConv(
      int multiplier, int size, int stride, int pad, boolean bias, Parametrization parametrization)
      implements Layer {}

  /**
   * y = gamma (x - mean) / sqrt(variance + epsilon) + beta for every channel. In inference mode
   * mean and variance are the moving statistics; in training mode they are those of the batch, and
   * moving <- (1 - momentum) moving + momentum batch, with the unbiased variance, as in PyTorch.
   */
  record BatchNorm(double epsilon, double momentum) implements Layer {
    /** PyTorch's defaults. */
    public BatchNorm() {
      this(1e-5, 0.1);
    }
  }

  /** A nonlinearity. */
  record Nonlinearity(Activation activation) implements Layer {}

  /** Maximum over size x size windows, without padding. */
  record MaxPool(int size, int stride) implements Layer {}

  /** Mean over size x size windows, without padding. */
  record AveragePool(int size, int stride) implements Layer {}

  /** Mean over all pixels: (h, w, c) to (c). */
  record GlobalAveragePool() implements Layer {}

  /** (h, w, c) to (h w c), row-major. */
  record Flatten() implements Layer {}

  /** y = factor x. */
  record Scale(double factor) implements Layer {}

  /** body(x) + shortcut(x); no layers are the identity. */
  record Residual(List<Layer> body, List<Layer> shortcut) implements Layer {
    public Residual {
      body = List.copyOf(body);
      shortcut = List.copyOf(shortcut);
    }
  }

  /** The branches' outputs side by side on the last axis; no layers are the identity. */
  record Concat(List<List<Layer>> branches) implements Layer {
    public Concat {
      branches = branches.stream().map(List::copyOf).toList();
    }
  }
}
