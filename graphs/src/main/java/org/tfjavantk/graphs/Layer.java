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
   * Cross-correlation: the weights of one window, the same at all its places. Parameters: kernel
   * (rows, columns, in, filters), bias (filters); for sequences kernel (size, in, filters).
   */
  record Conv(int filters, Window window, boolean bias, Parametrization parametrization)
      implements Layer {
    /** With a square kernel and {@code pad} rows and columns of zeros on every side. */
    public Conv(
        int filters, int size, int stride, int pad, boolean bias, Parametrization parametrization) {
      this(filters, Window.square(size, stride, pad), bias, parametrization);
    }
  }

  /**
   * A convolution whose windows lie on the output: the input is spread by the strides, with zeros
   * between, and correlated with the kernel. Parameters as for {@link Conv}; fan_in counts the
   * whole window.
   */
  record ConvTranspose(int filters, Window window, boolean bias, Parametrization parametrization)
      implements Layer {}

  /**
   * A convolution with weights of its own at every place of the window. Parameters: kernel (places,
   * window x in, filters), bias (places, filters).
   */
  record ConvLocal(int filters, Window window, boolean bias, Parametrization parametrization)
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

  /**
   * Mean over windows.
   *
   * @param countPadding whether positions beyond the edges count as zeros; else the mean is over
   *     those inside. Positions of a circular padding always count.
   */
  record AveragePool(Window window, boolean countPadding) implements Layer {
    /** Over square windows, without padding. */
    public AveragePool(int size, int stride) {
      this(Window.square(size, stride, 0), true);
    }
  }

  /** Sum over windows. */
  record SumPool(Window window) implements Layer {}

  /** Mean over all positions: (h, w, c) to (c). */
  record GlobalAveragePool() implements Layer {}

  /** Sum over all positions: (h, w, c) to (c). */
  record GlobalSumPool() implements Layer {}

  /**
   * (x - mean) / sqrt(variance + epsilon) for every example, without parameters.
   *
   * @param overPositions whether mean and variance are over channels and positions, or over the
   *     channels of each position
   */
  record LayerNorm(double epsilon, boolean overPositions) implements Layer {}

  /** In training every entry is kept with probability {@code keep} and divided by it, or zero. */
  record Dropout(double keep) implements Layer {}

  /**
   * The positions start, start + step, ... before end of every axis; all channels. An end beyond
   * the input means its end.
   */
  record Slice(List<Range> ranges) implements Layer {
    /** A range of positions. */
    public record Range(int start, int end, int step) {}

    public Slice {
      ranges = List.copyOf(ranges);
    }
  }

  /**
   * An image in another size, half-pixel centres, channel by channel.
   *
   * @param linear whether to interpolate between the pixels (with a triangle as wide as the pixels
   *     of the smaller of the two images, so that nothing is skipped), or to take the nearest
   */
  record Resize(int rows, int columns, boolean linear) implements Layer {}

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

  /** The entrywise product of the branches' outputs; no layers are the identity. */
  record Product(List<List<Layer>> branches) implements Layer {
    public Product {
      branches = branches.stream().map(List::copyOf).toList();
    }
  }

  /**
   * The branches' outputs side by side; no layers are the identity.
   *
   * @param axis counts the axes of an example, its channels last; -1 is the last
   */
  record Concat(List<List<Layer>> branches, int axis) implements Layer {
    public Concat {
      branches = branches.stream().map(List::copyOf).toList();
    }

    /** Channels side by side. */
    public Concat(List<List<Layer>> branches) {
      this(branches, -1);
    }
  }

  /**
   * Attention of all positions to all, with {@code heads} heads whose outputs are concatenated and
   * mapped to {@code outputs} channels (Vaswani et al. 2017; scaled for wide networks by Hron et
   * al. 2020). Weights are N(0, 1) times the standard deviation over the root of their fan_in.
   *
   * @param keys channels of queries and keys of a head
   * @param values channels of the values of a head
   * @param linearScaling whether scores are divided by {@code keys}, with one matrix for queries
   *     and keys; else by its root, with two
   * @param mechanism what is done to the scores of a position
   * @param embedding what is added to the input for the position
   */
  record SelfAttention(
      int outputs,
      int heads,
      int keys,
      int values,
      double queryStd,
      double keyStd,
      double valueStd,
      double outStd,
      double biasStd,
      boolean linearScaling,
      Mechanism mechanism,
      Embedding embedding)
      implements Layer {
    /** What is done to the scores of a position. */
    public enum Mechanism {
      /** exp(s) over the sum. */
      SOFTMAX,
      /** Nothing. */
      IDENTITY,
      /** max(s, 0). */
      RELU,
      /** |s|. */
      ABS
    }

    /**
     * Gaussian position embeddings with covariance std^2 exp(-decay |p - q|^2).
     *
     * @param channels added beside the input's channels; 0 where they are added to them
     * @param inValues whether the values see them too, beside queries and keys
     */
    public record Embedding(double std, double decay, int channels, boolean inValues) {
      /** None. */
      public static final Embedding NONE = new Embedding(0, 0, 0, false);
    }
  }
}
