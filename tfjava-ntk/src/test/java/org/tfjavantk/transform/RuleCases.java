package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TFloat64;

/** At least one case for every forward-mode rule. */
final class RuleCases {
  private static final long[] M = {3, 4};
  private static final long[] V = {4};
  static final long[] IMAGE = {2, 5, 6, 3};

  private final List<RuleCase> cases = new ArrayList<>();

  private RuleCases() {}

  static List<RuleCase> all() {
    RuleCases all = new RuleCases();
    all.elementwise();
    all.gradientOperations();
    all.binary();
    all.structure();
    all.gathering();
    all.reductions();
    all.products();
    new MatrixRuleCases(all).add();
    new IndexRuleCases(all).add();
    new ImageRuleCases(all).add();
    new ConvolutionRuleCases(all).add();
    new CompositionRuleCases(all).add();
    all.constants();
    return all.cases;
  }

  private void add(String name, RuleCase.Range range, RuleCase.Builder builder, long[]... shapes) {
    cases.add(new RuleCase(name, range, List.of(shapes), builder));
  }

  void any(String name, RuleCase.Builder builder, long[]... shapes) {
    add(name, RuleCase.Range.ANY, builder, shapes);
  }

  /** The operation of the case's own type on all inputs. */
  private void plain(String names, RuleCase.Range range, long[]... shapes) {
    for (String name : LinearRules.words(names)) {
      add(name, range, (tf, x) -> make(tf, name, Map.of(), x), shapes);
    }
  }

  static Operand<?> make(
      Ops tf, String type, Map<String, AttrValue> attributes, List<? extends Operand<?>> inputs) {
    return OpCopy.make(tf, type, attributes, inputs).output(0);
  }

  static Operand<?> make(Ops tf, String type, Operand<?>... inputs) {
    return make(tf, type, Map.of(), Arrays.asList(inputs));
  }

  private void elementwise() {
    plain(
        "Relu Relu6 LeakyRelu Elu Selu Abs Softplus Softsign Sigmoid Tanh Square Exp Expm1 Erf Erfc Sin Cos"
            + " Sinh Cosh Asinh Atan Neg Identity Snapshot",
        RuleCase.Range.ANY,
        M);
    plain("Sqrt Rsqrt Reciprocal Inv Log Log1p Lgamma Digamma", RuleCase.Range.POSITIVE, M);
    plain("Asin Acos Atanh Tan Erfinv", RuleCase.Range.SMALL, M);
    add(
        "Acosh",
        RuleCase.Range.POSITIVE,
        (tf, x) -> make(tf, "Acosh", tf.math.add(x.get(0), tf.constant(1.0))),
        M);
    add(
        "Polygamma",
        RuleCase.Range.POSITIVE,
        (tf, x) -> make(tf, "Polygamma", tf.fill(tf.shape(x.get(0)), tf.constant(2.0)), x.get(0)),
        M);
    add("Ndtri", RuleCase.Range.SMALL, (tf, x) -> make(tf, "Ndtri", tf.math.sigmoid(x.get(0))), M);
    any(
        "CheckNumerics",
        (tf, x) -> make(tf, "CheckNumerics", Map.of("message", Attributes.text("m")), x),
        M);
    any("Cast", (tf, x) -> tf.dtypes.cast(tf.math.sin(x.get(0)), TFloat64.class), M);
    any(
        "Cast to integers and back",
        (tf, x) ->
            tf.math.add(
                x.get(0),
                tf.dtypes.cast(
                    tf.dtypes.cast(x.get(0), org.tensorflow.types.TInt32.class), TFloat64.class)),
        M);
  }

  private void gradientOperations() {
    plain(
        "ReluGrad Relu6Grad LeakyReluGrad SoftplusGrad SoftsignGrad SeluGrad TanhGrad SigmoidGrad ReciprocalGrad InvGrad EluGrad",
        RuleCase.Range.ANY,
        M,
        M);
    plain("SqrtGrad RsqrtGrad", RuleCase.Range.POSITIVE, M, M);
    any("BiasAddGrad", (tf, x) -> make(tf, "BiasAddGrad", x.get(0)), IMAGE);
    any(
        "StridedSliceGrad",
        (tf, x) ->
            make(
                tf,
                "StridedSliceGrad",
                tf.constant(new int[] {6, 4}),
                tf.constant(new int[] {0, 0}),
                tf.constant(new int[] {6, 4}),
                tf.constant(new int[] {2, 1}),
                x.get(0)),
        M);
  }

