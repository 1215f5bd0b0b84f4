package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** The transposes of pooling, biases, patches and resizing. */
final class ImageTransposes {
  private ImageTransposes() {}

  static void addTo(Map<String, TransposeRule> rules) {
    addPooling(rules);
    addBias(rules);
    addResizing(rules);
    TransposeRules.of(rules, "ExtractImagePatches", 0, ImageTransposes::patches);
  }

  private static void addPooling(Map<String, TransposeRule> rules) {
    String[] pool = {"ksize", "strides", "padding", "data_format"};
    TransposeRules.of(
        rules,
        "AvgPool",
        0,
        (op, g) -> op.make("AvgPoolGrad", op.attributes(pool), op.shape(0), g));
    TransposeRules.of(
        rules, "AvgPoolGrad", 1, (op, g) -> op.make("AvgPool", op.attributes(pool), g));
    TransposeRules.of(
        rules,
        "AvgPool3D",
        0,
        (op, g) -> op.make("AvgPool3DGrad", op.attributes(pool), op.shape(0), g));
    TransposeRules.of(
        rules, "AvgPool3DGrad", 1, (op, g) -> op.make("AvgPool3D", op.attributes(pool), g));
    for (String type : List.of("MaxPool", "MaxPool3D")) {
      TransposeRules.of(
          rules,
          type + "Grad",
          2,
          (op, g) -> MaxPooling.pick(op, type, op.input(0), op.input(1), g));
      TransposeRules.of(
          rules,
          type + "GradGrad",
          2,
          (op, g) -> op.make(type + "Grad", op.attributes(pool), op.input(0), op.input(1), g));
    }
    TransposeRules.of(
        rules,
        "MaxPoolGradV2",
        2,
        (op, g) ->
            MaxPooling.pickV2(op, op.input(0), op.input(1), g, List.of(op.input(3), op.input(4))));
    TransposeRules.of(
        rules,
        "MaxPoolGradGradV2",
        2,
        (op, g) ->
            op.make(
                "MaxPoolGradV2",
                op.attributes("padding", "data_format"),
                op.input(0),
                op.input(1),
                g,
                op.input(3),
                op.input(4)));
  }

  private static void addBias(Map<String, TransposeRule> rules) {
    TransposeRules.each(
        rules,
        "BiasAdd",
        (op, i, g) -> i == 0 ? g : op.make("BiasAddGrad", op.attributes("data_format"), g));
    TransposeRules.of(
        rules,
        "BiasAddGrad",
        0,
        (op, g) -> {
          Ops tf = op.tf();
          Operand<TNumber> aligned = g;
          if (op.attribute("data_format").getS().toStringUtf8().equals("NCHW")) {
            int rank = op.input(0).shape().numDimensions();
            int[] shape = new int[rank - 1];
            Arrays.fill(shape, 1);
            shape[0] = -1;
            aligned = tf.reshape(g, tf.constant(shape));
          }
          return tf.broadcastTo(aligned, op.shape(0));
        });
  }

  private static void addResizing(Map<String, TransposeRule> rules) {
    String[] how = {"align_corners", "half_pixel_centers"};
    for (String type : List.of("ResizeBilinear", "ResizeBicubic")) {
      // The gradient operation reads only the shape and the type of the image.
      TransposeRules.of(
          rules, type, 0, (op, g) -> op.make(type + "Grad", op.attributes(how), g, op.zeros(0)));
      TransposeRules.of(
          rules, type + "Grad", 0, (op, g) -> op.make(type, op.attributes(how), g, size(op)));
    }
    String nearest = "ResizeNearestNeighbor";
    TransposeRules.of(
        rules, nearest, 0, (op, g) -> op.make(nearest + "Grad", op.attributes(how), g, size(op)));
    TransposeRules.of(
        rules, nearest + "Grad", 0, (op, g) -> op.make(nearest, op.attributes(how), g, size(op)));
  }

  /** Height and width of the input. */
  private static Operand<TInt32> size(TransposeOp op) {
    Ops tf = op.tf();
    return tf.slice(op.shape(0), tf.constant(new int[] {1}), tf.constant(new int[] {2}));
  }

  /** Taking patches is the convolution with the unit kernels. */
  private static Operand<TNumber> patches(TransposeOp op, Operand<TNumber> g) {
    Ops tf = op.tf();
    var window = op.attribute("ksizes").getList();
    int height = Math.toIntExact(window.getI(1));
    int width = Math.toIntExact(window.getI(2));
    Operand<TInt32> channels = tf.gather(op.shape(0), tf.constant(3), tf.constant(0));
    Operand<TInt32> depth = tf.math.mul(channels, tf.constant(height * width));
    Operand<TNumber> ones =
        tf.fill(tf.reshape(depth, tf.constant(new int[] {1})), op.constant(0, 1));
    Operand<TInt32> shape =
        tf.stack(List.of(tf.constant(height), tf.constant(width), channels, depth));
    Operand<TNumber> units = tf.reshape(op.make("MatrixDiag", ones), shape);
    Map<String, AttrValue> attributes = new LinkedHashMap<>(op.attributes("strides", "padding"));
    attributes.put("dilations", op.attribute("rates"));
    return Convolutions.inputGradient(
        tf, "Conv2D", attributes, Shape.unknown(), op.shape(0), units, g);
  }
}
