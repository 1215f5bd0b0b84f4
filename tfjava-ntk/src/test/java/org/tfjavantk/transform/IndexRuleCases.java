package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TFloat64;

/** Cases for operations that take or put entries by index, segment, size, or diagonal. */
final class IndexRuleCases {
  private static final long[] M = {3, 4};
  private static final long[] BLOCK = {2, 3, 4};

  private final RuleCases cases;

  IndexRuleCases(RuleCases cases) {
    this.cases = cases;
  }

  void add() {
    gathering();
    scattering();
    segments();
    choosing();
    diagonals();
    sequences();
  }

  private void gathering() {
    for (int axis : new int[] {0, 1, 2, -1}) {
      cases.any(
          "GatherV2 of a matrix of indices, axis " + axis,
          (tf, x) ->
              tf.gather(
                  x.get(0), tf.constant(new int[][] {{1, 0}, {1, 1}, {0, 1}}), tf.constant(axis)),
          BLOCK);
    }
    for (int axis : new int[] {1, 2}) {
      cases.any(
          "GatherV2 in a batch, axis " + axis,
          (tf, x) -> gather(tf, 1, x.get(0), tf.constant(new int[][] {{1, 0, 1}, {2, 2, 0}}), axis),
          BLOCK);
    }
    cases.any(
        "GatherV2 in a batch of two axes",
        (tf, x) -> gather(tf, 2, x.get(0), tf.constant(new int[][] {{1, 0, 1}, {2, 3, 0}}), 2),
        new long[] {2, 3, 4, 2});
    cases.any(
        "GatherNd of rows",
        (tf, x) -> tf.gatherNd(x.get(0), tf.constant(new long[][] {{2}, {0}, {2}})),
        M);
  }

  private static Operand<?> gather(Ops tf, int batch, Operand<?> x, Operand<?> indices, int axis) {
    AttrValue dims = Attributes.integer(batch);
    return RuleCases.make(
        tf, "GatherV2", Map.of("batch_dims", dims), List.of(x, indices, tf.constant(axis)));
  }

  private void scattering() {
    for (String type : List.of("TensorScatterAdd", "TensorScatterSub", "TensorScatterUpdate")) {
      cases.any(
          type,
          (tf, x) ->
              RuleCases.make(tf, type, x.get(0), tf.constant(new int[][] {{2}, {0}}), x.get(1)),
          M,
          new long[] {2, 4});
      cases.any(
          type + " of a constant",
          (tf, x) ->
              RuleCases.make(
                  tf,
                  type,
                  tf.constant(new double[3][4]),
                  tf.constant(new int[][] {{2}, {0}}),
                  x.get(0)),
          new long[] {2, 4});
    }
    for (int axis : new int[] {-1, 0}) {
      cases.any(
          "OneHot of axis " + axis,
          (tf, x) ->
              RuleCases.make(
                  tf,
                  "OneHot",
                  Map.of("axis", Attributes.integer(axis)),
                  List.of(
                      tf.constant(new int[] {1, 0, 3, -1}), tf.constant(4), x.get(0), x.get(1))),
          new long[] {},
          new long[] {});
    }
  }

  private void segments() {
    for (String type : List.of("SegmentMean", "SegmentMax", "SegmentMin")) {
      cases.any(
          type,
          (tf, x) -> RuleCases.make(tf, type, x.get(0), tf.constant(new int[] {0, 0, 2, 2})),
          new long[] {4, 3});
    }
    for (String type : List.of("UnsortedSegmentSum", "UnsortedSegmentMax", "UnsortedSegmentMin")) {
      cases.any(
          type + " with entries of none",
          (tf, x) -> {
            Operand<?> all =
                RuleCases.make(
                    tf, type, x.get(0), tf.constant(new int[] {1, -1, 0, 1}), tf.constant(2));
            return all;
          },
          new long[] {4, 3});
    }
    cases.any(
        "UnsortedSegmentSum of a matrix of segments",
        (tf, x) ->
            RuleCases.make(
                tf,
                "UnsortedSegmentSum",
                x.get(0),
                tf.constant(new int[][] {{1, 0, -1}, {1, 1, 2}}),
                tf.constant(3)),
        BLOCK);
  }

