package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;

/** Cases for convolutions with holes, groups and paddings, in three dimensions, and batch norm. */
final class ConvolutionRuleCases {
  private static final long[] VOLUME = {1, 3, 4, 3, 2};
  private static final long[] PER_CHANNEL = {3};

  private final RuleCases cases;

  ConvolutionRuleCases(RuleCases cases) {
    this.cases = cases;
  }

  void add() {
    planes();
    volumes();
    statistics();
    cases.any(
        "ExtractImagePatches with holes",
        (tf, x) ->
            RuleCases.make(
                tf,
                "ExtractImagePatches",
                Map.of(
                    "ksizes", Attributes.integers(1, 2, 2, 1),
                    "strides", Attributes.integers(1, 1, 2, 1),
                    "rates", Attributes.integers(1, 2, 3, 1),
                    "padding", Attributes.text("SAME")),
                x),
        RuleCases.IMAGE);
    cases.any(
        "MaxPool of windows of three",
        (tf, x) ->
            RuleCases.make(
                tf,
                "MaxPool",
                Map.of(
                    "ksize", Attributes.integers(1, 3, 3, 1),
                    "strides", Attributes.integers(1, 2, 2, 1),
                    "padding", Attributes.text("SAME")),
                x),
        RuleCases.IMAGE);
    cases.any(
        "MaxPool of valid windows of three",
        (tf, x) ->
            RuleCases.make(
                tf,
                "MaxPool",
                Map.of(
                    "ksize", Attributes.integers(1, 3, 3, 1),
                    "strides", Attributes.integers(1, 1, 1, 1),
                    "padding", Attributes.text("VALID")),
                x),
        RuleCases.IMAGE);
    cases.any(
        "MaxPool of ties",
        (tf, x) ->
            RuleCases.make(
                tf,
                "MaxPool",
                Map.of(
                    "ksize", Attributes.integers(1, 3, 3, 1),
                    "strides", Attributes.integers(1, 1, 1, 1),
                    "padding", Attributes.text("SAME")),
                List.of(tf.nn.relu(tf.math.sub(x.get(0), tf.constant(1.0))))),
        RuleCases.IMAGE);
    cases.any(
        "BiasAdd of channels first",
        (tf, x) -> RuleCases.make(tf, "BiasAdd", Map.of("data_format", Attributes.text("NCHW")), x),
        RuleCases.IMAGE,
        new long[] {5});
    cases.any(
        "BiasAddGrad of channels first",
        (tf, x) ->
            RuleCases.make(tf, "BiasAddGrad", Map.of("data_format", Attributes.text("NCHW")), x),
        RuleCases.IMAGE);
  }

  private void planes() {
    for (String padding : List.of("SAME", "VALID")) {
      cases.any(
          "Conv2D dilated " + padding + " with strides",
          (tf, x) ->
              RuleCases.make(
                  tf,
                  "Conv2D",
                  Map.of(
                      "strides", Attributes.integers(1, 1, 2, 1),
                      "padding", Attributes.text(padding),
                      "dilations", Attributes.integers(1, 2, 1, 1)),
                  x),
          RuleCases.IMAGE,
          new long[] {2, 2, 3, 4});
    }
    for (int groups : new int[] {2, 4}) {
      cases.any(
          "Conv2D with groups, " + groups,
          (tf, x) ->
              RuleCases.make(
                  tf,
                  "Conv2D",
                  Map.of(
                      "strides",
                      Attributes.integers(1, 2, 1, 1),
                      "padding",
                      Attributes.text("SAME")),
                  x),
          new long[] {2, 5, 6, 4},
          new long[] {3, 2, 4 / groups, 4});
    }
    cases.any(
        "Conv2DBackpropInput with two sizes",
        (tf, x) ->
            RuleCases.make(
                tf,
                "Conv2DBackpropInput",
                Map.of(
                    "strides", Attributes.integers(1, 2, 1, 1), "padding", Attributes.text("SAME")),
                List.of(tf.constant(new int[] {5, 6}), x.get(0), x.get(1))),
        new long[] {3, 2, 3, 4},
        new long[] {2, 3, 6, 4});
    cases.any(
        "Conv2D with explicit padding",
        (tf, x) ->
            RuleCases.make(
                tf,
                "Conv2D",
                Map.of(
                    "strides", Attributes.integers(1, 2, 1, 1),
                    "padding", Attributes.text("EXPLICIT"),
                    "explicit_paddings", Attributes.integers(0, 0, 1, 2, 0, 1, 0, 0)),
                x),
        RuleCases.IMAGE,
        new long[] {3, 2, 3, 4});
  }

