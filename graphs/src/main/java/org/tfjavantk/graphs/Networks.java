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

  /** The CIFAR ResNet with one basic block in each of four stages. */
  public static Network resnet9(int width, int outputs, Parametrization p) {
    return resnet("resnet9", 1, width, outputs, p);
  }

  /** The CIFAR ResNet-18 (He, Zhang, Ren, Sun 2016): two basic blocks in each of four stages. */
  public static Network resnet18(int width, int outputs, Parametrization p) {
    return resnet("resnet18", 2, width, outputs, p);
  }

  private static Network resnet(
      String name, int blocks, int width, int outputs, Parametrization p) {
    List<Layer> layers = new ArrayList<>();
    layers.add(new Layer.Conv(width, 3, 1, 1, false, p));
    layers.add(new Layer.BatchNorm());
    layers.add(new Layer.Nonlinearity(Activation.RELU));
    for (int stage = 0; stage < 4; stage++) {
      for (int block = 0; block < blocks; block++) {
        boolean first = block == 0;
        basicBlock(layers, width << stage, first && stage > 0 ? 2 : 1, first && stage > 0, p);
      }
    }
    layers.add(new Layer.GlobalAveragePool());
    layers.add(dense(outputs, p));
    return new Network(name, layers);
  }

  /**
   * relu(bn(conv(relu(bn(conv x)))) + shortcut x), the shortcut projected where the shape changes.
   */
  private static void basicBlock(
      List<Layer> layers, int channels, int stride, boolean project, Parametrization p) {
    Layer relu = new Layer.Nonlinearity(Activation.RELU);
    List<Layer> body =
        List.of(
            new Layer.Conv(channels, 3, stride, 1, false, p),
            new Layer.BatchNorm(),
            relu,
            new Layer.Conv(channels, 3, 1, 1, false, p),
            new Layer.BatchNorm());
    List<Layer> shortcut =
        project
            ? List.of(new Layer.Conv(channels, 1, stride, 0, false, p), new Layer.BatchNorm())
            : List.of();
    layers.add(new Layer.Residual(body, shortcut));
    layers.add(relu);
  }

  private static Layer dense(int outputs, Parametrization p) {
    return new Layer.Dense(outputs, true, p);
  }
}
