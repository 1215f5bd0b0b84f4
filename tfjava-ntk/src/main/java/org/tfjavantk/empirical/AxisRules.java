package org.tfjavantk.empirical;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;
import org.tfjavantk.graphs.ConstantValue;

/** How each type of operation moves the axis of the examples. */
final class AxisRules {
  private static final Set<String> SHAPES = words("Shape ShapeN Size Rank");
  private static final Set<String> ELEMENTWISE =
      words(
          "Identity IdentityN Snapshot StopGradient PreventGradient CheckNumerics EnsureShape Cast Neg Abs Sign"
              + " Square Sqrt Rsqrt Reciprocal Inv Exp Expm1 Log Log1p Erf Erfc Erfinv Ndtri Lgamma Digamma Sin"
              + " Cos Tan Sinh Cosh Asin Acos Atan Asinh Acosh Atanh Tanh Sigmoid Softplus Softsign Relu Relu6"
              + " LeakyRelu Elu Selu Floor Ceil Round Rint IsNan IsInf IsFinite ZerosLike OnesLike LogicalNot"
              + " Add AddV2 AddN Sub Mul MulNoNan RealDiv Div DivNoNan FloorDiv FloorMod Mod Pow Maximum Minimum"
              + " SquaredDifference Atan2 Xlogy Xlog1py Xdivy Equal NotEqual Less LessEqual Greater GreaterEqual"
              + " LogicalAnd LogicalOr SelectV2 ClipByValue Bucketize");
  private static final Set<String> IMAGES =
      words(
          "Conv2D DepthwiseConv2dNative Conv3D AvgPool AvgPool3D MaxPool MaxPool3D MaxPoolV2 BiasAdd LRN"
              + " ResizeBilinear ResizeNearestNeighbor SpaceToDepth DepthToSpace ExtractImagePatches"
              + " FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3");
  private static final Set<String> TRANSPOSED_IMAGES =
      words("Conv2DBackpropInput DepthwiseConv2dNativeBackpropInput Conv3DBackpropInputV2");
  private static final Set<String> REDUCTIONS =
      words("Sum Mean Max Min Prod All Any ArgMax ArgMin EuclideanNorm");
  private static final Set<String> ALONG_LAST =
      words("Softmax LogSoftmax TopKV2 SoftmaxCrossEntropyWithLogits");
  private static final Set<String> ALONG_GIVEN = words("Cumsum Cumprod ReverseV2 Roll");

  private AxisRules() {}

  private static Set<String> words(String text) {
    return Set.of(text.split(" "));
  }

  /** Whether the operation reads nothing but shapes. */
  static boolean onlyShape(GraphOperation op) {
    return SHAPES.contains(op.type());
  }

  /** Where the examples are in output k, if each input has them along an axis or not at all. */
  static Extent output(GraphOperation op, List<Extent> inputs, int k) {
    String type = op.type();
    if (onlyShape(op)) {
      return Extent.NONE;
    }
    if (ranksUnknown(op, k)) {
      return unknown(op);
    }
    if (ELEMENTWISE.contains(type)) {
      return type.equals("IdentityN") ? inputs.get(k) : elementwise(op, inputs);
    }
    if (type.equals("Select")) {
      boolean vector = op.input(0).shape().numDimensions() == 1;
      return vector && inputs.get(0).known() && !inputs.get(1).known()
          ? Extent.axis(0)
          : vector ? agreed(op, inputs) : elementwise(op, inputs);
    }
    if (TRANSPOSED_IMAGES.contains(type)) {
      Extent image = inputs.get(2);
      boolean alone = !inputs.get(0).known() && !inputs.get(1).known();
      return alone && image.known() && image.axis() == 0 ? image : unknown(op);
    }
    if (IMAGES.contains(type)) {
      return image(op, inputs);
    }
    if (REDUCTIONS.contains(type)) {
      return reduced(op, inputs.get(0));
    }
    if (ALONG_LAST.contains(type)) {
      int last = op.input(0).shape().numDimensions() - 1;
      Extent extent = agreed(op, inputs);
      return extent.known() && extent.axis() == last ? mixed(op) : extent;
    }
    if (ALONG_GIVEN.contains(type)) {
      int along = type.equals("Roll") ? 2 : 1;
      return otherThan(op, inputs.get(0), constant(op, along), 0);
    }
    return switch (type) {
      case "MatMul", "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3" ->
          AxisProducts.matMul(op, inputs);
      case "Einsum" -> AxisProducts.einsum(op, inputs);
      default -> AxisStructure.output(op, inputs, k);
    };
  }

