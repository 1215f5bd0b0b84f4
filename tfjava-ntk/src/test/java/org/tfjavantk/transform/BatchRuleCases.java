package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TBool;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;

/** Cases for batching rules of operations, or in forms, that no forward-mode rule has. */
final class BatchRuleCases {
  private static final long[] M = {3, 4};
  private static final long[] V = {4};
  private static final long[] CUBE = {2, 3, 4};
  private static final long[] IMAGE = RuleCases.IMAGE;

  private final List<RuleCase> cases = new ArrayList<>();

  private BatchRuleCases() {}

  static List<RuleCase> all() {
    BatchRuleCases all = new BatchRuleCases();
    all.elementwise();
    all.structure();
    all.gathering();
    all.rows();
    all.matrices();
    all.products();
    all.images();
    all.norms();
    return all.cases;
  }

  private void any(String name, RuleCase.Builder builder, long[]... shapes) {
    cases.add(new RuleCase(name, RuleCase.Range.ANY, List.of(shapes), builder));
  }

  private void positive(String names, long[]... shapes) {
    for (String name : LinearRules.words(names)) {
      cases.add(
          new RuleCase(
              name,
              RuleCase.Range.POSITIVE,
              List.of(shapes),
              (tf, x) -> toDouble(tf, RuleCases.make(tf, name, Map.of(), x))));
    }
  }

  @SuppressWarnings("unchecked")
  private static Operand<TNumber> number(Operand<?> x) {
    return (Operand<TNumber>) x;
  }

  private static Operand<TFloat64> toDouble(Ops tf, Operand<?> x) {
    return tf.dtypes.cast(number(x), TFloat64.class);
  }

  private static Operand<TFloat32> toFloat(Ops tf, Operand<?> x) {
    return tf.dtypes.cast(number(x), TFloat32.class);
  }

  /** Integers from 0 to {@code below} − 1 that depend on x. */
  private static Operand<TInt32> integers(Ops tf, Operand<TFloat64> x, int below) {
    Operand<TInt32> all =
        tf.dtypes.cast(tf.math.mul(tf.math.abs(x), tf.constant(5.0)), TInt32.class);
    return tf.math.floorMod(all, tf.constant(below));
  }

  private static Operand<TBool> isPositive(Ops tf, Operand<TFloat64> x) {
    return tf.math.greater(x, tf.constant(0.0));
  }

  private void elementwise() {
    positive("Digamma BesselI0e BesselI1e Dawsn Expint Spence", M);
    positive("FloorDiv FloorMod Mod TruncateMod Xdivy Xlogy Xlog1py Atan2 NextAfter", M, V);
    positive("Igamma Igammac IgammaGradA ApproximateEqual SeluGrad SoftsignGrad", M, M);
    for (String type : List.of("PreventGradient", "Snapshot")) {
      any(type + " of a scalar", (tf, x) -> RuleCases.make(tf, type, x.get(0)), new long[] {});
    }
    for (String type : List.of("Erfinv", "Ndtri")) {
      any(type, (tf, x) -> RuleCases.make(tf, type, tf.math.sigmoid(x.get(0))), M);
    }
    any(
        "Zeta",
        (tf, x) ->
            RuleCases.make(
                tf,
                "Zeta",
                tf.math.add(tf.math.abs(x.get(0)), tf.constant(2.0)),
                tf.math.exp(x.get(1))),
        M,
        M);
    any(
        "Polygamma",
        (tf, x) ->
            RuleCases.make(tf, "Polygamma", toDouble(tf, integers(tf, x.get(0), 2)), x.get(1)),
        M,
        M);
    for (String type : List.of("LogicalAnd", "LogicalOr")) {
      any(
          type,
          (tf, x) ->
              toDouble(
                  tf, RuleCases.make(tf, type, isPositive(tf, x.get(0)), isPositive(tf, x.get(1)))),
          M,
          V);
    }
    any("LogicalNot", (tf, x) -> toDouble(tf, tf.math.logicalNot(isPositive(tf, x.get(0)))), M);
    for (String type :
        List.of(
            "BitwiseAnd", "BitwiseOr", "BitwiseXor", "LeftShift", "RightShift", "TruncateDiv")) {
      any(
          type,
          (tf, x) ->
              toDouble(
                  tf,
                  RuleCases.make(
                      tf,
                      type,
                      integers(tf, x.get(0), 9),
                      tf.math.add(integers(tf, x.get(1), 3), tf.constant(1)))),
          V,
          M);
    }
    any("Invert", (tf, x) -> toDouble(tf, tf.bitwise.invert(integers(tf, x.get(0), 9))), M);
    any("SelectV2 of three ranks", BatchRuleCases::choice, V, M, new long[] {2, 1, 1});
    any(
        "Select by rows",
        (tf, x) -> RuleCases.make(tf, "Select", isPositive(tf, x.get(0)), x.get(1), x.get(2)),
        new long[] {3},
        M,
        M);
    any(
        "Select by one",
        (tf, x) -> RuleCases.make(tf, "Select", isPositive(tf, x.get(0)), x.get(1), x.get(2)),
        new long[] {},
        M,
        M);
    any(
        "ClipByValue",
        (tf, x) -> {
          Operand<TFloat64> low = tf.math.neg(tf.math.abs(x.get(1)));
          return tf.clipByValue(x.get(0), low, tf.constant(0.5));
        },
        M,
        new long[] {});
    any(
        "IdentityN",
        (tf, x) -> {
          var copies = OpCopy.copy(tf, identities(tf, x), x);
          return RuleCases.make(tf, "AddV2", copies.output(0), copies.output(1));
        },
        M,
        M);
    any(
        "EnsureShape",
        (tf, x) -> tf.ensureShape(x.get(0), org.tensorflow.ndarray.Shape.of(-1, 4)),
        M);
    any(
        "PlaceholderWithDefault",
        (tf, x) ->
            tf.math.neg(tf.placeholderWithDefault(x.get(0), org.tensorflow.ndarray.Shape.of(3, 4))),
        M);
  }