  private void binary() {
    plain("Add AddV2 Sub Mul SquaredDifference Maximum Minimum MulNoNan", RuleCase.Range.ANY, M, M);
    plain(
        "RealDiv Div DivNoNan Pow Xlogy Xlog1py Xdivy Atan2 FloorMod Mod",
        RuleCase.Range.POSITIVE,
        M,
        M);
    plain("Atan2 FloorMod", RuleCase.Range.ANY, M, M);
    for (String type : List.of("Xlogy", "Xlog1py", "Xdivy", "Atan2", "FloorMod")) {
      add(
          type + " broadcast",
          RuleCase.Range.POSITIVE,
          (tf, x) -> make(tf, type, x.get(0), x.get(1)),
          V,
          M);
    }
    for (String type : List.of("AddV2", "Sub", "Mul", "Maximum", "SquaredDifference")) {
      any(type + " broadcast", (tf, x) -> make(tf, type, x.get(0), x.get(1)), M, V);
      any(type + " broadcast left", (tf, x) -> make(tf, type, x.get(0), x.get(1)), V, M);
      any(
          type + " of a constant",
          (tf, x) -> make(tf, type, tf.constant(new double[3][4]), x.get(0)),
          V);
    }
    for (String type : List.of("RealDiv", "Pow")) {
      add(
          type + " broadcast",
          RuleCase.Range.POSITIVE,
          (tf, x) -> make(tf, type, x.get(0), x.get(1)),
          M,
          V);
    }
    any("AddN", (tf, x) -> tf.math.addN(List.of(x.get(0), x.get(1))), M, M);
    any("BiasAdd", (tf, x) -> make(tf, "BiasAdd", x.get(0), x.get(1)), IMAGE, new long[] {3});
    any(
        "Cross",
        (tf, x) -> make(tf, "Cross", x.get(0), x.get(1)),
        new long[] {2, 3},
        new long[] {2, 3});
    for (String type : List.of("SelectV2", "Select")) {
      any(
          type,
          (tf, x) -> make(tf, type, tf.math.greater(x.get(0), x.get(1)), x.get(0), x.get(1)),
          M,
          M);
    }
  }

