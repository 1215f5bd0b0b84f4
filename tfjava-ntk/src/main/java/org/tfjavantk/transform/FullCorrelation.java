package org.tfjavantk.transform;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;

/**
 * The transpose of a convolution without strides by its image is again one: with y[p] = Σ_q x[p + q
 * − b] w[q] for padding b, x̄[p] = Σ_q ȳ[p − q + b] w[q]ᵀ = Σ_q ȳ[p + q − (k − 1 − b)] w[k − 1 −
 * q]ᵀ: the filter turned around, with its two last axes exchanged, and the padding k − 1 − b.
 *
 * <p>TensorFlow's own kernel for it, Conv2DBackpropInput, writes all patches to memory on a CPU and
 * takes up to four times as long.
 */
final class FullCorrelation {
  private static final ByteString EXPLICIT = ByteString.copyFromUtf8("EXPLICIT");

  private FullCorrelation() {}

  /** Whether a convolution of an image x with a filter w has such a transpose. */
  static boolean covers(Shape x, Shape w, Map<String, AttrValue> how) {
    boolean known =
        !x.isUnknown()
            && x.get(3) != Shape.UNKNOWN_SIZE
            && !w.isUnknown()
            && !w.hasUnknownDimension();
    return known
        && x.get(3) == w.get(2)
        && how.get("data_format").getS().toStringUtf8().equals("NHWC")
        && ones(how.get("strides"))
        && ones(how.get("dilations"))
        && keepsSize(w, how);
  }

  /** Whether y is as large as x: else there would be more to multiply than x ∗ w takes. */
  private static boolean keepsSize(Shape w, Map<String, AttrValue> how) {
    long[] padding = padding(w, how);
    boolean keeps = true;
    for (int axis = 0; axis < 2; axis++) {
      long before = padding[2 * axis + 2];
      long after = padding[2 * axis + 3];
      keeps &= before >= 0 && after >= 0 && before + after == w.get(axis) - 1;
    }
    return keeps;
  }

  /** x̄ from w and ȳ. */
  static Operand<TNumber> of(
      Ops tf, Operand<TNumber> w, Operand<TNumber> g, Map<String, AttrValue> how) {
    Operand<TNumber> turned = tf.reverse(w, tf.constant(new int[] {0, 1}));
    Operand<TNumber> exchanged = tf.linalg.transpose(turned, tf.constant(new int[] {0, 1, 3, 2}));
    long[] padding = padding(w.shape(), how);
    AttrValue.ListValue.Builder explicit = AttrValue.ListValue.newBuilder();
    for (long amount : padding) {
      explicit.addI(amount);
    }
    Map<String, AttrValue> attributes = new LinkedHashMap<>(how);
    attributes.put("padding", AttrValue.newBuilder().setS(EXPLICIT).build());
    attributes.put("explicit_paddings", AttrValue.newBuilder().setList(explicit).build());
    return Convolutions.make(tf, "Conv2D", attributes, g, exchanged);
  }

  private static boolean ones(AttrValue list) {
    return list.getList().getIList().stream().allMatch(step -> step == 1);
  }

  /** k − 1 − b before and after every axis. */
  private static long[] padding(Shape w, Map<String, AttrValue> how) {
    List<Long> given = how.get("explicit_paddings").getList().getIList();
    String kind = how.get("padding").getS().toStringUtf8();
    long[] padding = new long[8];
    for (int axis = 0; axis < 2; axis++) {
      long whole = w.get(axis) - 1;
      long before = 0;
      long after = 0;
      if (kind.equals("SAME")) {
        before = whole / 2;
        after = whole - before;
      } else if (kind.equals("EXPLICIT")) {
        before = given.get(2 * axis + 2);
        after = given.get(2 * axis + 3);
      }
      padding[2 * axis + 2] = whole - before;
      padding[2 * axis + 3] = whole - after;
    }
    return padding;
  }
}