  private void choosing() {
    cases.any("TopKV2", (tf, x) -> RuleCases.make(tf, "TopKV2", x.get(0), tf.constant(2)), BLOCK);
    cases.any(
        "SelectV2 broadcast",
        (tf, x) ->
            RuleCases.make(
                tf,
                "SelectV2",
                tf.constant(new boolean[] {true, false, true, false}),
                x.get(0),
                x.get(1)),
        M,
        new long[] {});
    cases.any(
        "SelectV2 with masked scores",
        (tf, x) ->
            tf.nn.softmax(
                tf.select(
                    tf.constant(new boolean[][] {{true, false, true, true}}),
                    x.get(0),
                    tf.constant(-1e9))),
        M);
    cases.any(
        "Select by rows",
        (tf, x) ->
            RuleCases.make(
                tf, "Select", tf.constant(new boolean[] {true, false, true}), x.get(0), x.get(1)),
        M,
        M);
    cases.any(
        "ClipByValue",
        (tf, x) -> RuleCases.make(tf, "ClipByValue", x.get(0), tf.constant(-0.5), tf.constant(0.7)),
        M);
    cases.any(
        "ClipByValue by moving bounds",
        (tf, x) ->
            RuleCases.make(
                tf,
                "ClipByValue",
                x.get(0),
                tf.math.sub(tf.math.tanh(x.get(1)), tf.constant(1.0)),
                tf.math.add(tf.math.tanh(x.get(1)), tf.constant(0.5))),
        M,
        M);
    for (String type : List.of("InTopKV2", "ApproximateEqual", "Where", "Bucketize", "FloorDiv")) {
      cases.any(type, (tf, x) -> constant(tf, type, x.get(0)), M);
    }
  }

  /** An operation that has no derivative, times x. */
  private static Operand<?> constant(Ops tf, String type, Operand<TFloat64> x) {
    Operand<?> value =
        switch (type) {
          case "InTopKV2" ->
              RuleCases.make(
                  tf,
                  type,
                  tf.dtypes.cast(x, org.tensorflow.types.TFloat32.class),
                  tf.constant(new int[] {0, 1, 2}),
                  tf.constant(2));
          case "ApproximateEqual" -> RuleCases.make(tf, type, x, tf.math.neg(x));
          case "Where" -> RuleCases.make(tf, type, tf.nn.relu(x));
          case "Bucketize" -> {
            var list = AttrValue.ListValue.newBuilder().addF(-0.5f).addF(0.5f);
            AttrValue boundaries = AttrValue.newBuilder().setList(list).build();
            yield RuleCases.make(tf, type, Map.of("boundaries", boundaries), List.of(x));
          }
          default -> RuleCases.make(tf, type, x, tf.constant(0.3));
        };
    Operand<TFloat64> numbers = tf.dtypes.cast(RuleOp.number(value), TFloat64.class);
    Operand<TFloat64> flat = tf.reshape(numbers, tf.constant(new int[] {-1}));
    return tf.math.mul(x, tf.sum(flat, tf.constant(0)));
  }

  private void diagonals() {
    cases.any(
        "MatrixDiagPart of a wide matrix",
        (tf, x) -> RuleCases.make(tf, "MatrixDiagPart", x.get(0)),
        BLOCK);
    cases.any("MatrixDiag of rows", (tf, x) -> RuleCases.make(tf, "MatrixDiag", x.get(0)), M);
    for (String version : List.of("V2", "V3")) {
      for (int[] band : new int[][] {{0}, {1}, {-1, 1}}) {
        String name = version + " " + Arrays.toString(band);
        long[] part = band.length == 1 ? new long[] {2, 3} : new long[] {2, 3, 3};
        cases.any(
            "MatrixDiagPart" + name,
            (tf, x) ->
                RuleCases.make(
                    tf, "MatrixDiagPart" + version, x.get(0), band(tf, band), tf.constant(0.0)),
            BLOCK);
        cases.any(
            "MatrixSetDiag" + name,
            (tf, x) ->
                RuleCases.make(tf, "MatrixSetDiag" + version, x.get(0), x.get(1), band(tf, band)),
            BLOCK,
            part);
        cases.any(
            "MatrixDiag" + name,
            (tf, x) ->
                RuleCases.make(
                    tf,
                    "MatrixDiag" + version,
                    x.get(0),
                    band(tf, band),
                    tf.constant(-1),
                    tf.constant(-1),
                    tf.constant(0.0)),
            part);
      }
    }
  }

  private static Operand<?> band(Ops tf, int[] band) {
    return band.length == 1 ? tf.constant(band[0]) : tf.constant(band);
  }

