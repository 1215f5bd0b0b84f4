package org.tfjavantk.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfjavantk.config.Experiments;
import org.tfjavantk.data.KnownSet;

/** What a config can name, with a few words on each. */
final class Catalogue {
  private Catalogue() {}

  /** The members of {@code network}. */
  static Map<String, String> networks() {
    Map<String, String> networks = new LinkedHashMap<>();
    networks.put("logistic", "one dense layer");
    networks.put("two_layer", "dense, activation, dense; width and activation can be chosen");
    networks.put("mlp", "any number of hidden layers, each dense and activation");
    networks.put("lenet", "LeNet-5 with ReLU and max pooling, for 32 x 32 images");
    for (int depth : new int[] {9, 18, 34, 50, 68, 101, 152}) {
      networks.put(
          "resnet" + depth, "CIFAR ResNet with " + depth + " layers; the width can be chosen");
    }
    networks.put("wrn28", "wide ResNet with 28 layers, 10 times as wide unless widen is chosen");
    networks.put("mobilenet", "MobileNet, of depthwise convolutions, for 32 x 32 images");
    networks.put("mobilenetv2", "MobileNetV2, of inverted residuals, for 32 x 32 images");
    networks.put("vgg11", "VGG with 11 layers, batch norm and max pooling, for 32 x 32 images");
    networks.put("vgg13", "VGG with 13 layers, batch norm and max pooling, for 32 x 32 images");
    networks.put("densenet121", "DenseNet-BC with 121 layers and growth 32, for 32 x 32 images");
    networks.put("cnn", "convolutions and ReLU of any depth, then a mean or all positions, dense");
    networks.put("myrtle5", "Myrtle-5, of convolutions and mean pools, for 32 x 32 images");
    networks.put("saved_model", "a SavedModel of TensorFlow or Keras; see ntk model inspect");
    networks.put("frozen_graph", "a frozen graph with named parameters; see ntk model inspect");
    return networks;
  }

  /** The members of {@code dataset}. */
  static Map<String, String> datasets() {
    Map<String, String> datasets = new LinkedHashMap<>();
    for (KnownSet set : KnownSet.values()) {
      datasets.put(set.id(), describe(set));
    }
    datasets.put("npy", "your own arrays in NumPy's files");
    datasets.put("stroke_digits", "generated: ten digit classes in vector strokes, 28 x 28 x 1");
    datasets.put("gaussian_mixture", "generated: Gaussians around random centres");
    datasets.put("circle", "generated: points on the unit circle, arcs in turn");
    return datasets;
  }

  /** The configs that come with the program. */
  static Map<String, String> experiments() {
    Map<String, String> experiments = new LinkedHashMap<>();
    Experiments.list().forEach(e -> experiments.put(e.name(), e.description()));
    return experiments;
  }

  static String describe(KnownSet set) {
    int[] shape = set.shape();
    return String.format(
        Locale.ROOT,
        "%s: %,d training and %,d test images, %d x %d x %d",
        set.title(),
        set.trainCount(),
        set.testCount(),
        shape[0],
        shape[1],
        shape[2]);
  }

  static List<List<String>> rows(Map<String, String> entries) {
    List<List<String>> rows = new ArrayList<>();
    entries.forEach((name, words) -> rows.add(List.of(name, words)));
    return rows;
  }
}