  private void volumes() {
    for (String padding : List.of("SAME", "VALID")) {
      for (int stride : new int[] {1, 2}) {
        String name = " " + padding + " stride " + stride;
        Map<String, AttrValue> how =
            Map.of(
                "strides",
                Attributes.integers(1, stride, stride, stride, 1),
                "padding",
                Attributes.text(padding));
        long[] kernel = {2, 2, 2, 2, 3};
        cases.any("Conv3D" + name, (tf, x) -> RuleCases.make(tf, "Conv3D", how, x), VOLUME, kernel);
        boolean same = padding.equals("SAME");
        long[] y = {1, size(3, stride, same), size(4, stride, same), size(3, stride, same), 3};
        cases.any(
            "Conv3DBackpropInputV2" + name,
            (tf, x) ->
                RuleCases.make(
                    tf,
                    "Conv3DBackpropInputV2",
                    how,
                    List.of(tf.constant(new int[] {1, 3, 4, 3, 2}), x.get(0), x.get(1))),
            kernel,
            y);
        cases.any(
            "Conv3DBackpropFilterV2" + name,
            (tf, x) ->
                RuleCases.make(
                    tf,
                    "Conv3DBackpropFilterV2",
                    how,
                    List.of(x.get(0), tf.constant(new int[] {2, 2, 2, 2, 3}), x.get(1))),
            VOLUME,
            y);
        pools(name, stride, padding, new long[] {y[0], y[1], y[2], y[3], 2});
      }
    }
  }

  private void pools(String name, int stride, String padding, long[] y) {
    Map<String, AttrValue> how =
        Map.of(
            "ksize", Attributes.integers(1, 2, 2, 2, 1),
            "strides", Attributes.integers(1, stride, stride, stride, 1),
            "padding", Attributes.text(padding));
    String single = name + RuleCase.SINGLE;
    cases.any(
        "AvgPool3D" + single,
        (tf, x) -> wide(tf, RuleCases.make(tf, "AvgPool3D", how, List.of(narrow(tf, x.get(0))))),
        VOLUME);
    cases.any(
        "AvgPool3DGrad" + single,
        (tf, x) -> {
          Operand<?> shape = tf.constant(new int[] {1, 3, 4, 3, 2});
          return wide(
              tf, RuleCases.make(tf, "AvgPool3DGrad", how, List.of(shape, narrow(tf, x.get(0)))));
        },
        y);
    cases.any(
        "MaxPool3D" + single,
        (tf, x) -> {
          // Far apart, so that no step of the differences changes which entry is the maximum.
          double[] apart = new double[72];
          Arrays.setAll(apart, k -> 29 * k % 72);
          Operand<TFloat64> shift = tf.reshape(tf.constant(apart), tf.constant(VOLUME));
          Operand<?> image = narrow(tf, tf.math.add(tf.math.tanh(x.get(0)), shift));
          return wide(tf, RuleCases.make(tf, "MaxPool3D", how, List.of(image)));
        },
        VOLUME);
    for (String type : List.of("MaxPool3DGrad", "MaxPool3DGradGrad")) {
      if (type.endsWith("GradGrad") && stride == 1 && padding.equals("SAME")) {
        // TensorFlow's own kernel fails: it writes over what it reads.
        continue;
      }
      cases.any(
          type + single,
          (tf, x) -> {
            Operand<?> fixed =
                tf.constant(
                    new RuleCase("fixed", RuleCase.Range.ANY, List.of(VOLUME), null).point(0));
            fixed = RuleCases.make(tf, "Reshape", fixed, tf.constant(new int[] {1, 3, 4, 3, 2}));
            Operand<?> image = narrow(tf, fixed);
            Operand<?> pooled = RuleCases.make(tf, "MaxPool3D", how, List.of(image));
            List<Operand<?>> inputs = List.of(image, pooled, narrow(tf, x.get(0)));
            return wide(tf, RuleCases.make(tf, type, how, inputs));
          },
          type.equals("MaxPool3DGrad") ? y : VOLUME);
    }
  }

  private void statistics() {
    for (String type : List.of("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")) {
      for (boolean training : new boolean[] {true, false}) {
        for (int output = 0; output < 3; output++) {
          int k = output;
          String name = type + " training " + training + " output " + k;
          cases.any(
              name + RuleCase.SINGLE,
              (tf, x) -> batchNorm(tf, x, type, training, k),
              RuleCases.IMAGE,
              PER_CHANNEL,
              PER_CHANNEL,
              PER_CHANNEL,
              PER_CHANNEL);
        }
      }
    }
  }

  private static Operand<?> batchNorm(
      Ops tf, List<? extends Operand<TFloat64>> x, String type, boolean training, int output) {
    List<Operand<?>> inputs = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      inputs.add(narrow(tf, x.get(i)));
    }
    if (training) {
      Operand<?> none = tf.constant(new float[0]);
      inputs.add(none);
      inputs.add(none);
    } else {
      inputs.add(narrow(tf, x.get(3)));
      inputs.add(narrow(tf, tf.math.add(tf.math.square(x.get(4)), tf.constant(1.0))));
    }
    AttrValue mode = Attributes.flag(training);
    return wide(tf, OpCopy.make(tf, type, Map.of("is_training", mode), inputs).output(output));
  }

  private static long size(int length, int stride, boolean same) {
    return same ? (length + stride - 1) / stride : (length - 2) / stride + 1;
  }

  private static Operand<TNumber> narrow(Ops tf, Operand<?> x) {
    return RuleOp.number(tf.dtypes.cast(RuleOp.number(x), TFloat32.class));
  }

  private static Operand<TFloat64> wide(Ops tf, Operand<?> x) {
    return tf.dtypes.cast(RuleOp.number(x), TFloat64.class);
  }
}
