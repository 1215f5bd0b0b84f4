package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;

/**
 * Batches pass through convolutions. A batch of only one factor goes into an axis of it that the
 * convolution treats as parallel: the images, or the channels of the filter. Where both factors
 * have a batch, the convolution becomes patches and a product of matrices.
 */
final class BatchConvolutions {
  private BatchConvolutions() {}

  static void addTo(Map<String, BatchRule> rules) {
    rules.put("Conv2D", op -> BatchOp.batch(forward(op)));
    rules.put("Conv2DBackpropInput", op -> BatchOp.batch(toInput(op)));
    rules.put("Conv2DBackpropFilter", op -> BatchOp.batch(toFilter(op)));
    rules.put("Conv3D", op -> BatchOp.batch(forward(op)));
    rules.put("Conv3DBackpropInputV2", op -> BatchOp.batch(toInput(op)));
    rules.put("Conv3DBackpropFilterV2", op -> BatchOp.batch(toFilter(op)));
    rules.put("DepthwiseConv2dNative", op -> BatchOp.batch(depthwise(op)));
    rules.put("DepthwiseConv2dNativeBackpropInput", op -> BatchOp.batch(depthwiseToInput(op)));
    rules.put("DepthwiseConv2dNativeBackpropFilter", op -> BatchOp.batch(depthwiseToFilter(op)));
  }

  private static int channels(BatchOp op) {
    return op.attribute("data_format").getS().toStringUtf8().startsWith("NC") ? 1 : rank(op) - 1;
  }

  private static int rank(BatchOp op) {
    return BatchImage.rank(op);
  }

  private static Operand<TNumber> only(GraphOperation op) {
    return RuleOp.number(op.output(0));
  }

  /** The axis of a filter for the channels that it reads; that of the outputs is the next. */
  private static int inputs(BatchOp op) {
    return rank(op) - 2;
  }

  private static Operand<TNumber> forward(BatchOp op) {
    if (!op.batched(1)) {
      GraphOperation all = op.again(Folds.into(op, 0, 0), op.value(1));
      return BatchImage.unfolded(op, all, op.length(0, 0));
    }
    int c = channels(op);
    int out = inputs(op) + 1;
    ConvolutionProducts patches = patches(op, op.length(0, c), op.lengths(1));
    if (!op.batched(0) && !patches.hasGroups()) {
      // One image, many filters: more channels of the output.
      Operand<TNumber> y = only(op.again(op.value(0), Folds.into(op, 1, out)));
      return Folds.outOf(op, y, rank(op), c, op.length(1, out));
    }
    return patches.product(op.stacked(0), op.stacked(1));
  }

  /** The shape of the images, of which the operation may be told height and width alone. */
  private static List<Length> imageSizes(BatchOp op) {
    Operand<TNumber> given = op.fixed(0);
    if (given.shape().isUnknown() || given.shape().get(0) != 2) {
      return BatchImage.sizes(op, 0);
    }
    List<Length> sizes = new ArrayList<>();
    sizes.add(op.length(2, 0));
    sizes.add(BatchImage.element(op, given, 0));
    sizes.add(BatchImage.element(op, given, 1));
    sizes.add(channels(op), op.length(1, inputs(op)));
    return sizes;
  }

  /** Inputs: the shape of the images, the filter, the cotangent of the output. */
  private static Operand<TNumber> toInput(BatchOp op) {
    List<Length> sizes = imageSizes(op);
    if (!op.batched(1)) {
      Operand<?> all = enlarged(op, sizes, 0);
      GraphOperation images = op.again(all, op.value(1), Folds.into(op, 2, 0));
      return BatchImage.unfolded(op, images, sizes.get(0));
    }
    int c = channels(op);
    ConvolutionProducts patches = patches(op, sizes.get(c), op.lengths(1));
    if (!op.batched(2) && !patches.hasGroups()) {
      Operand<?> all = enlarged(op, sizes, c);
      Operand<TNumber> x = only(op.again(all, Folds.into(op, 1, inputs(op)), op.value(2)));
      return Folds.outOf(op, x, rank(op), c, sizes.get(c));
    }
    return patches.toInput(sizes, op.stacked(1), op.stacked(2));
  }

  /** Inputs: the images, the shape of the filter, the cotangent of the output. */
  private static Operand<TNumber> toFilter(BatchOp op) {
    int c = channels(op);
    int in = inputs(op);
    int out = in + 1;
    List<Length> sizes = BatchImage.sizes(op, 1);
    ConvolutionProducts patches = patches(op, op.length(0, c), sizes);
    if (!patches.hasGroups() && !op.batched(0)) {
      Operand<?> all = enlarged(op, sizes, out);
      Operand<TNumber> filters = only(op.again(op.value(0), all, Folds.into(op, 2, c)));
      return Folds.outOf(op, filters, rank(op), out, sizes.get(out));
    }
    if (!patches.hasGroups() && !op.batched(2)) {
      Operand<?> all = enlarged(op, sizes, in);
      Operand<TNumber> filters = only(op.again(Folds.into(op, 0, c), all, op.value(2)));
      return Folds.outOf(op, filters, rank(op), in, sizes.get(in));
    }
    return patches.toFilter(op.stacked(0), op.stacked(2));
  }

  private static ConvolutionProducts patches(BatchOp op, Length channels, List<Length> filter) {
    return rank(op) == 4
        ? Patches.of(op, channels, filter)
        : VolumePatches.of(op, channels, filter);
  }

  /** A shape with one length B times as large. */
  private static Operand<?> enlarged(BatchOp op, List<Length> sizes, int axis) {
    List<Length> all = new ArrayList<>(sizes);
    all.set(axis, sizes.get(axis).times(op.tf(), op.length()));
    return Length.vector(op.tf(), all);
  }

  /** Every channel has a filter of its own: the batch becomes more channels. */
  private static Operand<TNumber> depthwise(BatchOp op) {
    if (!op.batched(1)) {
      GraphOperation all = op.again(Folds.into(op, 0, 0), op.value(1));
      return BatchImage.unfolded(op, all, op.length(0, 0));
    }
    Ops tf = op.tf();
    int c = channels(op);
    Length out = op.length(1, 2).times(tf, op.length(1, 3));
    Operand<TNumber> y = only(op.again(Folds.into(op, 0, c), Folds.into(op, 1, 2)));
    return Folds.outOf(op, y, 4, c, out);
  }

  private static Operand<TNumber> depthwiseToInput(BatchOp op) {
    List<Length> sizes = BatchImage.sizes(op, 0);
    if (!op.batched(1)) {
      Operand<?> all = enlarged(op, sizes, 0);
      GraphOperation images = op.again(all, op.value(1), Folds.into(op, 2, 0));
      return BatchImage.unfolded(op, images, sizes.get(0));
    }
    int c = channels(op);
    GraphOperation images =
        op.again(enlarged(op, sizes, c), Folds.into(op, 1, 2), Folds.into(op, 2, c));
    return Folds.outOf(op, only(images), 4, c, sizes.get(c));
  }

  private static Operand<TNumber> depthwiseToFilter(BatchOp op) {
    int c = channels(op);
    List<Length> sizes = BatchImage.sizes(op, 1);
    GraphOperation filters =
        op.again(Folds.into(op, 0, c), enlarged(op, sizes, 2), Folds.into(op, 2, c));
    return Folds.outOf(op, only(filters), 4, 2, sizes.get(2));
  }
}
