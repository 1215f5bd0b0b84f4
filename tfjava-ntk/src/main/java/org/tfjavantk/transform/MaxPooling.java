package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;

/**
 * Pooling by the maximum is linear in the tangent: it picks the entry that is the maximum, which is
 * what the MaxPoolGradGrad operations do.
 */
final class MaxPooling {
  private static final String[] ATTRIBUTES = {"ksize", "strides", "padding", "data_format"};

  private MaxPooling() {}

  static void addTo(Map<String, JvpRule> rules) {
    for (String type : List.of("MaxPool", "MaxPool3D")) {
      rules.put(type, op -> one(pick(op, type, op.input(0), op.output(0), op.tangent(0))));
      rules.put(
          type + "GradGrad",
          op ->
              op.tangent(2) == null
                  ? LinearRules.zeros(op.operation())
                  : one(pick(op, type, op.input(0), op.input(1), op.tangent(2))));
    }
    rules.put(
        "MaxPoolV2",
        op ->
            one(
                pickV2(
                    op,
                    op.input(0),
                    op.output(0),
                    op.tangent(0),
                    List.of(op.input(1), op.input(2)))));
  }

  /**
   * Of every window of dx, the entry where x has its maximum y.
   *
   * @param type MaxPool or MaxPool3D; {@code op} has its attributes
   */
  static Operand<TNumber> pick(
      RuleOp op, String type, Operand<TNumber> x, Operand<TNumber> y, Operand<TNumber> dx) {
    return pick(op, type, op.attributes(ATTRIBUTES), x, y, dx);
  }

  /** As {@link #pick}, with the window and the strides as operands. */
  static Operand<TNumber> pickV2(
      RuleOp op,
      Operand<TNumber> x,
      Operand<TNumber> y,
      Operand<TNumber> dx,
      List<Operand<TNumber>> windowAndStrides) {
    Map<String, AttrValue> how = new LinkedHashMap<>(op.attributes("padding", "data_format"));
    long[] window = ConstantValue.integers(windowAndStrides.get(0)).orElse(null);
    long[] strides = ConstantValue.integers(windowAndStrides.get(1)).orElse(null);
    if (window == null || strides == null) {
      return op.make(
          "MaxPoolGradGradV2", how, x, y, dx, windowAndStrides.get(0), windowAndStrides.get(1));
    }
    how.put("ksize", Attributes.integers(window));
    how.put("strides", Attributes.integers(strides));
    return pick(op, "MaxPool", how, x, y, dx);
  }

  private static Operand<TNumber> pick(
      RuleOp op,
      String type,
      Map<String, AttrValue> how,
      Operand<TNumber> x,
      Operand<TNumber> y,
      Operand<TNumber> dx) {
    String gradGrad = type + "GradGrad";
    List<Long> window = how.get("ksize").getList().getIList();
    boolean dense = how.get("strides").getList().getIList().stream().allMatch(s -> s == 1);
    if (dense && window.stream().allMatch(k -> k == 1)) {
      return dx;
    }
    if (!dense || !how.get("padding").getS().toStringUtf8().equals("SAME")) {
      return op.make(gradGrad, how, x, y, dx);
    }
    // Where the output has the shape of dx, TensorFlow's kernel may write over dx before it reads
    // it. So the padding is written out, which makes the shapes differ.
    int[][] paddings = new int[window.size()][2];
    for (int axis = 0; axis < paddings.length; axis++) {
      int total = Math.toIntExact(window.get(axis)) - 1;
      paddings[axis] = new int[] {total / 2, total - total / 2};
    }
    Operand<?> around = op.tf().constant(paddings);
    Map<String, AttrValue> valid = new LinkedHashMap<>(how);
    valid.put("padding", Attributes.text("VALID"));
    var lowest = op.constant(0, Double.NEGATIVE_INFINITY);
    return op.make(
        gradGrad, valid, op.make("PadV2", x, around, lowest), y, op.make("Pad", dx, around));
  }

  private static List<Operand<?>> one(Operand<TNumber> tangent) {
    return Arrays.asList((Operand<?>) tangent);
  }
}
