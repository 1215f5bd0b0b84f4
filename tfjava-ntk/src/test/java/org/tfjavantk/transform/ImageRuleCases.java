package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Cases for convolutions, pooling, resizing and batch norm. */
final class ImageRuleCases {
  private static final long[] KERNEL = {3, 2, 3, 4};
  private static final long[] DEPTHWISE = {3, 2, 3, 2};

  private final RuleCases cases;

  ImageRuleCases(RuleCases cases) {
    this.cases = cases;
  }

  void add() {
    for (String padding : List.of("SAME", "VALID")) {
      for (int stride : new int[] {1, 2}) {
        convolutions(padding, stride);
        pooling(padding, stride);
      }
    }
    cases.any(
        "Conv2D dilated",
        (tf, x) ->
            RuleCases.make(
                tf,
                "Conv2D",
                Map.of(
                    "strides", Attributes.integers(1, 1, 1, 1),
                    "padding", Attributes.text("VALID"),
                    "dilations", Attributes.integers(1, 2, 2, 1)),
                x),
        RuleCases.IMAGE,
        new long[] {2, 2, 3, 4});
    Map<String, AttrValue> window =
        Map.of(
            "ksizes", Attributes.integers(1, 2, 2, 1),
            "strides", Attributes.integers(1, 2, 1, 1),
            "rates", Attributes.integers(1, 1, 1, 1),
            "padding", Attributes.text("VALID"));
    cases.any(
        "ExtractImagePatches",
        (tf, x) -> RuleCases.make(tf, "ExtractImagePatches", window, x),
        RuleCases.IMAGE);
    resizing();
  }

  private void convolutions(String padding, int stride) {
    String name = " " + padding + " stride " + stride;
    Map<String, AttrValue> attributes =
        Map.of(
            "strides",
            Attributes.integers(1, stride, stride, 1),
            "padding",
            Attributes.text(padding));
    cases.any(
        "Conv2D" + name,
        (tf, x) -> RuleCases.make(tf, "Conv2D", attributes, x),
        RuleCases.IMAGE,
        KERNEL);
    cases.any(
        "DepthwiseConv2dNative" + name,
        (tf, x) -> RuleCases.make(tf, "DepthwiseConv2dNative", attributes, x),
        RuleCases.IMAGE,
        DEPTHWISE);
    long height = positions(5, 3, stride, padding);
    long width = positions(6, 2, stride, padding);
    for (String type : List.of("Conv2D", "DepthwiseConv2dNative")) {
      boolean full = type.equals("Conv2D");
      int[] kernel = full ? new int[] {3, 2, 3, 4} : new int[] {3, 2, 3, 2};
      long[] gradient = {2, height, width, full ? 4 : 6};
      cases.any(
          type + "BackpropInput" + name,
          (tf, x) ->
              RuleCases.make(
                  tf,
                  type + "BackpropInput",
                  attributes,
                  List.of(tf.constant(new int[] {2, 5, 6, 3}), x.get(0), x.get(1))),
          full ? KERNEL : DEPTHWISE,
          gradient);
      cases.any(
          type + "BackpropFilter" + name,
          (tf, x) ->
              RuleCases.make(
                  tf,
                  type + "BackpropFilter",
                  attributes,
                  List.of(x.get(0), tf.constant(kernel), x.get(1))),
          RuleCases.IMAGE,
          gradient);
    }
  }

  private void pooling(String padding, int stride) {
    String name = " " + padding + " stride " + stride;
    Map<String, AttrValue> attributes =
        Map.of(
            "ksize", Attributes.integers(1, 2, 2, 1),
            "strides", Attributes.integers(1, stride, stride, 1),
            "padding", Attributes.text(padding));
    cases.any(
        "MaxPool" + name, (tf, x) -> RuleCases.make(tf, "MaxPool", attributes, x), RuleCases.IMAGE);
    poolingV2(padding, stride, name);
    cases.any(
        "AvgPool" + name, (tf, x) -> RuleCases.make(tf, "AvgPool", attributes, x), RuleCases.IMAGE);
    long height = positions(5, 2, stride, padding);
    long width = positions(6, 2, stride, padding);
    long[] pooled = {2, height, width, 3};
    cases.any(
        "AvgPoolGrad" + name,
        (tf, x) ->
            RuleCases.make(
                tf,
                "AvgPoolGrad",
                attributes,
                List.of(tf.constant(new int[] {2, 5, 6, 3}), x.get(0))),
        pooled);
    cases.any(
        "MaxPoolGrad" + name,
        (tf, x) -> {
          Operand<?> fixed = tf.stopGradient(tf.math.sin(x.get(1)));
          Operand<?> y = RuleCases.make(tf, "MaxPool", attributes, List.of(fixed));
          return RuleCases.make(tf, "MaxPoolGrad", attributes, List.of(fixed, y, x.get(0)));
        },
        pooled,
        RuleCases.IMAGE);
    cases.any(
        "MaxPoolGradGrad" + name,
        (tf, x) -> {
          Operand<?> fixed = tf.stopGradient(x.get(0));
          Operand<?> y = RuleCases.make(tf, "MaxPool", attributes, List.of(fixed));
          return RuleCases.make(tf, "MaxPoolGradGrad", attributes, List.of(fixed, y, x.get(0)));
        },
        RuleCases.IMAGE);
  }

