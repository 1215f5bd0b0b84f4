package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Devices;

/**
 * The gradient of a convolution y_p = Σ_t x_{p+t−b} w_t with respect to images x as another
 * convolution, with the filter turned by half a turn:
 *
 * <p>x̄_u = Σ_t ȳ_{u+t−b'} w_{r−t}ᵀ, b' = r − b,
 *
 * <p>where the filter reaches over r + 1 pixels, and b pixels of zeros lie before the image. A
 * filter that moves by s pixels is one that moves by one block of s x s pixels, whose filter has
 * zeros where it was not a multiple of s long.
 *
 * <p>TensorFlow's own kernel on the CPU takes up to seven times as long, but where there are few
 * channels.
 *
 * @param how the attributes of the other convolution
 * @param block s
 * @param zeros put around the filter so that it consists of blocks: above, below, left, right
 */
record TurnedFilter(Map<String, AttrValue> how, int block, int[] zeros) {
  private static final int FEW_CHANNELS = 16;

  /**
   * Of so many channels, oneDNN on AVX2 makes more than {@link #AT_ONCE} others with an older
   * kernel that takes up to 1.5 times as long, at least where images are small.
   */
  private static final int MANY_CHANNELS = 256;

  private static final int AT_ONCE = 128;

  /** How many times the multiply-adds may be more, for blocks, than TensorFlow's own. */
  private static final double MORE = 2;

  /** Empty where the gradient is not such a convolution, or not known to be faster. */
  static Optional<TurnedFilter> of(Map<String, AttrValue> how, Shape image, Shape filter) {
    boolean known = !filter.isUnknown() && !filter.hasUnknownDimension();
    boolean last = !Convolutions.format(how).startsWith("NC");
    if (!known || !last || Math.min(filter.get(2), filter.get(3)) < FEW_CHANNELS) {
      return Optional.empty();
    }
    long[] strides = Attributes.integers(how.get("strides"));
    if (Arrays.stream(strides).allMatch(s -> s == 1)) {
      return unstrided(how, filter);
    }
    boolean blocks = strides[1] == strides[2] && !image.isUnknown();
    return blocks ? strided(how, image, filter, strides[1]) : Optional.empty();
  }

  private static Optional<TurnedFilter> unstrided(Map<String, AttrValue> how, Shape filter) {
    long[] dilations = Attributes.integers(how.get("dilations"));
    long[] reach = {(filter.get(0) - 1) * dilations[1], (filter.get(1) - 1) * dilations[2]};
    long[] zeros = explicit(how);
    if (padding(how).equals("SAME")) {
      // Of an odd number of zeros, one more lies behind the image than before it.
      zeros =
          new long[] {
            0, 0, reach[0] / 2, (reach[0] + 1) / 2, reach[1] / 2, (reach[1] + 1) / 2, 0, 0
          };
    }
    long[] other = new long[8];
    for (int axis = 1; axis <= 2; axis++) {
      other[2 * axis] = reach[axis - 1] - zeros[2 * axis];
      other[2 * axis + 1] = reach[axis - 1] - zeros[2 * axis + 1];
    }
    return padded(how, other).map(attributes -> new TurnedFilter(attributes, 1, new int[4]));
  }

  /** Blocks of pixels instead of pixels. */
  private static Optional<TurnedFilter> strided(
      Map<String, AttrValue> how, Shape image, Shape filter, long stride) {
    long[] explicit = explicit(how);
    long[] other = new long[8];
    int[] around = new int[4];
    double more = 1;
    for (int axis = 1; axis <= 2; axis++) {
      long size = image.get(axis);
      long reach = filter.get(axis - 1);
      boolean dilated = Attributes.integers(how.get("dilations"))[axis] != 1;
      if (dilated || size <= 0 || size % stride != 0) {
        return Optional.empty();
      }
      long before = explicit[2 * axis];
      long covered = size + before + explicit[2 * axis + 1];
      long out = (covered - reach) / stride + 1;
      if (padding(how).equals("SAME")) {
        out = (size + stride - 1) / stride;
        before = Math.max(0, (out - 1) * stride + reach - size) / 2;
      }
      long missing = Math.floorMod(-before, stride);
      long blocks = (reach + missing + stride - 1) / stride;
      around[2 * axis - 2] = (int) missing;
      around[2 * axis - 1] = (int) (blocks * stride - reach - missing);
      other[2 * axis] = blocks - 1 - (before + missing) / stride;
      other[2 * axis + 1] = size / stride - out - other[2 * axis] + blocks - 1;
      more *= (double) blocks * stride / reach;
    }
    return more > MORE
        ? Optional.empty()
        : padded(how, other).map(attributes -> new TurnedFilter(attributes, (int) stride, around));
  }