  private void structure() {
    any("Reshape", (tf, x) -> tf.reshape(x.get(0), tf.constant(new int[] {2, 6})), M);
    any("Transpose", (tf, x) -> tf.linalg.transpose(x.get(0), tf.constant(new int[] {1, 0})), M);
    any("Squeeze", (tf, x) -> tf.squeeze(x.get(0)), new long[] {3, 1, 4});
    any("ExpandDims", (tf, x) -> tf.expandDims(x.get(0), tf.constant(1)), M);
    any("Pad", (tf, x) -> make(tf, "Pad", x.get(0), tf.constant(new int[][] {{1, 0}, {2, 1}})), M);
    any(
        "PadV2",
        (tf, x) -> tf.pad(x.get(0), tf.constant(new int[][] {{1, 0}, {2, 1}}), x.get(1)),
        M,
        new long[] {});
    any(
        "MirrorPad",
        (tf, x) ->
            make(
                tf,
                "MirrorPad",
                Map.of("mode", Attributes.text("REFLECT")),
                List.of(x.get(0), tf.constant(new int[][] {{1, 0}, {2, 1}}))),
        M);
    any(
        "MirrorPadGrad",
        (tf, x) ->
            make(
                tf,
                "MirrorPadGrad",
                Map.of("mode", Attributes.text("SYMMETRIC")),
                List.of(x.get(0), tf.constant(new int[][] {{1, 0}, {1, 1}}))),
        M);
    any(
        "Slice",
        (tf, x) -> tf.slice(x.get(0), tf.constant(new int[] {1, 0}), tf.constant(new int[] {2, 3})),
        M);
    any(
        "StridedSlice",
        (tf, x) ->
            tf.stridedSlice(
                x.get(0),
                tf.constant(new int[] {0, 1}),
                tf.constant(new int[] {3, 4}),
                tf.constant(new int[] {2, 1})),
        M);
    any("Tile", (tf, x) -> tf.tile(x.get(0), tf.constant(new int[] {2, 1})), M);
    any("BroadcastTo", (tf, x) -> tf.broadcastTo(x.get(0), tf.constant(new int[] {3, 4})), V);
    any(
        "Fill",
        (tf, x) -> make(tf, "Fill", tf.constant(new int[] {2, 3}), x.get(0)),
        new long[] {});
    any(
        "ConcatV2",
        (tf, x) -> tf.concat(List.<Operand<TFloat64>>of(x.get(0), x.get(1)), tf.constant(1)),
        M,
        new long[] {3, 2});
    any(
        "ConcatV2 with a constant",
        (tf, x) ->
            tf.concat(
                List.<Operand<TFloat64>>of(x.get(0), tf.constant(new double[3][2])),
                tf.constant(1)),
        M);
    any("Pack", (tf, x) -> tf.stack(List.<Operand<TFloat64>>of(x.get(0), x.get(1))), M, M);
    any("Unpack", (tf, x) -> sumOfTwo(tf, tf.unstack(x.get(0), 3L).output()), M);
    any("Split", (tf, x) -> sumOfTwo(tf, tf.split(tf.constant(1), x.get(0), 2L).output()), M);
    any(
        "SplitV",
        (tf, x) ->
            tf.splitV(x.get(0), tf.constant(new int[] {1, 3}), tf.constant(1), 2L).output().get(1),
        M);
    any("Cumsum", (tf, x) -> tf.math.cumsum(x.get(0), tf.constant(1)), M);
    any("ReverseV2", (tf, x) -> tf.reverse(x.get(0), tf.constant(new int[] {1})), M);
    any("Roll", (tf, x) -> tf.roll(x.get(0), tf.constant(1), tf.constant(0)), M);
    any(
        "SpaceToDepth",
        (tf, x) -> make(tf, "SpaceToDepth", Map.of("block_size", Attributes.integer(2)), x),
        new long[] {1, 4, 4, 2});
    any(
        "DepthToSpace",
        (tf, x) -> make(tf, "DepthToSpace", Map.of("block_size", Attributes.integer(2)), x),
        new long[] {1, 2, 2, 8});
    int[][] crops = {{0, 0}, {0, 0}};
    any(
        "SpaceToBatchND",
        (tf, x) -> tf.spaceToBatchNd(x.get(0), tf.constant(new int[] {2, 2}), tf.constant(crops)),
        new long[] {1, 4, 4, 2});
    any(
        "BatchToSpaceND",
        (tf, x) -> tf.batchToSpaceNd(x.get(0), tf.constant(new int[] {2, 2}), tf.constant(crops)),
        new long[] {4, 2, 2, 2});
    plain("MatrixDiag Diag", RuleCase.Range.ANY, V);
    plain("MatrixDiagPart DiagPart", RuleCase.Range.ANY, new long[] {4, 4});
    any(
        "MatrixSetDiag",
        (tf, x) -> make(tf, "MatrixSetDiag", x.get(0), x.get(1)),
        M,
        new long[] {3});
    any(
        "MatrixBandPart",
        (tf, x) -> tf.linalg.bandPart(x.get(0), tf.constant(1L), tf.constant(0L)),
        M);
  }

  private static Operand<TFloat64> sumOfTwo(Ops tf, List<? extends Operand<TFloat64>> parts) {
    return tf.math.add(parts.get(0), tf.math.mul(parts.get(1), tf.constant(3.0)));
  }

  private void gathering() {
    any(
        "GatherV2",
        (tf, x) -> tf.gather(x.get(0), tf.constant(new int[] {2, 0, 2}), tf.constant(0)),
        M);
    any("GatherNd", (tf, x) -> tf.gatherNd(x.get(0), tf.constant(new int[][] {{2, 1}, {0, 3}})), M);
    any(
        "ScatterNd",
        (tf, x) ->
            tf.scatterNd(
                tf.constant(new int[][] {{2}, {0}, {2}}), x.get(0), tf.constant(new int[] {4, 4})),
        M);
    any(
        "SegmentSum",
        (tf, x) -> make(tf, "SegmentSum", x.get(0), tf.constant(new int[] {0, 0, 1})),
        M);
    any(
        "UnsortedSegmentSum",
        (tf, x) ->
            tf.math.unsortedSegmentSum(x.get(0), tf.constant(new int[] {1, 0, 1}), tf.constant(3)),
        M);
  }