  private static org.tensorflow.GraphOperation identities(
      Ops tf, List<? extends Operand<TFloat64>> x) {
    List<Operand<?>> inputs = new ArrayList<>(x);
    return (org.tensorflow.GraphOperation) tf.identityN(inputs).op();
  }

  private static Operand<?> choice(Ops tf, List<? extends Operand<TFloat64>> x) {
    return RuleCases.make(tf, "SelectV2", isPositive(tf, x.get(0)), x.get(1), x.get(2));
  }

  private void structure() {
    any(
        "Reshape with a free length",
        (tf, x) -> tf.reshape(x.get(0), tf.constant(new int[] {4, -1})),
        M);
    any("ExpandDims at the end", (tf, x) -> tf.expandDims(x.get(0), tf.constant(-1)), M);
    any("ExpandDims at a long axis", (tf, x) -> tf.expandDims(x.get(0), tf.constant(0L)), M);
    any(
        "Squeeze of an axis",
        (tf, x) ->
            RuleCases.make(
                tf, "Squeeze", Map.of("squeeze_dims", Attributes.integers(-2)), List.of(x.get(0))),
        new long[] {3, 1, 4});
    any(
        "ConjugateTranspose",
        (tf, x) ->
            RuleCases.make(tf, "ConjugateTranspose", x.get(0), tf.constant(new int[] {1, 0})),
        M);
    for (String type : List.of("Cumprod", "CumulativeLogsumexp")) {
      any(type, (tf, x) -> RuleCases.make(tf, type, x.get(0), tf.constant(-2)), M);
    }
    any(
        "MirrorPadGrad",
        (tf, x) ->
            RuleCases.make(
                tf,
                "MirrorPadGrad",
                Map.of("mode", Attributes.text("REFLECT")),
                List.of(x.get(0), tf.constant(new int[][] {{1, 0}, {1, 1}}))),
        new long[] {4, 6});
    any(
        "StridedSlice with masks",
        (tf, x) ->
            RuleCases.make(
                tf,
                "StridedSlice",
                Map.of(
                    "begin_mask", Attributes.integer(1),
                    "end_mask", Attributes.integer(4),
                    "new_axis_mask", Attributes.integer(2),
                    "shrink_axis_mask", Attributes.integer(8)),
                List.of(
                    x.get(0),
                    tf.constant(new int[] {1, 0, 1, -1}),
                    tf.constant(new int[] {1, 0, 2, 0}),
                    tf.constant(new int[] {1, 1, 1, 1}))),
        CUBE);
    any(
        "StridedSlice with an ellipsis",
        (tf, x) ->
            RuleCases.make(
                tf,
                "StridedSlice",
                Map.of("ellipsis_mask", Attributes.integer(1)),
                List.of(
                    x.get(0),
                    tf.constant(new int[] {0, 3}),
                    tf.constant(new int[] {0, 0}),
                    tf.constant(new int[] {1, -2}))),
        CUBE);
    any(
        "Concat",
        (tf, x) ->
            tf.scope()
                .env()
                .opBuilder("Concat", tf.scope().makeOpName("Concat"), tf.scope())
                .addInput(tf.constant(1).asOutput())
                .addInputList(
                    new org.tensorflow.Output<?>[] {x.get(0).asOutput(), x.get(1).asOutput()})
                .build()
                .output(0),
        M,
        new long[] {3, 2});
    any(
        "ConcatV2 along the last axis",
        (tf, x) -> tf.concat(List.<Operand<TFloat64>>of(x.get(0), x.get(1)), tf.constant(-1)),
        M,
        new long[] {3, 2});
    any(
        "Pack at the end",
        (tf, x) ->
            tf.stack(
                List.<Operand<TFloat64>>of(x.get(0), x.get(1)),
                org.tensorflow.op.core.Stack.axis(-1L)),
        M,
        M);
    any(
        "BroadcastTo of a computed shape",
        (tf, x) -> tf.broadcastTo(x.get(0), tf.shape(x.get(1))),
        V,
        CUBE);
    any(
        "BroadcastTo of a scalar",
        (tf, x) -> tf.broadcastTo(x.get(0), tf.constant(new long[] {2, 3})),
        new long[] {});
    any("ZerosLike of a scalar", (tf, x) -> tf.zerosLike(x.get(0)), new long[] {});
    any(
        "Reshape to a shape that is read",
        (tf, x) -> tf.reshape(x.get(0), tf.shape(x.get(1))),
        M,
        new long[] {2, 6});
    any(
        "Sum over all axes that there are",
        (tf, x) -> tf.sum(x.get(0), tf.range(tf.constant(0), tf.rank(x.get(0)), tf.constant(1))),
        M);
  }

