package org.tfjavantk.transform;

import static org.tfjavantk.transform.LinearRules.words;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.ConstantValue;

/**
 * Batches pass through operations that treat every image by itself: the images of all examples
 * become one long row of images.
 */
final class BatchImage {
  private BatchImage() {}

  static void addTo(Map<String, BatchRule> rules) {
    for (String type :
        words(
            "MaxPool MaxPoolV2 AvgPool MaxPool3D AvgPool3D LRN SpaceToDepth DepthToSpace"
                + " ExtractImagePatches ResizeBilinear ResizeNearestNeighbor ResizeBicubic ResizeArea ResizeNearestNeighborGrad")) {
      rules.put(type, op -> folded(op, Set.of(0)));
    }
    for (String type : words("ResizeBilinearGrad ResizeBicubicGrad")) {
      rules.put(type, op -> folded(op, Set.of(0, 1)));
    }
    for (String type :
        words(
            "MaxPoolGradGrad MaxPoolGradV2 MaxPoolGradGradV2 MaxPool3DGrad MaxPool3DGradGrad"
                + " LRNGrad")) {
      rules.put(type, op -> folded(op, Set.of(0, 1, 2)));
    }
    rules.put("MaxPoolGrad", BatchImage::maxPoolGradient);
    for (String type : words("AvgPoolGrad AvgPool3DGrad")) {
      rules.put(type, BatchImage::averageGradient);
    }
    for (String type : words("SpaceToBatchND BatchToSpaceND")) {
      rules.put(type, BatchImage::blocks);
    }
  }

  /** The same operation, with axis 0 of these inputs B times as long. */
  static List<Batched> folded(BatchOp op, Set<Integer> images) {
    List<Operand<?>> inputs = new ArrayList<>();
    for (int i = 0; i < op.count(); i++) {
      inputs.add(images.contains(i) ? Folds.into(op, i, 0) : op.fixed(i));
    }
    return BatchOp.batch(unfolded(op, op.copy(inputs), op.length(0, 0)));
  }

  /** The only output of an operation on images, with n of them for each example. */
  static Operand<TNumber> unfolded(BatchOp op, GraphOperation all, Length n) {
    return Folds.outOf(op, RuleOp.number(all.output(0)), rank(op), 0, n);
  }

  /** The rank of images: 4, and 5 of volumes. */
  static int rank(BatchOp op) {
    return op.operation().type().contains("3D") ? 5 : 4;
  }

  /**
   * A gradient through windows side by side is the gradient of their outputs, repeated over each
   * window, times the mask of the largest numbers; many gradients share the mask. (Where a gradient
   * is not finite, all of its window gets it or NaN.)
   */
  private static List<Batched> maxPoolGradient(BatchOp op) {
    if (op.batched(0) || op.batched(1) || !sideBySide(op)) {
      return folded(op, Set.of(0, 1, 2));
    }
    Operand<TNumber> ones = op.make("OnesLike", op.value(1));
    Operand<TNumber> mask = op.make("MaxPoolGrad", sameAs(op), op.value(0), op.value(1), ones);
    Shape x = op.input(0).shape();
    int[] size = {Math.toIntExact(x.get(1)), Math.toIntExact(x.get(2))};
    GraphOperation repeated =
        OpCopy.make(
            op.tf(),
            "ResizeNearestNeighbor",
            Map.of("half_pixel_centers", Attributes.flag(true)),
            List.of(Folds.into(op, 2, 0), op.tf().constant(size)));
    Operand<TNumber> windows = unfolded(op, repeated, op.length(0, 0));
    return BatchOp.batch(op.make("Mul", windows, mask));
  }

  private static Map<String, AttrValue> sameAs(BatchOp op) {
    return op.attributes("ksize", "strides", "padding", "data_format");
  }

  private static boolean sideBySide(BatchOp op) {
    long[] window = Attributes.integers(op.attribute("ksize"));
    boolean plain =
        op.attribute("data_format").getS().toStringUtf8().equals("NHWC")
            && Arrays.equals(window, Attributes.integers(op.attribute("strides")))
            && window[0] == 1
            && window[3] == 1;
    Shape x = op.input(0).shape();
    return plain
        && !x.isUnknown()
        && x.get(1) > 0
        && x.get(2) > 0
        && x.get(1) % window[1] == 0
        && x.get(2) % window[2] == 0;
  }

  private static List<Batched> averageGradient(BatchOp op) {
    List<Length> sizes = sizes(op, 0);
    Length n = sizes.get(0);
    sizes.set(0, n.times(op.tf(), op.length()));
    GraphOperation all = op.again(Length.vector(op.tf(), sizes), Folds.into(op, 1, 0));
    return BatchOp.batch(unfolded(op, all, n));
  }

  /** The lengths that input i holds, which are those of the output. */
  static List<Length> sizes(BatchOp op, int i) {
    Operand<TNumber> sizes = op.fixed(i);
    List<Length> lengths = new ArrayList<>();
    for (int axis = 0; axis < rank(op); axis++) {
      long known = op.output(0).shape().isUnknown() ? -1 : op.output(0).shape().get(axis);
      lengths.add(known >= 0 ? Length.of(known) : element(op, sizes, axis));
    }
    return lengths;
  }

  /** One entry of a vector of lengths. */
  static Length element(BatchOp op, Operand<TNumber> lengths, int k) {
    var known = ConstantValue.integers(lengths);
    if (known.isPresent()) {
      return Length.of(known.get()[k]);
    }
    var entry = op.tf().stridedSlice(lengths, Indices.at((long) k));
    return new Length(-1, op.tf().dtypes.cast(entry, TInt32.class));
  }

  /** What follows the blocks is left alone, so the batch goes behind. */
  private static List<Batched> blocks(BatchOp op) {
    int last = op.rank(0);
    Operand<TNumber> images = Folds.move(op.tf(), op.value(0), last + 1, 0, last);
    GraphOperation moved = op.again(images, op.fixed(1), op.fixed(2));
    return BatchOp.batch(Folds.move(op.tf(), RuleOp.number(moved.output(0)), last + 1, last, 0));
  }
}
