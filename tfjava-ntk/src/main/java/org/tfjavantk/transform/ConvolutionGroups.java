package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/**
 * The gradients of a convolution in which channels meet only those of their group, one group at a
 * time: TensorFlow has no kernel for them on the CPU.
 *
 * @param groups how many
 * @param axis of the channels of images
 */
record ConvolutionGroups(int groups, int axis) {
  /** As many groups as the filter is narrower than the image; one if a length is not known. */
  static ConvolutionGroups of(Shape image, Shape filter, int axis) {
    if (image.isUnknown() || filter.isUnknown()) {
      return new ConvolutionGroups(1, axis);
    }
    long channels = image.get(axis);
    long seen = filter.get(filter.numDimensions() - 2);
    boolean known = channels > 0 && seen > 0;
    return new ConvolutionGroups(known ? Math.toIntExact(channels / seen) : 1, axis);
  }

  /** As {@link Convolutions#inputGradient}. */
  Operand<TNumber> inputGradient(
      Ops tf,
      String type,
      Map<String, AttrValue> how,
      Shape image,
      Operand<TInt32> shape,
      Operand<TNumber> filter,
      Operand<TNumber> g) {
    if (groups == 1) {
      return Convolutions.inputGradient(tf, type, how, image, shape, filter, g);
    }
    int rank = filter.shape().numDimensions();
    List<Operand<TNumber>> filters = parts(tf, filter, rank - 1);
    List<Operand<TNumber>> cotangents = parts(tf, g, axis);
    Operand<TInt32> part = part(tf, shape, axis, rank);
    List<Operand<TNumber>> images = new ArrayList<>();
    for (int k = 0; k < groups; k++) {
      images.add(
          Convolutions.inputGradient(
              tf, type, how, image, part, filters.get(k), cotangents.get(k)));
    }
    return tf.concat(images, tf.constant(axis));
  }

  /** As {@link Convolutions#filterGradient}. */
  Operand<TNumber> filterGradient(
      Ops tf,
      String type,
      Map<String, AttrValue> how,
      Operand<TNumber> x,
      Operand<TInt32> shape,
      Operand<TNumber> g) {
    if (groups == 1) {
      return Convolutions.filterGradient(tf, type, how, x, shape, g);
    }
    int rank = x.shape().numDimensions();
    List<Operand<TNumber>> images = parts(tf, x, axis);
    List<Operand<TNumber>> cotangents = parts(tf, g, axis);
    Operand<TInt32> part = part(tf, shape, rank - 1, rank);
    List<Operand<TNumber>> filters = new ArrayList<>();
    for (int k = 0; k < groups; k++) {
      filters.add(
          Convolutions.filterGradient(tf, type, how, images.get(k), part, cotangents.get(k)));
    }
    return tf.concat(filters, tf.constant(rank - 1));
  }

  private List<Operand<TNumber>> parts(Ops tf, Operand<TNumber> x, int along) {
    return List.copyOf(tf.split(tf.constant(along), x, (long) groups).output());
  }

  /** The shape of one group, of which one length is that of all. */
  private Operand<TInt32> part(Ops tf, Operand<TInt32> shape, int along, int rank) {
    int[] divisors = new int[rank];
    Arrays.fill(divisors, 1);
    divisors[along] = groups;
    return tf.math.div(shape, tf.constant(divisors));
  }
}