  private void gathering() {
    any(
        "GatherV2 at batched indices",
        (tf, x) -> tf.gather(x.get(0), integers(tf, x.get(1), 3), tf.constant(1)),
        CUBE,
        new long[] {2, 2});
    any(
        "GatherV2 in the first axis",
        (tf, x) -> tf.gather(x.get(0), integers(tf, x.get(1), 2), tf.constant(0)),
        CUBE,
        new long[] {});
    any(
        "GatherV2 with batch axes",
        (tf, x) ->
            RuleCases.make(
                tf,
                "GatherV2",
                Map.of("batch_dims", Attributes.integer(-1)),
                List.of(x.get(0), integers(tf, x.get(1), 3), tf.constant(-2))),
        CUBE,
        new long[] {2, 5});
    any(
        "Gather",
        (tf, x) -> RuleCases.make(tf, "Gather", x.get(0), integers(tf, x.get(1), 3)),
        M,
        new long[] {2});
    any(
        "GatherNd at batched indices",
        (tf, x) -> tf.gatherNd(x.get(0), integers(tf, x.get(1), 2)),
        CUBE,
        new long[] {5, 2});
    any(
        "ScatterNd at batched indices",
        (tf, x) -> tf.scatterNd(integers(tf, x.get(0), 3), x.get(1), tf.constant(new int[] {3, 4})),
        new long[] {5, 1},
        new long[] {5, 4});
    for (String type :
        List.of(
            "TensorScatterAdd",
            "TensorScatterSub",
            "TensorScatterUpdate",
            "TensorScatterMax",
            "TensorScatterMin",
            "ScatterNdNonAliasingAdd")) {
      any(
          type,
          (tf, x) -> RuleCases.make(tf, type, x.get(0), integers(tf, x.get(1), 3), x.get(2)),
          M,
          new long[] {1, 1},
          new long[] {1, 4});
    }
    for (String type : List.of("SegmentMean", "SegmentProd", "SegmentMax", "SegmentMin")) {
      any(
          type,
          (tf, x) -> RuleCases.make(tf, type, x.get(0), tf.constant(new int[] {0, 1, 1})),
          new long[] {3, 2, 2});
    }
    for (String type :
        List.of(
            "UnsortedSegmentSum",
            "UnsortedSegmentProd",
            "UnsortedSegmentMax",
            "UnsortedSegmentMin")) {
      any(
          type + " with batched numbers",
          (tf, x) -> {
            Operand<TInt32> ids = tf.math.sub(integers(tf, x.get(1), 4), tf.constant(1));
            return RuleCases.make(tf, type, x.get(0), ids, tf.constant(3));
          },
          CUBE,
          new long[] {2, 3});
    }
  }