  private static boolean ranksUnknown(GraphOperation op, int k) {
    return op.output(k).shape().isUnknown()
        || op.inputs().stream().anyMatch(input -> input.shape().isUnknown());
  }

  /** Inputs are aligned at their last axes. */
  static Extent elementwise(GraphOperation op, List<Extent> inputs) {
    int rank = op.output(0).shape().numDimensions();
    Extent found = Extent.NONE;
    for (int i = 0; i < inputs.size(); i++) {
      Extent extent = inputs.get(i);
      if (extent.known()) {
        Extent aligned = extent.along(extent.axis() + rank - op.input(i).shape().numDimensions());
        if (found.known() && !found.equals(aligned)) {
          return mixed(op);
        }
        found = aligned;
      }
    }
    return found;
  }

  /** The same extent in all inputs that have one. */
  static Extent agreed(GraphOperation op, List<Extent> inputs) {
    Extent found = Extent.NONE;
    for (Extent extent : inputs) {
      if (extent.known()) {
        if (found.known() && !found.equals(extent)) {
          return mixed(op);
        }
        found = extent;
      }
    }
    return found;
  }

  private static Extent image(GraphOperation op, List<Extent> inputs) {
    boolean filters = IntStream.range(1, inputs.size()).anyMatch(i -> inputs.get(i).known());
    if (op.type().startsWith("FusedBatchNorm") && op.attributes().getAttrBool("is_training")) {
      return mixed(op);
    }
    if (filters || !inputs.get(0).known() || inputs.get(0).axis() != 0) {
      return unknown(op);
    }
    return inputs.get(0);
  }

  private static Extent reduced(GraphOperation op, Extent extent) {
    Optional<long[]> axes = constant(op, 1);
    if (axes.isEmpty()) {
      return unknown(op);
    }
    int rank = op.input(0).shape().numDimensions();
    int axis = extent.axis();
    boolean arg = op.type().startsWith("Arg");
    boolean keep = !arg && op.attributes().getAttrBool("keep_dims");
    for (long reduced : axes.get()) {
      long place = reduced < 0 ? reduced + rank : reduced;
      if (place == extent.axis()) {
        return mixed(op);
      }
      if (place < extent.axis() && !keep) {
        axis--;
      }
    }
    return extent.along(axis);
  }

  /** The extent itself, if the operation works along other axes than that of the examples. */
  static Extent otherThan(GraphOperation op, Extent extent, Optional<long[]> axes, int added) {
    if (axes.isEmpty() || !extent.known()) {
      return unknown(op);
    }
    int rank = op.output(0).shape().numDimensions() + added;
    boolean hit = Arrays.stream(axes.get()).anyMatch(a -> (a < 0 ? a + rank : a) == extent.axis());
    return hit ? mixed(op) : extent;
  }

  static Optional<long[]> constant(GraphOperation op, int input) {
    return ConstantValue.integers(op.input(input));
  }

  static int rank(GraphOperation op, int input) {
    Shape shape = op.input(input).shape();
    return shape.numDimensions();
  }

  static Extent mixed(GraphOperation op) {
    return Extent.mixed(op.type() + " (node " + op.name() + ")");
  }

  static Extent unknown(GraphOperation op) {
    return Extent.unknown(op.type() + " (node " + op.name() + ")");
  }
}
