package org.tfjavantk.empirical;

import java.util.List;
import java.util.Optional;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;

/** Where operations that move entries around put the axis of the examples. */
final class AxisStructure {
  private AxisStructure() {}

  static Extent output(GraphOperation op, List<Extent> inputs, int k) {
    Extent extent = inputs.get(0);
    return switch (op.type()) {
      case "Reshape" -> reshaped(op, extent);
      case "Transpose" -> transposed(op, extent);
      case "ExpandDims" -> expanded(op, extent);
      case "Squeeze" -> squeezed(op, extent);
      case "ConcatV2" -> {
        int axes = op.numInputs() - 1;
        yield AxisRules.otherThan(
            op, AxisRules.agreed(op, inputs), AxisRules.constant(op, axes), 0);
      }
      case "Pack" -> packed(op, AxisRules.agreed(op, inputs));
      case "Unpack" -> unpacked(op, extent);
      case "Split" -> split(op, inputs.get(1), AxisRules.constant(op, 0));
      case "SplitV" -> split(op, extent, AxisRules.constant(op, 2));
      case "Slice" -> kept(op, extent, AxisRules.constant(op, 1), 0, AxisRules.constant(op, 2));
      case "StridedSlice" -> StridedAxes.of(op).axis(op, extent);
      case "Pad", "PadV2", "MirrorPad" -> padded(op, extent);
      case "Tile" -> kept(op, extent, AxisRules.constant(op, 1), 1, Optional.empty());
      case "BroadcastTo" -> AxisRules.elementwise(op, inputs);
      case "GatherV2" -> gathered(op, inputs);
      case "OneHot" -> oneHot(op, extent);
      case "SparseSoftmaxCrossEntropyWithLogits" -> AxisRules.agreed(op, inputs);
      default -> AxisRules.unknown(op);
    };
  }

  /** In row-major order every example's entries stay together if those before it are examples. */
  private static Extent reshaped(GraphOperation op, Extent extent) {
    Shape from = op.input(0).shape();
    Shape to = op.output(0).shape();
    int axis = extent.axis();
    for (int i = 0; i < axis; i++) {
      if (i >= to.numDimensions() || from.get(i) < 0 || from.get(i) != to.get(i)) {
        return AxisRules.unknown(op);
      }
    }
    if (axis >= to.numDimensions()) {
      return AxisRules.unknown(op);
    }
    long rest = after(from, axis);
    long slice = after(to, axis);
    if (rest < 0 || slice < 0) {
      return AxisRules.unknown(op);
    }
    long size = extent.rows() * rest;
    return slice == 0 || size % slice != 0 ? AxisRules.mixed(op) : Extent.axis(axis, size / slice);
  }

  /** The product of the dimensions after an axis, -1 if one is not known. */
  private static long after(Shape shape, int axis) {
    long product = 1;
    for (int i = axis + 1; i < shape.numDimensions(); i++) {
      if (shape.get(i) < 0) {
        return -1;
      }
      product *= shape.get(i);
    }
    return product;
  }

  private static Extent transposed(GraphOperation op, Extent extent) {
    Optional<long[]> order = AxisRules.constant(op, 1);
    if (order.isPresent()) {
      for (int i = 0; i < order.get().length; i++) {
        if (order.get()[i] == extent.axis()) {
          return extent.along(i);
        }
      }
    }
    return AxisRules.unknown(op);
  }

  private static Extent expanded(GraphOperation op, Extent extent) {
    Optional<long[]> at = AxisRules.constant(op, 1);
    if (at.isEmpty()) {
      return AxisRules.unknown(op);
    }
    long place = at.get()[0] < 0 ? at.get()[0] + AxisRules.rank(op, 0) + 1 : at.get()[0];
    return extent.along(place <= extent.axis() ? extent.axis() + 1 : extent.axis());
  }