  private void rows() {
    for (String type : List.of("Prod", "EuclideanNorm")) {
      any(type, (tf, x) -> RuleCases.make(tf, type, x.get(0), tf.constant(-1)), M);
    }
    any(
        "Mean of the first axes",
        (tf, x) -> tf.math.mean(x.get(0), tf.constant(new int[] {0, -2})),
        CUBE);
    for (String type : List.of("All", "Any")) {
      any(
          type,
          (tf, x) ->
              toDouble(tf, RuleCases.make(tf, type, isPositive(tf, x.get(0)), tf.constant(1))),
          M);
    }
    any(
        "TopKV2",
        (tf, x) -> {
          var best = OpCopy.make(tf, "TopKV2", Map.of(), List.of(x.get(0), tf.constant(2)));
          return tf.math.mul(toDouble(tf, best.output(0)), toDouble(tf, best.output(1)));
        },
        M);
    for (int output = 0; output < 2; output++) {
      int k = output;
      any(
          "SparseSoftmaxCrossEntropyWithLogits output " + k,
          (tf, x) ->
              OpCopy.make(
                      tf,
                      "SparseSoftmaxCrossEntropyWithLogits",
                      Map.of(),
                      List.of(x.get(0), integers(tf, x.get(1), 4)))
                  .output(k),
          M,
          new long[] {3});
    }
    any(
        "SoftmaxCrossEntropyWithLogits broadcast",
        (tf, x) -> RuleCases.make(tf, "SoftmaxCrossEntropyWithLogits", x.get(0), x.get(1)),
        M,
        new long[] {1, 4});
    for (int axis : new int[] {-1, 0}) {
      any(
          "OneHot along " + axis,
          (tf, x) ->
              RuleCases.make(
                  tf,
                  "OneHot",
                  Map.of("axis", Attributes.integer(axis)),
                  List.of(
                      integers(tf, x.get(0), 5),
                      tf.constant(5),
                      tf.constant(2.0),
                      tf.constant(-1.0))),
          M);
    }
  }

  private void matrices() {
    any(
        "MatrixDiagV2",
        (tf, x) ->
            RuleCases.make(
                tf,
                "MatrixDiagV2",
                x.get(0),
                tf.constant(1),
                tf.constant(-1),
                tf.constant(-1),
                tf.constant(0.5)),
        M);
    any(
        "MatrixDiagV3",
        (tf, x) ->
            RuleCases.make(
                tf,
                "MatrixDiagV3",
                x.get(0),
                tf.constant(-1),
                tf.constant(-1),
                tf.constant(-1),
                tf.constant(0.5)),
        M);
    for (String type : List.of("MatrixDiagPartV2", "MatrixDiagPartV3")) {
      any(
          type,
          (tf, x) ->
              RuleCases.make(tf, type, x.get(0), tf.constant(new int[] {-1, 1}), tf.constant(0.5)),
          CUBE);
    }
    any(
        "MatrixSetDiag",
        (tf, x) -> RuleCases.make(tf, "MatrixSetDiag", x.get(0), x.get(1)),
        new long[] {2, 3, 3},
        new long[] {2, 3});
    any("Diag of a matrix", (tf, x) -> RuleCases.make(tf, "Diag", x.get(0)), new long[] {2, 3});
    any(
        "DiagPart of four axes",
        (tf, x) -> RuleCases.make(tf, "DiagPart", x.get(0)),
        new long[] {2, 3, 2, 3});
    for (String type : List.of("Cholesky", "MatrixInverse", "MatrixDeterminant")) {
      any(type, (tf, x) -> RuleCases.make(tf, type, definite(tf, x.get(0))), M);
    }
    any(
        "LogMatrixDeterminant",
        (tf, x) ->
            OpCopy.make(tf, "LogMatrixDeterminant", Map.of(), List.of(definite(tf, x.get(0))))
                .output(1),
        M);
    any(
        "CholeskyGrad",
        (tf, x) ->
            RuleCases.make(
                tf,
                "CholeskyGrad",
                tf.linalg.cholesky(definite(tf, x.get(0))),
                definite(tf, x.get(1))),
        M,
        M);
    for (String type : List.of("MatrixSolve", "MatrixTriangularSolve")) {
      any(
          type,
          (tf, x) -> RuleCases.make(tf, type, definite(tf, x.get(0)), x.get(1)),
          M,
          new long[] {3, 2});
    }
  }

