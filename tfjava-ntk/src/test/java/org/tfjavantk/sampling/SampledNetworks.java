package org.tfjavantk.sampling;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Layer.SelfAttention;
import org.tfjavantk.graphs.Layer.SelfAttention.Embedding;
import org.tfjavantk.graphs.Layer.SelfAttention.Mechanism;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Padding;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.Window;
import org.tfjavantk.random.RandomStream;

/** Networks with every layer that has a kernel of infinite width. */
final class SampledNetworks {
  /** Examples of every network. */
  static final int N = 3;

  private static final int[] VECTOR = {5};
  private static final int[] SEQUENCE = {5, 3};
  // Rows and columns differ, so that nobody can exchange them.
  private static final int[] IMAGE = {5, 3, 2};

  private static final Parametrization P = new Parametrization.Ntk(1.4, 0.3);
  private static final Layer RELU = new Layer.Nonlinearity(Activation.RELU);
  private static final Layer ERF = new Layer.Nonlinearity(Activation.ERF);
  private static final Layer FLATTEN = new Layer.Flatten();
  private static final Layer MEAN = new Layer.GlobalAveragePool();

  private SampledNetworks() {}

  /** A network with an input of its own. */
  record Sample(String name, int[] shape, List<Layer> layers) {
    Network network(int width) {
      return new Network(name, layers).widened(width);
    }