  private void reductions() {
    any("Sum", (tf, x) -> tf.sum(x.get(0), tf.constant(1)), M);
    any("Mean", (tf, x) -> tf.math.mean(x.get(0), tf.constant(new int[] {0, 1})), M);
    any("Max", (tf, x) -> make(tf, "Max", x.get(0), tf.constant(1)), M);
    any("Min", (tf, x) -> make(tf, "Min", x.get(0), tf.constant(0)), M);
    plain("Softmax LogSoftmax L2Loss", RuleCase.Range.ANY, M);
    any(
        "SoftmaxCrossEntropyWithLogits",
        (tf, x) -> make(tf, "SoftmaxCrossEntropyWithLogits", x.get(0), x.get(1)),
        M,
        M);
    for (int k = 0; k < 2; k++) {
      int output = k;
      any(
          "SparseSoftmaxCrossEntropyWithLogits output " + k,
          (tf, x) -> {
            List<Operand<?>> inputs = List.of(x.get(0), tf.constant(new int[] {2, 0, 3}));
            return OpCopy.make(tf, "SparseSoftmaxCrossEntropyWithLogits", Map.of(), inputs)
                .output(output);
          },
          M);
    }
    any(
        "SoftmaxCrossEntropyWithLogits backprop",
        (tf, x) -> OpCopy.make(tf, "SoftmaxCrossEntropyWithLogits", Map.of(), x).output(1),
        M,
        M);
  }

  private void products() {
    any("MatMul", (tf, x) -> tf.linalg.matMul(x.get(0), x.get(1)), M, new long[] {4, 2});
    any(
        "MatMul transposed",
        (tf, x) ->
            tf.linalg.matMul(x.get(0), x.get(1), MatMul.transposeA(true), MatMul.transposeB(true)),
        M,
        new long[] {2, 3});
    any(
        "MatMul of one tensor",
        (tf, x) -> tf.linalg.matMul(x.get(0), x.get(0), MatMul.transposeB(true)),
        M);
    for (String type : List.of("BatchMatMul", "BatchMatMulV2")) {
      any(
          type,
          (tf, x) -> make(tf, type, x.get(0), x.get(1)),
          new long[] {2, 3, 4},
          new long[] {2, 4, 2});
    }
    any(
        "BatchMatMulV2 broadcast",
        (tf, x) -> make(tf, "BatchMatMulV2", x.get(0), x.get(1)),
        new long[] {2, 3, 4},
        new long[] {4, 2});
    any(
        "Einsum",
        (tf, x) -> tf.linalg.einsum(List.<Operand<TFloat64>>of(x.get(0), x.get(1)), "bij,bkj->bik"),
        new long[] {2, 3, 4},
        new long[] {2, 5, 4});
  }

  /** Operations whose tangent is zero: they enter a sum with x itself. */
  private void constants() {
    for (String type :
        List.of(
            "StopGradient", "ZerosLike", "OnesLike", "Sign", "Floor", "Ceil", "Round", "Rint")) {
      boolean stop = type.equals("StopGradient");
      any(
          type,
          (tf, x) -> {
            // What gradients are stopped at must not move in the differences either.
            Operand<?> of = stop ? tf.math.sign(x.get(0)) : x.get(0);
            return make(tf, "AddV2", x.get(0), make(tf, type, of));
          },
          M);
    }
    for (String type : List.of("Shape", "Size", "Rank")) {
      any(
          type,
          (tf, x) -> {
            Operand<?> integers = make(tf, type, x.get(0));
            return scaledBySum(tf, x.get(0), integers);
          },
          M);
    }
    any(
        "ShapeN",
        (tf, x) ->
            scaledBySum(tf, x.get(0), tf.shapeN(List.of(x.get(0), x.get(0))).iterator().next()),
        M);
    for (String type : List.of("ArgMax", "ArgMin")) {
      any(type, (tf, x) -> scaledBySum(tf, x.get(0), make(tf, type, x.get(0), tf.constant(1))), M);
    }
    for (String type :
        List.of("Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual")) {
      any(
          type,
          (tf, x) -> make(tf, "SelectV2", make(tf, type, x.get(0), x.get(1)), x.get(0), x.get(1)),
          M,
          M);
    }
    for (String type : List.of("IsNan", "IsInf", "IsFinite")) {
      any(
          type,
          (tf, x) -> make(tf, "SelectV2", make(tf, type, x.get(0)), x.get(0), x.get(1)),
          M,
          M);
    }
  }

  @SuppressWarnings("unchecked")
  private static Operand<?> scaledBySum(Ops tf, Operand<TFloat64> x, Operand<?> integers) {
    Operand<org.tensorflow.types.family.TNumber> numbers =
        (Operand<org.tensorflow.types.family.TNumber>) integers;
    Operand<TFloat64> values = tf.dtypes.cast(numbers, TFloat64.class);
    Operand<TFloat64> flat = tf.reshape(values, tf.constant(new int[] {-1}));
    return tf.math.mul(x, tf.sum(flat, tf.constant(0)));
  }
}