  /** x xᵀ + 1. */
  private static Operand<TFloat64> definite(Ops tf, Operand<TFloat64> x) {
    Operand<TFloat64> square =
        tf.linalg.matMul(x, x, org.tensorflow.op.linalg.MatMul.transposeB(true));
    double[][] one = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    return tf.math.add(square, tf.constant(one));
  }

  private static Map<String, AttrValue> flags(String a, boolean first, String b, boolean second) {
    return Map.of(
        a, Attributes.flag(first),
        b, Attributes.flag(second));
  }

  private void products() {
    for (int inner : new int[] {1, 4}) {
      for (boolean first : new boolean[] {false, true}) {
        for (boolean second : new boolean[] {false, true}) {
          long[] a = first ? new long[] {inner, 3} : new long[] {3, inner};
          long[] b = second ? new long[] {2, inner} : new long[] {inner, 2};
          String name = " over " + inner + (first ? " transposed" : "") + (second ? " by t" : "");
          any(
              "MatMul" + name,
              (tf, x) ->
                  RuleCases.make(
                      tf, "MatMul", flags("transpose_a", first, "transpose_b", second), x),
              a,
              b);
          any(
              "BatchMatMulV3" + name,
              (tf, x) -> {
                Map<String, AttrValue> all =
                    new java.util.HashMap<>(flags("adj_x", first, "adj_y", second));
                all.put(
                    "Tout",
                    AttrValue.newBuilder()
                        .setType(org.tensorflow.proto.DataType.DT_DOUBLE)
                        .build());
                return RuleCases.make(tf, "BatchMatMulV3", all, x);
              },
              new long[] {2, 1, a[0], a[1]},
              new long[] {3, b[0], b[1]});
          any(
              "BatchMatMulV2 of a matrix" + name,
              (tf, x) ->
                  RuleCases.make(tf, "BatchMatMulV2", flags("adj_x", first, "adj_y", second), x),
              new long[] {2, a[0], a[1]},
              b);
        }
      }
    }
    any(
        "Einsum with an ellipsis",
        (tf, x) ->
            tf.linalg.einsum(List.<Operand<TFloat64>>of(x.get(0), x.get(1)), "...ij,jk->...ik"),
        CUBE,
        new long[] {4, 2});
    any("Einsum of one", (tf, x) -> tf.linalg.einsum(List.of(x.get(0)), "ij->ji"), M);
    any("BiasAddV1", (tf, x) -> RuleCases.make(tf, "BiasAddV1", x.get(0), x.get(1)), M, V);
    for (String type : List.of("BiasAdd", "BiasAddGrad")) {
      boolean add = type.equals("BiasAdd");
      any(
          type + " NCHW",
          (tf, x) -> RuleCases.make(tf, type, Map.of("data_format", Attributes.text("NCHW")), x),
          add ? new long[][] {IMAGE, {5}} : new long[][] {IMAGE});
    }
  }

  private void images() {
    Map<String, AttrValue> explicit =
        Map.of(
            "strides", Attributes.integers(1, 2, 1, 1),
            "padding", Attributes.text("EXPLICIT"),
            "explicit_paddings", Attributes.integers(0, 0, 2, 1, 1, 0, 0, 0));
    Map<String, AttrValue> same =
        Map.of(
            "strides", Attributes.integers(1, 1, 1, 1),
            "padding", Attributes.text("SAME"));
    long[] filter = {3, 2, 3, 4};
    convolutions("explicit paddings", explicit, filter, new long[] {2, 3, 6, 4});
    convolutions("single pixels", same, new long[] {1, 1, 3, 4}, new long[] {2, 5, 6, 4});
    for (String type : List.of("ResizeBicubic", "ResizeArea")) {
      any(
          type + RuleCase.SINGLE,
          (tf, x) ->
              toDouble(tf, RuleCases.make(tf, type, x.get(0), tf.constant(new int[] {7, 4}))),
          IMAGE);
    }
    any(
        "ResizeNearestNeighborGrad",
        (tf, x) ->
            RuleCases.make(
                tf, "ResizeNearestNeighborGrad", x.get(0), tf.constant(new int[] {2, 3})),
        IMAGE);
    for (String type : List.of("ResizeBilinearGrad", "ResizeBicubicGrad")) {
      any(
          type + RuleCase.SINGLE,
          (tf, x) ->
              toDouble(tf, RuleCases.make(tf, type, toFloat(tf, x.get(0)), toFloat(tf, x.get(1)))),
          IMAGE,
          new long[] {2, 3, 4, 3});
    }
    any(
        "LRN" + RuleCase.SINGLE,
        (tf, x) -> toDouble(tf, RuleCases.make(tf, "LRN", toFloat(tf, x.get(0)))),
        IMAGE);
    any(
        "LRNGrad" + RuleCase.SINGLE,
        (tf, x) -> {
          Operand<TFloat32> image = toFloat(tf, x.get(1));
          Operand<?> y = RuleCases.make(tf, "LRN", image);
          return toDouble(tf, RuleCases.make(tf, "LRNGrad", toFloat(tf, x.get(0)), image, y));
        },
        IMAGE,
        IMAGE);
  }