  /** The window and the strides as inputs, not attributes. */
  private void poolingV2(String padding, int stride, String name) {
    long height = positions(5, 2, stride, padding);
    long width = positions(6, 2, stride, padding);
    int[] window = {1, 2, 2, 1};
    int[] strides = {1, stride, stride, 1};
    cases.any(
        "MaxPoolV2" + name,
        (tf, x) -> tf.nn.maxPool(x.get(0), tf.constant(window), tf.constant(strides), padding),
        RuleCases.IMAGE);
    for (String type : List.of("MaxPoolGradV2", "MaxPoolGradGradV2")) {
      boolean first = type.equals("MaxPoolGradV2");
      cases.any(
          type + name,
          (tf, x) -> {
            Operand<?> w = tf.constant(window);
            Operand<?> s = tf.constant(strides);
            // Where the maxima are does not depend on x.
            Operand<?> fixed =
                tf.constant(
                    new RuleCase("fixed", RuleCase.Range.ANY, List.of(RuleCases.IMAGE), null)
                        .point(0));
            fixed = RuleCases.make(tf, "Reshape", fixed, tf.constant(new int[] {2, 5, 6, 3}));
            Map<String, AttrValue> pad = Map.of("padding", Attributes.text(padding));
            Operand<?> y = RuleCases.make(tf, "MaxPoolV2", pad, List.of(fixed, w, s));
            return RuleCases.make(tf, type, pad, List.of(fixed, y, x.get(0), w, s));
          },
          first ? new long[] {2, height, width, 3} : RuleCases.IMAGE);
    }
  }

  /** In float32, the only type that these give. */
  private void resizing() {
    for (String type : List.of("ResizeBilinear", "ResizeBicubic", "ResizeNearestNeighbor")) {
      cases.any(
          type + RuleCase.SINGLE,
          (tf, x) -> {
            Operand<?> resized =
                RuleCases.make(tf, type, x.get(0), tf.constant(new int[] {10, 12}));
            return resized.type() == TFloat32.class
                ? tf.dtypes.cast(asFloat(resized), TFloat64.class)
                : resized;
          },
          RuleCases.IMAGE);
    }
    for (String type : List.of("ResizeBilinearGrad", "ResizeBicubicGrad")) {
      cases.any(
          type + RuleCase.SINGLE,
          (tf, x) -> {
            Operand<?> image = tf.zeros(tf.constant(new int[] {2, 3, 3, 3}), TFloat64.class);
            Operand<?> g = tf.dtypes.cast(x.get(0), TFloat32.class);
            return RuleCases.make(tf, type, g, image);
          },
          RuleCases.IMAGE);
    }
    cases.any(
        "ResizeNearestNeighborGrad",
        (tf, x) ->
            RuleCases.make(
                tf, "ResizeNearestNeighborGrad", x.get(0), tf.constant(new int[] {3, 3})),
        RuleCases.IMAGE);
    for (int radius : new int[] {1, 5}) {
      Map<String, AttrValue> how =
          Map.of(
              "depth_radius", Attributes.integer(radius),
              "alpha", AttrValue.newBuilder().setF(0.5f).build(),
              "beta", AttrValue.newBuilder().setF(0.75f).build());
      cases.any(
          "LRN of radius " + radius + RuleCase.SINGLE,
          (tf, x) -> {
            List<Operand<?>> image = List.of(tf.dtypes.cast(x.get(0), TFloat32.class));
            return tf.dtypes.cast(asFloat(RuleCases.make(tf, "LRN", how, image)), TFloat64.class);
          },
          RuleCases.IMAGE);
    }
    cases.any(
        "FusedBatchNormV3" + RuleCase.SINGLE,
        (tf, x) -> {
          List<Operand<?>> floats = new ArrayList<>();
          for (int i = 0; i < 4; i++) {
            floats.add(tf.dtypes.cast(x.get(i), TFloat32.class));
          }
          floats.add(
              tf.dtypes.cast(
                  tf.math.add(tf.math.square(x.get(4)), tf.constant(1.0)), TFloat32.class));
          Operand<?> y =
              RuleCases.make(
                  tf, "FusedBatchNormV3", Map.of("is_training", Attributes.flag(false)), floats);
          return tf.dtypes.cast(asFloat(y), TFloat64.class);
        },
        RuleCases.IMAGE,
        new long[] {3},
        new long[] {3},
        new long[] {3},
        new long[] {3});
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloat32> asFloat(Operand<?> operand) {
    return (Operand<TFloat32>) operand;
  }

  /** How often a window fits. */
  private static long positions(int length, int window, int stride, String padding) {
    return padding.equals("SAME") ? (length + stride - 1) / stride : (length - window) / stride + 1;
  }
}
