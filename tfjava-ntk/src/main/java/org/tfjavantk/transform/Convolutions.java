package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;

/**
 * The transposes of convolutions y = x ∗ w, which are bilinear: each of the three operations of a
 * family gives one of x, w and y from the other two.
 */
final class Convolutions {
  private Convolutions() {}

  static void addTo(Map<String, TransposeRule> rules) {
    add(rules, "Conv2D", "", "strides", "padding", "explicit_paddings", "data_format", "dilations");
    add(
        rules,
        "DepthwiseConv2dNative",
        "",
        "strides",
        "padding",
        "explicit_paddings",
        "data_format",
        "dilations");
    add(rules, "Conv3D", "V2", "strides", "padding", "data_format", "dilations");
  }

  private static void add(
      Map<String, TransposeRule> rules, String type, String version, String... names) {
    TransposeRules.each(
        rules,
        type,
        (op, i, g) -> {
          TransposeRules.requireOne(op);
          var how = op.attributes(names);
          var groups = groups(op.input(0), op.input(1), how);
          return i == 0
              ? groups.inputGradient(
                  op.tf(), type, how, op.input(0).shape(), op.shape(0), op.input(1), g)
              : groups.filterGradient(op.tf(), type, how, op.input(0), op.shape(1), g);
        });
    TransposeRules.each(
        rules,
        type + "BackpropInput" + version,
        (op, i, g) -> {
          TransposeRules.requireOne(op);
          var how = op.attributes(names);
          return i == 1
              ? groups(op.output(0), op.input(1), how)
                  .filterGradient(op.tf(), type, how, g, op.shape(1), op.input(2))
              : op.make(type, how, g, op.input(1));
        });
    TransposeRules.each(
        rules,
        type + "BackpropFilter" + version,
        (op, i, g) -> {
          TransposeRules.requireOne(op);
          var how = op.attributes(names);
          return i == 0
              ? groups(op.input(0), g, how)
                  .inputGradient(
                      op.tf(), type, how, op.input(0).shape(), op.shape(0), g, op.input(2))
              : op.make(type, how, op.input(0), g);
        });
  }

  /**
   * x̄ from w and ȳ.
   *
   * @param image what is known of the shape of x
   */
  static Operand<TNumber> inputGradient(
      Ops tf,
      String type,
      Map<String, AttrValue> how,
      Shape image,
      Operand<TInt32> shape,
      Operand<TNumber> filter,
      Operand<TNumber> g) {
    if (type.equals("Conv2D")) {
      Optional<TurnedFilter> turned = TurnedFilter.of(how, image, filter.shape());
      if (turned.isPresent()) {
        return turned.get().inputGradient(tf, filter, g);
      }
    }
    Operand<TNumber> dense = filter;
    int[] steps = steps(how);
    if (steps != null) {
      // A filter with holes is a larger filter with zeros.
      Operand<TInt32> sizes = tf.shape(filter);
      Operand<TInt32> spread = spread(tf, sizes, steps);
      dense =
          make(
              tf,
              "StridedSliceGrad",
              Map.of(),
              spread,
              tf.constant(new int[steps.length]),
              spread,
              tf.constant(steps),
              filter);
    }
    return make(tf, name(type, "BackpropInput"), dense(how, steps), shape, dense, g);
  }

  /** w̄ from x and ȳ. */
  static Operand<TNumber> filterGradient(
      Ops tf,
      String type,
      Map<String, AttrValue> how,
      Operand<TNumber> x,
      Operand<TInt32> shape,
      Operand<TNumber> g) {
    String gradient = name(type, "BackpropFilter");
    int[] steps = steps(how);
    if (steps == null && skipsPixels(how, shape)) {
      // What a filter of one pixel does not read does not matter. Besides, oneDNN's kernel for
      // strides is wrong where rows are left over.
      int[] all = new int[4];
      Operand<TNumber> read =
          make(
              tf,
              "StridedSlice",
              Map.of("end_mask", Attributes.integer(15)),
              x,
              tf.constant(all),
              tf.constant(all),
              tf.constant(Arrays.stream(strides(how)).mapToInt(Math::toIntExact).toArray()));
      Map<String, AttrValue> without = new LinkedHashMap<>(how);
      without.put("strides", Attributes.integers(1, 1, 1, 1));
      return make(tf, gradient, without, read, shape, g);
    }
    if (steps == null) {
      return make(tf, gradient, how, x, shape, g);
    }
    Operand<TInt32> spread = spread(tf, shape, steps);
    Operand<TNumber> dense = make(tf, gradient, dense(how, steps), x, spread, g);
    Operand<TInt32> begin = tf.constant(new int[steps.length]);
    return make(tf, "StridedSlice", Map.of(), dense, begin, spread, tf.constant(steps));
  }

  /** Whether a filter on images has one pixel and strides, and nothing is padded. */
  private static boolean skipsPixels(Map<String, AttrValue> how, Operand<TInt32> shape) {
    long[] strides = strides(how);
    if (strides.length != 4 || Arrays.stream(strides).allMatch(s -> s == 1)) {
      return false;
    }
    boolean explicit = how.get("padding").getS().toStringUtf8().equals("EXPLICIT");
    return !explicit
        && ConstantValue.integers(shape)
            .filter(size -> size.length == 4 && size[0] == 1 && size[1] == 1)
            .isPresent();
  }

  private static long[] strides(Map<String, AttrValue> how) {
    return Attributes.integers(how.get("strides"));
  }

  /** Of how many groups of channels the image is, as far as that is known. */
  private static ConvolutionGroups groups(
      Operand<TNumber> image, Operand<TNumber> filter, Map<String, AttrValue> how) {
    int axis = format(how).startsWith("NC") ? 1 : filter.shape().numDimensions() - 1;
    return ConvolutionGroups.of(image.shape(), filter.shape(), axis);
  }

  private static String name(String type, String gradient) {
    return type + gradient + (type.equals("Conv3D") ? "V2" : "");
  }

  /**
   * The dilations along the axes of the filter, or null if there are none. Not every device has
   * gradients of dilated convolutions, so they are written without.
   */
  private static int[] steps(Map<String, AttrValue> how) {
    List<Long> dilations = how.get("dilations").getList().getIList();
    if (dilations.stream().allMatch(d -> d == 1)) {
      return null;
    }
    boolean last = !format(how).startsWith("NC");
    int[] steps = new int[dilations.size()];
    Arrays.fill(steps, 1);
    for (int i = 0; i < steps.length - 2; i++) {
      steps[i] = Math.toIntExact(dilations.get(last ? i + 1 : i + 2));
    }
    return steps;
  }

  static String format(Map<String, AttrValue> how) {
    return how.containsKey("data_format") ? how.get("data_format").getS().toStringUtf8() : "";
  }

  /** (size − 1) step + 1 along every axis. */
  private static Operand<TInt32> spread(Ops tf, Operand<TInt32> sizes, int[] steps) {
    Operand<TInt32> one = tf.constant(1);
    return tf.math.add(tf.math.mul(tf.math.sub(sizes, one), tf.constant(steps)), one);
  }

  private static Map<String, AttrValue> dense(Map<String, AttrValue> how, int[] steps) {
    if (steps == null) {
      return how;
    }
    Map<String, AttrValue> without = new LinkedHashMap<>(how);
    without.remove("dilations");
    return without;
  }

  static Operand<TNumber> make(
      Ops tf, String type, Map<String, AttrValue> how, Operand<?>... inputs) {
    return RuleOp.number(OpCopy.make(tf, type, how, Arrays.asList(inputs)).output(0));
  }
}