  private void convolutions(
      String name, Map<String, AttrValue> attributes, long[] filter, long[] out) {
    int[] sizes = java.util.Arrays.stream(filter).mapToInt(Math::toIntExact).toArray();
    any(
        "Conv2D with " + name,
        (tf, x) -> RuleCases.make(tf, "Conv2D", attributes, x),
        IMAGE,
        filter);
    any(
        "Conv2DBackpropInput with " + name,
        (tf, x) ->
            RuleCases.make(
                tf,
                "Conv2DBackpropInput",
                attributes,
                List.of(tf.constant(new int[] {2, 5, 6, 3}), x.get(0), x.get(1))),
        filter,
        out);
    any(
        "Conv2DBackpropFilter with " + name,
        (tf, x) ->
            RuleCases.make(
                tf,
                "Conv2DBackpropFilter",
                attributes,
                List.of(x.get(0), tf.constant(sizes), x.get(1))),
        IMAGE,
        out);
  }

  /** In training and inference mode: all outputs that have a meaning. */
  private void norms() {
    for (boolean training : new boolean[] {false, true}) {
      Map<String, AttrValue> mode = Map.of("is_training", Attributes.flag(training));
      String name = training ? " in training" : " in inference";
      for (String type : List.of("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3")) {
        any(
            type + name + RuleCase.SINGLE,
            (tf, x) -> {
              List<Operand<?>> inputs = new ArrayList<>();
              for (int i = 0; i < 3; i++) {
                inputs.add(toFloat(tf, x.get(i)));
              }
              // In training mode the first two operations take no statistics.
              Operand<TFloat32> none = tf.constant(new float[0]);
              boolean empty = training && !type.endsWith("V3");
              inputs.add(empty ? none : toFloat(tf, x.get(3)));
              inputs.add(empty ? none : toFloat(tf, tf.math.square(x.get(3))));
              var norm = OpCopy.make(tf, type, mode, inputs);
              Operand<?> two = RuleCases.make(tf, "Mul", norm.output(1), norm.output(2));
              Operand<?> sum = RuleCases.make(tf, "AddV2", norm.output(0), two);
              return toDouble(
                  tf, empty ? sum : RuleCases.make(tf, "AddV2", sum, toFloat(tf, x.get(3))));
            },
            IMAGE,
            new long[] {3},
            new long[] {3},
            new long[] {3});
      }
      for (String type :
          List.of("FusedBatchNormGrad", "FusedBatchNormGradV2", "FusedBatchNormGradV3")) {
        String forward = type.replace("Grad", "");
        any(
            type + name + RuleCase.SINGLE,
            (tf, x) -> {
              Operand<TFloat32> image = toFloat(tf, x.get(1));
              Operand<TFloat32> scale = toFloat(tf, x.get(2));
              Operand<TFloat32> given = toFloat(tf, tf.math.square(x.get(2)));
              Operand<TFloat32> none = tf.constant(new float[0]);
              List<Operand<?>> inputs =
                  List.of(image, scale, scale, training ? none : given, training ? none : given);
              var norm = OpCopy.make(tf, forward, mode, inputs);
              List<Operand<?>> kept = new ArrayList<>();
              kept.add(toFloat(tf, x.get(0)));
              kept.addAll(List.of(image, scale));
              // In inference mode the statistics are those that were given.
              for (int k = 3; k < norm.numOutputs(); k++) {
                kept.add(training || k == 5 ? norm.output(k) : given);
              }
              var gradient = OpCopy.make(tf, type, mode, kept);
              Operand<?> two = RuleCases.make(tf, "Mul", gradient.output(1), gradient.output(2));
              return toDouble(tf, RuleCases.make(tf, "AddV2", gradient.output(0), two));
            },
            IMAGE,
            IMAGE,
            new long[] {3});
      }
    }
  }
}