  private void sequences() {
    cases.any(
        "ReverseSequence",
        (tf, x) ->
            RuleCases.make(
                tf,
                "ReverseSequence",
                Map.of("seq_dim", Attributes.integer(1), "batch_dim", Attributes.integer(0)),
                List.of(x.get(0), tf.constant(new int[] {2, 4, 1}))),
        M);
    for (boolean exclusive : new boolean[] {false, true}) {
      for (boolean reverse : new boolean[] {false, true}) {
        Map<String, AttrValue> how =
            Map.of(
                "exclusive", Attributes.flag(exclusive),
                "reverse", Attributes.flag(reverse));
        for (String type : List.of("Cumsum", "Cumprod")) {
          cases.any(
              type + " exclusive " + exclusive + " reverse " + reverse,
              (tf, x) -> RuleCases.make(tf, type, how, List.of(x.get(0), tf.constant(-1))),
              M);
        }
      }
    }
    for (boolean reverse : new boolean[] {false, true}) {
      Map<String, AttrValue> how = Map.of("reverse", Attributes.flag(reverse));
      cases.any(
          "CumulativeLogsumexp reverse " + reverse,
          (tf, x) ->
              RuleCases.make(tf, "CumulativeLogsumexp", how, List.of(x.get(0), tf.constant(1))),
          M);
    }
    cases.any(
        "CumulativeLogsumexp exclusive",
        (tf, x) -> {
          // The first one is that of nothing, −∞.
          AttrValue yes = Attributes.flag(true);
          List<Operand<?>> inputs = List.of(x.get(0), tf.constant(-1));
          Operand<?> y =
              RuleCases.make(tf, "CumulativeLogsumexp", Map.of("exclusive", yes), inputs);
          return RuleCases.make(
              tf, "Slice", y, tf.constant(new int[] {0, 1}), tf.constant(new int[] {-1, -1}));
        },
        M);
    cases.any("Cumprod along axis 0", (tf, x) -> tf.math.cumprod(x.get(0), tf.constant(0)), M);
    cases.any(
        "Cumprod with zeros",
        (tf, x) ->
            tf.math.cumprod(
                tf.math.mul(x.get(0), tf.constant(new double[] {1, 0, 2, 0, 1})), tf.constant(1)),
        new long[] {2, 5});
    for (int[] axes : new int[][] {{0}, {-1}, {0, 2}, {0, 1, 2}}) {
      String name = " over " + Arrays.toString(axes);
      for (String type : List.of("Prod", "Sum", "Mean", "Max", "EuclideanNorm")) {
        cases.any(
            type + name, (tf, x) -> RuleCases.make(tf, type, x.get(0), tf.constant(axes)), BLOCK);
        cases.any(
            type + name + " that stay",
            (tf, x) ->
                RuleCases.make(
                    tf,
                    type,
                    Map.of("keep_dims", Attributes.flag(true)),
                    List.of(x.get(0), tf.constant(axes))),
            BLOCK);
      }
    }
    cases.any(
        "Prod with a zero",
        (tf, x) ->
            tf.reduceProd(
                tf.math.mul(x.get(0), tf.constant(new double[] {1, 0, 1, 1})), tf.constant(1)),
        M);
    cases.any(
        "StridedSlice with masks",
        (tf, x) ->
            RuleCases.make(
                tf,
                "StridedSlice",
                Map.of(
                    "shrink_axis_mask", Attributes.integer(1),
                    "begin_mask", Attributes.integer(4),
                    "end_mask", Attributes.integer(4),
                    "new_axis_mask", Attributes.integer(2)),
                List.of(
                    x.get(0),
                    tf.constant(new int[] {1, 0, 0}),
                    tf.constant(new int[] {2, 0, 0}),
                    tf.constant(new int[] {1, 1, 2}))),
        BLOCK);
    cases.any(
        "Unpack of one part",
        (tf, x) ->
            tf.unstack(x.get(0), 4L, org.tensorflow.op.core.Unstack.axis(2L)).output().get(1),
        BLOCK);
    cases.any(
        "Pack along axis 1",
        (tf, x) ->
            tf.stack(
                List.<Operand<TFloat64>>of(x.get(0), tf.constant(new double[3][4]), x.get(1)),
                org.tensorflow.op.core.Stack.axis(1L)),
        M,
        M);
    cases.any(
        "IdentityN",
        (tf, x) -> {
          List<Operand<?>> both = List.of(x.get(0), tf.math.sin(x.get(0)));
          return tf.identityN(both).output().get(1);
        },
        M);
    for (String type : List.of("EnsureShape", "PlaceholderWithDefault")) {
      AttrValue shape = shape(M);
      cases.any(type, (tf, x) -> RuleCases.make(tf, type, Map.of("shape", shape), x), M);
    }
    for (String type : List.of("DeepCopy", "GuaranteeConst")) {
      cases.any(type, (tf, x) -> RuleCases.make(tf, type, x.get(0)), M);
    }
  }

  private static AttrValue shape(long[] sizes) {
    var shape = org.tensorflow.proto.TensorShapeProto.newBuilder();
    for (long size : sizes) {
      shape.addDim(org.tensorflow.proto.TensorShapeProto.Dim.newBuilder().setSize(size));
    }
    return AttrValue.newBuilder().setShape(shape).build();
  }
}