  private static String padding(Map<String, AttrValue> how) {
    return how.get("padding").getS().toStringUtf8();
  }

  /** Zeros around the image, before and after along every axis. */
  private static long[] explicit(Map<String, AttrValue> how) {
    return padding(how).equals("EXPLICIT")
        ? Attributes.integers(how.get("explicit_paddings"))
        : new long[8];
  }

  /** The attributes of a convolution that moves by one; empty if a length is negative. */
  private static Optional<Map<String, AttrValue>> padded(Map<String, AttrValue> how, long[] zeros) {
    if (Arrays.stream(zeros).anyMatch(zero -> zero < 0)) {
      return Optional.empty();
    }
    Map<String, AttrValue> attributes = new LinkedHashMap<>(how);
    attributes.put("strides", Attributes.integers(1, 1, 1, 1));
    attributes.put("padding", Attributes.text("EXPLICIT"));
    attributes.put("explicit_paddings", Attributes.integers(zeros));
    return Optional.of(attributes);
  }

  /** x̄ from w and ȳ. */
  Operand<TNumber> inputGradient(Ops tf, Operand<TNumber> filter, Operand<TNumber> g) {
    if (block == 1) {
      return convolved(tf, g, tf.linalg.transpose(filter, tf.constant(new int[] {0, 1, 3, 2})));
    }
    Shape shape = filter.shape();
    int height = (int) shape.get(0) + zeros[0] + zeros[1];
    int width = (int) shape.get(1) + zeros[2] + zeros[3];
    int in = (int) shape.get(2);
    int out = (int) shape.get(3);
    int[][] around = {{zeros[0], zeros[1]}, {zeros[2], zeros[3]}, {0, 0}, {0, 0}};
    Operand<TNumber> padded = tf.pad(filter, tf.constant(around), tf.constant(filter.type(), 0));
    int[] cut = {height / block, block, width / block, block, in, out};
    Operand<TNumber> blocks =
        tf.linalg.transpose(
            tf.reshape(padded, tf.constant(cut)), tf.constant(new int[] {0, 2, 5, 1, 3, 4}));
    int[] whole = {height / block, width / block, out, block * block * in};
    Operand<TNumber> images = convolved(tf, g, tf.reshape(blocks, tf.constant(whole)));
    return tf.nn.depthToSpace(images, (long) block);
  }

  private Operand<TNumber> convolved(Ops tf, Operand<TNumber> g, Operand<TNumber> swapped) {
    boolean pointwise = swapped.shape().get(0) == 1 && swapped.shape().get(1) == 1;
    Operand<TNumber> turned =
        pointwise ? swapped : tf.reverse(swapped, tf.constant(new int[] {0, 1}));
    if (pointwise || !crowded(turned)) {
      return convolution(tf, g, turned);
    }
    long parts = turned.shape().get(3) / AT_ONCE;
    List<Operand<TNumber>> images = new ArrayList<>();
    tf.split(tf.constant(3), turned, parts).forEach(part -> images.add(convolution(tf, g, part)));
    return tf.concat(images, tf.constant(3));
  }

  /** Whether the processor makes all channels faster in equal parts than at once. */
  private static boolean crowded(Operand<TNumber> filter) {
    Shape shape = filter.shape();
    return filter.type() == (Class<?>) TFloat32.class
        && shape.get(2) >= MANY_CHANNELS
        && shape.get(3) > AT_ONCE
        && shape.get(3) % AT_ONCE == 0
        && !Devices.gpuFound();
  }

  private Operand<TNumber> convolution(Ops tf, Operand<TNumber> x, Operand<TNumber> filter) {
    return RuleOp.number(OpCopy.make(tf, "Conv2D", how, List.of(x, filter)).output(0));
  }
}
