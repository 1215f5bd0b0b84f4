package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;

/** The zoo: the networks by name. */
public final class Networks {
  private Networks() {}

  /** Multinomial logistic regression: flatten, dense. */
  public static Network logistic(int outputs, Parametrization p) {
    return new Network("logistic", List.of(new Layer.Flatten(), dense(outputs, p)));
  }

  /** One hidden layer: flatten, dense, activation, dense. */
  public static Network twoLayer(int width, Activation activation, int outputs, Parametrization p) {
    return new Network("two_layer", denseStack(List.of(width), activation, outputs, p));
  }

  /** Any number of hidden layers. */
  public static Network mlp(
      List<Integer> hidden, Activation activation, int outputs, Parametrization p) {
    return new Network("mlp", denseStack(hidden, activation, outputs, p));
  }

  private static List<Layer> denseStack(
      List<Integer> hidden, Activation activation, int outputs, Parametrization p) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.Flatten());
    for (int width : hidden) {
      layers.add(dense(width, p));
      layers.add(new Layer.Nonlinearity(activation));
    }
    layers.add(dense(outputs, p));
    return layers;
  }

  /**
   * LeNet-5 (LeCun, Bottou, Bengio, Haffner 1998) with ReLU and max pooling: 62,006 parameters on
   * 32x32x3.
   */
  public static Network lenet(int outputs, Parametrization p) {
    Layer relu = new Layer.Nonlinearity(Activation.RELU);
    Layer pool = new Layer.MaxPool(2, 2);
    return new Network(
        "lenet",
        List.of(
            new Layer.Conv(6, 5, 1, 0, true, p),
            relu,
            pool,
            new Layer.Conv(16, 5, 1, 0, true, p),
            relu,
            pool,
            new Layer.Flatten(),
            dense(120, p),
            relu,
            dense(84, p),
            relu,
            dense(outputs, p)));
  }

  /** {@link #resnet} of depth 9: one basic block in each of four stages. */
  public static Network resnet9(int width, int outputs, Parametrization p) {
    return resnet(9, width, outputs, p);
  }

  /** {@link #resnet} of depth 18: two basic blocks in each of four stages. */
  public static Network resnet18(int width, int outputs, Parametrization p) {
    return resnet(18, width, outputs, p);
  }

  /**
   * The CIFAR ResNet (He, Zhang, Ren, Sun 2016): four stages with width, 2, 4 and 8 times width
   * channels, of basic blocks (depths 9, 18, 34 and 68) or of bottlenecks, whose outputs are four
   * times as wide (depths 50, 101 and 152).
   *
   * @throws IllegalArgumentException for another depth
   */
  public static Network resnet(int depth, int width, int outputs, Parametrization p) {
    return ResNets.of(depth, width, outputs, p);
  }

  /**
   * The wide residual network of 28 layers (Zagoruyko, Komodakis 2016): three stages with 16, 32
   * and 64 times {@code widen} channels; without dropout.
   */
  public static Network wrn28(int widen, int outputs, Parametrization p) {
    return WideResNets.of28(widen, outputs, p);
  }

  /** MobileNet (Howard et al. 2017) with the strides of 32 x 32 images. */
  public static Network mobilenet(int outputs, Parametrization p) {
    return MobileNets.v1(outputs, p);
  }

  /**
   * MobileNetV2 (Sandler et al. 2018) with the strides of 32 x 32 images, ReLU in place of ReLU6,
   * and projected shortcuts where a block at stride 1 changes the number of channels.
   */
  public static Network mobilenetV2(int outputs, Parametrization p) {
    return MobileNets.v2(outputs, p);
  }

  /**
   * VGG (Simonyan, Zisserman 2015) of depth 11 or 13 with batch norm and one dense layer.
   *
   * @throws IllegalArgumentException for another depth
   */
  public static Network vgg(int depth, int outputs, Parametrization p) {
    return VggNets.of(depth, outputs, p);
  }

  /** DenseNet-BC of 121 layers and growth 32 (Huang et al. 2017) for 32 x 32 images. */
  public static Network densenet121(int outputs, Parametrization p) {
    return DenseNets.densenet121(outputs, p);
  }

  /**
   * Convolutions of one size with zeros around, each with a ReLU, then the mean of all positions or
   * all of them side by side, and a dense layer.
   *
   * @param depth convolutions
   * @param size of their kernels, odd
   * @param average whether to take the mean of all positions
   */
  public static Network cnn(
      int depth, int filters, int size, boolean average, int outputs, Parametrization p) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < depth; i++) {
      convRelu(layers, filters, size, p);
    }
    layers.add(average ? new Layer.GlobalAveragePool() : new Layer.Flatten());
    layers.add(dense(outputs, p));
    return new Network("cnn", layers);
  }

  /**
   * Myrtle-5 (Page, "How to train your ResNet", 2018; Shankar et al. 2020) for images of 32 x 32:
   * conv, conv, pool, conv, pool, conv, three pools, dense, with 3 x 3 convolutions, ReLU and the
   * mean over 2 x 2 pixels.
   */
  public static Network myrtle5(int filters, int outputs, Parametrization p) {
    Layer pool = new Layer.AveragePool(2, 2);
    List<Layer> layers = new ArrayList<>();
    convRelu(layers, filters, 3, p);
    convRelu(layers, filters, 3, p);
    layers.add(pool);
    convRelu(layers, filters, 3, p);
    layers.add(pool);
    convRelu(layers, filters, 3, p);
    layers.addAll(List.of(pool, pool, pool, new Layer.Flatten(), dense(outputs, p)));
    return new Network("myrtle5", layers);
  }

  private static void convRelu(List<Layer> layers, int filters, int size, Parametrization p) {
    layers.add(new Layer.Conv(filters, size, 1, size / 2, true, p));
    layers.add(new Layer.Nonlinearity(Activation.RELU));
  }

  private static Layer dense(int outputs, Parametrization p) {
    return new Layer.Dense(outputs, true, p);
  }
}