  private static Extent squeezed(GraphOperation op, Extent extent) {
    long[] dims = op.attributes().getAttrIntList("squeeze_dims");
    Shape from = op.input(0).shape();
    int axis = extent.axis();
    for (int i = 0; i < extent.axis(); i++) {
      int place = i;
      boolean named = false;
      for (long d : dims) {
        named |= (d < 0 ? d + from.numDimensions() : d) == place;
      }
      if (dims.length == 0 && from.get(i) < 0) {
        return AxisRules.unknown(op);
      }
      axis -= named || dims.length == 0 && from.get(i) == 1 ? 1 : 0;
    }
    for (long d : dims) {
      if ((d < 0 ? d + from.numDimensions() : d) == extent.axis()) {
        return AxisRules.unknown(op);
      }
    }
    boolean vanishes = dims.length == 0 && from.get(extent.axis()) == 1;
    return vanishes ? AxisRules.unknown(op) : extent.along(axis);
  }

  private static Extent packed(GraphOperation op, Extent extent) {
    if (!extent.known()) {
      return extent;
    }
    long axis = op.attributes().getAttrInt("axis");
    long place = axis < 0 ? axis + op.output(0).shape().numDimensions() : axis;
    return extent.along(place <= extent.axis() ? extent.axis() + 1 : extent.axis());
  }

  private static Extent unpacked(GraphOperation op, Extent extent) {
    long axis = op.attributes().getAttrInt("axis");
    long place = axis < 0 ? axis + AxisRules.rank(op, 0) : axis;
    if (place == extent.axis()) {
      return AxisRules.mixed(op);
    }
    return extent.along(place < extent.axis() ? extent.axis() - 1 : extent.axis());
  }

  private static Extent split(GraphOperation op, Extent extent, Optional<long[]> axis) {
    return AxisRules.otherThan(op, extent, axis, 0);
  }

  /** The extent itself, if the value of {@code list} at its axis leaves the axis as it is. */
  private static Extent kept(
      GraphOperation op,
      Extent extent,
      Optional<long[]> list,
      long neutral,
      Optional<long[]> sizes) {
    if (list.isEmpty() || list.get()[extent.axis()] != neutral) {
      return AxisRules.unknown(op);
    }
    if (sizes.isPresent() && sizes.get()[extent.axis()] != -1) {
      long whole = op.input(0).shape().get(extent.axis());
      return whole >= 0 && sizes.get()[extent.axis()] == whole ? extent : AxisRules.unknown(op);
    }
    return sizes.isEmpty() && op.type().equals("Slice") ? AxisRules.unknown(op) : extent;
  }

  private static Extent padded(GraphOperation op, Extent extent) {
    Optional<long[]> paddings = AxisRules.constant(op, 1);
    boolean free =
        paddings.isPresent()
            && paddings.get()[2 * extent.axis()] == 0
            && paddings.get()[2 * extent.axis() + 1] == 0;
    return free ? extent : AxisRules.unknown(op);
  }

  private static Extent gathered(GraphOperation op, List<Extent> inputs) {
    Optional<long[]> axes = AxisRules.constant(op, 2);
    if (axes.isEmpty()) {
      return AxisRules.unknown(op);
    }
    Extent params = inputs.get(0);
    Extent indices = inputs.get(1);
    long batch = op.attributes().getAttrInt("batch_dims");
    int axis = (int) (axes.get()[0] < 0 ? axes.get()[0] + AxisRules.rank(op, 0) : axes.get()[0]);
    if (params.known() && indices.known()) {
      return params.equals(indices) && params.axis() < batch ? params : AxisRules.mixed(op);
    }
    if (indices.known()) {
      return indices.along(
          indices.axis() < batch ? indices.axis() : indices.axis() + axis - (int) batch);
    }
    if (params.axis() == axis) {
      // tf.vectorized_map gathers all examples in their order, by a range.
      boolean chosen = AxisRules.constant(op, 1).isPresent();
      return chosen ? AxisRules.mixed(op) : AxisRules.unknown(op);
    }
    int added = AxisRules.rank(op, 1) - (int) batch - 1;
    return params.along(params.axis() < axis ? params.axis() : params.axis() + added);
  }

  private static Extent oneHot(GraphOperation op, Extent extent) {
    long axis = op.attributes().getAttrInt("axis");
    boolean before = axis >= 0 && axis <= extent.axis();
    return extent.along(before ? extent.axis() + 1 : extent.axis());
  }
}