    /** N examples, the last one near the first. */
    double[] examples() {
      int size = Shapes.size(shape);
      RandomStream stream = RandomStream.of(5, name);
      double[] x = new double[N * size];
      Arrays.setAll(x, stream::normal);
      for (int i = 0; i < size; i++) {
        x[(N - 1) * size + i] = x[i] + 0.5 * x[(N - 1) * size + i];
      }
      return x;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** Networks whose kernels have the same expectation at any width. */
  static Stream<Sample> exact() {
    return Stream.of(
        hidden("relu", Activation.RELU),
        hidden("erf", Activation.ERF),
        hidden("gelu", Activation.GELU),
        hidden("tanh", Activation.TANH),
        hidden("sin", Activation.SIN),
        hidden("abs", Activation.ABS),
        hidden("leaky", new Activation.LeakyRelu(0.2)),
        vector("standard", dense(Parametrization.STANDARD), RELU, dense(Parametrization.STANDARD)),
        vector(
            "gaussian",
            dense(new Parametrization.Gaussian(1.3, 0.2, 2)),
            RELU,
            dense(new Parametrization.Gaussian(1.1, 0.4))),
        vector("dropout", dense(P), RELU, new Layer.Dropout(0.7), dense(P)),
        image("same", conv(3, 1, Padding.SAME), RELU, FLATTEN, dense(P)),
        image("valid", conv(2, 1, Padding.VALID), RELU, MEAN, dense(P)),
        image("circular", conv(3, 1, Padding.CIRCULAR), RELU, MEAN, dense(P)),
        image("strided", conv(3, 2, Padding.SAME), RELU, MEAN, dense(P)),
        image("last convolution", conv(2, 1, Padding.SAME), RELU, conv(3, 2, Padding.SAME), MEAN),
        image("transposed", transposed(Padding.SAME), RELU, MEAN, dense(P)),
        image("transposed, valid", transposed(Padding.VALID), RELU, FLATTEN, dense(P)),
        image("transposed, circular", transposed(Padding.CIRCULAR), RELU, MEAN, dense(P)),
        image("local", local(), RELU, MEAN, dense(P)),
        image("last local", conv(2, 1, Padding.SAME), RELU, local(), MEAN),
        image("average pool", conv(2, 1, Padding.SAME), RELU, average(true), FLATTEN, dense(P)),
        image("inner average pool", conv(2, 1, Padding.SAME), RELU, average(false), MEAN, dense(P)),
        image(
            "sum pool",
            conv(2, 1, Padding.SAME),
            RELU,
            new Layer.SumPool(window(3, 2, Padding.SAME)),
            FLATTEN,
            dense(P)),
        image("global sum", conv(2, 1, Padding.SAME), RELU, new Layer.GlobalSumPool(), dense(P)),
        image("residual", new Layer.Residual(branch(RELU), branch(ERF)), MEAN, dense(P)),
        image("product", new Layer.Product(List.of(branch(ERF), branch(ERF))), FLATTEN, dense(P)),
        image(
            "beside",
            new Layer.Concat(List.of(branch(RELU), branch(ERF))),
            new Layer.Scale(1.5),
            MEAN,
            dense(P)),
        image("below", new Layer.Concat(List.of(branch(RELU), branch(ERF)), 0), MEAN, dense(P)),
        image(
            "slice",
            conv(2, 1, Padding.SAME),
            RELU,
            new Layer.Slice(
                List.of(new Layer.Slice.Range(1, 5, 2), new Layer.Slice.Range(0, 2, 1))),
            FLATTEN,
            dense(P)),
        image("resize", conv(2, 1, Padding.SAME), RELU, resize(true), FLATTEN, dense(P)),
        image("nearest", conv(2, 1, Padding.SAME), RELU, resize(false), FLATTEN, dense(P)),
        image(
            "dropout in images", branch(RELU).get(0), RELU, new Layer.Dropout(0.6), MEAN, dense(P)),
        sequence("sequence", line(Padding.SAME), RELU, FLATTEN, dense(P)),
        sequence("circular sequence", line(Padding.CIRCULAR), RELU, MEAN, dense(P)),
        sequence("attention", attention(false, Mechanism.IDENTITY, Embedding.NONE), MEAN));
  }

  /**
   * Networks whose kernels approach those of infinite width as 1 / width. Embeddings that are added
   * need a wide input.
   */
  static Stream<Sample> deep() {
    return Stream.of(
        vector("three hidden layers", dense(P), RELU, dense(P), ERF, dense(P), RELU, dense(P)),
        vector(
            "standard, deep",
            dense(Parametrization.STANDARD),
            RELU,
            dense(Parametrization.STANDARD),
            RELU,
            dense(Parametrization.STANDARD)),
        vector("layer norm", dense(P), new Layer.LayerNorm(1e-3, false), RELU, dense(P)),
        image(
            "residual network",
            conv(2, 1, Padding.SAME),
            new Layer.Residual(List.of(RELU, conv(3, 1, Padding.SAME)), List.of()),
            RELU,
            MEAN,
            dense(P)),
        image(
            "layer norm over positions",
            conv(2, 1, Padding.SAME),
            new Layer.LayerNorm(1e-3, true),
            ERF,
            FLATTEN,
            dense(P)),
        sequence(
            "softmax",
            line(Padding.SAME),
            attention(true, Mechanism.SOFTMAX, new Embedding(0.8, 0.3, 0, true)),
            MEAN,
            dense(P)),
        image(
            "attention to pixels",
            conv(2, 1, Padding.VALID),
            attention(true, Mechanism.RELU, new Embedding(0.9, 0.2, 4, false)),
            MEAN,
            dense(P)));
  }

  private static Sample hidden(String name, Activation activation) {
    return vector(name, dense(P), new Layer.Nonlinearity(activation), dense(P));
  }

  private static Sample vector(String name, Layer... layers) {
    return new Sample(name, VECTOR, List.of(layers));
  }

  private static Sample image(String name, Layer... layers) {
    return new Sample(name, IMAGE, List.of(layers));
  }

  private static Sample sequence(String name, Layer... layers) {
    return new Sample(name, SEQUENCE, List.of(layers));
  }

  private static Layer dense(Parametrization parametrization) {
    return new Layer.Dense(2, true, parametrization);
  }

  private static Window window(int size, int stride, Padding padding) {
    return new Window(List.of(size, size), List.of(1, stride), padding);
  }

  private static Layer conv(int size, int stride, Padding padding) {
    return new Layer.Conv(2, window(size, stride, padding), true, P);
  }

  private static List<Layer> branch(Layer nonlinearity) {
    return List.of(conv(2, 1, Padding.SAME), nonlinearity);
  }

  private static Layer transposed(Padding padding) {
    return new Layer.ConvTranspose(2, window(3, 2, padding), true, P);
  }

  private static Layer local() {
    return new Layer.ConvLocal(2, window(3, 2, Padding.SAME), true, P);
  }

  private static Layer average(boolean countPadding) {
    return new Layer.AveragePool(window(3, 2, Padding.SAME), countPadding);
  }

  private static Layer resize(boolean linear) {
    return new Layer.Resize(2, 4, linear);
  }

  private static Layer line(Padding padding) {
    return new Layer.Conv(2, new Window(List.of(3), List.of(2), padding), true, P);
  }

  private static Layer attention(boolean linear, Mechanism mechanism, Embedding embedding) {
    return new SelfAttention(2, 2, 3, 3, 0.9, 1.1, 1.2, 1.3, 0.2, linear, mechanism, embedding);
  }
}
