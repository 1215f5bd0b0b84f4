package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/**
 * Operations that are linear, or linear in each of several inputs: the tangent is the operation
 * itself, applied to tangents.
 */
final class LinearRules {
  private LinearRules() {}

  static void addTo(Map<String, JvpRule> rules) {
    // g(ẋ): linear in one input, the others are shapes, axes, indices, or kept.
    addLinear(
        rules,
        0,
        "Identity Snapshot CheckNumerics Neg Reshape Transpose Squeeze ExpandDims Sum Mean Pad Slice StridedSlice"
            + " Tile BroadcastTo GatherV2 GatherNd AvgPool BiasAddGrad Unpack SplitV Cumsum ReverseV2 Roll"
            + " MirrorPad SpaceToDepth DepthToSpace SpaceToBatchND BatchToSpaceND MatrixDiag MatrixDiagPart"
            + " MatrixBandPart Diag DiagPart SegmentSum UnsortedSegmentSum ExtractImagePatches ResizeBilinear"
            + " ResizeNearestNeighbor ReluGrad Relu6Grad LeakyReluGrad MirrorPadGrad ResizeBilinearGrad"
            + " ResizeNearestNeighborGrad ResizeBicubic ResizeBicubicGrad EnsureShape DeepCopy PlaceholderWithDefault GuaranteeConst"
            + " ReverseSequence SegmentMean AvgPool3D");
    addLinear(rules, 1, "Split ScatterNd AvgPoolGrad AvgPool3DGrad Fill");
    addLinear(rules, 2, "MaxPoolGrad MaxPoolGradV2 MaxPoolGradGradV2 MaxPool3DGrad");
    addLinear(rules, 4, "StridedSliceGrad");
    // g(ẋ_1, …, ẋ_k): linear in all floating-point inputs together.
    for (String type :
        words(
            "Add AddV2 Sub AddN ConcatV2 Pack BiasAdd PadV2 SelectV2 Select MatrixSetDiag MatrixSetDiagV2 MatrixSetDiagV3"
                + " MatrixDiagV2 MatrixDiagV3 MatrixDiagPartV2 MatrixDiagPartV3 TensorScatterAdd"
                + " TensorScatterSub TensorScatterUpdate OneHot")) {
      rules.put(type, LinearRules::together);
    }
    // Σ_i g(…, ẋ_i, …): linear in each input.
    addEach(
        rules,
        "MatMul BatchMatMul BatchMatMulV2 BatchMatMulV3 Mul Einsum Conv2D DepthwiseConv2dNative");
    addEach(rules, "Conv2DBackpropInput Conv2DBackpropFilter DepthwiseConv2dNativeBackpropInput");
    addEach(rules, "Conv3DBackpropInputV2 Conv3DBackpropFilterV2");
    addEach(rules, "DepthwiseConv2dNativeBackpropFilter MulNoNan Cross Conv3D");
    // Not differentiable, or constant: the tangent is zero.
    for (String type :
        words(
            "StopGradient ZerosLike OnesLike Shape ShapeN Size Rank ArgMax ArgMin Equal NotEqual Less LessEqual"
                + " Greater GreaterEqual Sign Floor Ceil Round Rint IsNan IsInf IsFinite"
                + " FloorDiv Where Bucketize InTopKV2 ApproximateEqual")) {
      rules.put(type, op -> zeros(op.operation()));
    }
    rules.put("IdentityN", op -> tangents(op));
    rules.put("Cast", LinearRules::cast);
  }

  private static void addLinear(Map<String, JvpRule> rules, int input, String types) {
    for (String type : words(types)) {
      rules.put(
          type,
          op ->
              op.tangent(input) == null
                  ? zeros(op.operation())
                  : outputs(op.copyWith(input, op.tangent(input))));
    }
  }

  private static void addEach(Map<String, JvpRule> rules, String types) {
    for (String type : words(types)) {
      rules.put(type, LinearRules::each);
    }
  }

  private static List<Operand<?>> together(ForwardOp op) {
    List<Operand<?>> inputs = new ArrayList<>();
    for (int i = 0; i < op.operation().numInputs(); i++) {
      inputs.add(floating(op, i) ? op.tangentOrZeros(i) : op.input(i));
    }
    return outputs(op.copy(inputs));
  }

  private static List<Operand<?>> each(ForwardOp op) {
    Operand<TNumber> sum = null;
    for (int i = 0; i < op.operation().numInputs(); i++) {
      if (op.tangent(i) != null) {
        @SuppressWarnings("unchecked")
        Operand<TNumber> term =
            (Operand<TNumber>) (Operand<?>) op.copyWith(i, op.tangent(i)).output(0);
        sum = op.sum(sum, term);
      }
    }
    return Arrays.asList((Operand<?>) sum);
  }

  private static List<Operand<?>> tangents(ForwardOp op) {
    List<Operand<?>> all = new ArrayList<>();
    for (int i = 0; i < op.operation().numInputs(); i++) {
      all.add(op.tangent(i));
    }
    return all;
  }

  /** Between floating-point types a cast is linear; to integers it is a step function. */
  private static List<Operand<?>> cast(ForwardOp op) {
    String type = op.operation().output(0).dataType().name();
    if (type.startsWith("DT_COMPLEX")) {
      throw new UserException(
          "there is no derivative of complex numbers, to which the node "
              + op.operation().name()
              + " casts; write the model with real numbers");
    }
    boolean floating = isFloating(type);
    return floating ? outputs(op.copyWith(0, op.tangent(0))) : zeros(op.operation());
  }

  private static boolean floating(ForwardOp op, int i) {
    return isFloating(op.operation().input(i).dataType().name());
  }

  private static boolean isFloating(String dataType) {
    return dataType.equals("DT_FLOAT")
        || dataType.equals("DT_DOUBLE")
        || dataType.equals("DT_HALF")
        || dataType.equals("DT_BFLOAT16");
  }

  static List<Operand<?>> outputs(GraphOperation op) {
    List<Operand<?>> outputs = new ArrayList<>();
    for (int i = 0; i < op.numOutputs(); i++) {
      outputs.add(op.output(i));
    }
    return outputs;
  }

  static List<Operand<?>> zeros(GraphOperation op) {
    return Arrays.asList(new Operand<?>[op.numOutputs()]);
  }

  static String[] words(String text) {
    return text.trim().split(" +");
  }
}
