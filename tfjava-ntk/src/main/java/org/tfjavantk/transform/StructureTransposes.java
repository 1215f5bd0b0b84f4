package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/** The transposes of operations that move entries around: shapes, parts, padding, diagonals. */
final class StructureTransposes {
  private StructureTransposes() {}

  static void addTo(Map<String, TransposeRule> rules) {
    for (String type : List.of("Reshape", "Squeeze", "ExpandDims")) {
      TransposeRules.of(rules, type, 0, (op, g) -> op.tf().reshape(g, op.shape(0)));
    }
    TransposeRules.of(
        rules,
        "Transpose",
        0,
        (op, g) -> op.make("Transpose", g, op.make("InvertPermutation", op.input(1))));
    addParts(rules);
    addPadding(rules);
    addLists(rules);
    addOrder(rules);
    addBlocks(rules);
    addDiagonals(rules);
  }

  private static void addParts(Map<String, TransposeRule> rules) {
    TransposeRules.of(rules, "Slice", 0, StructureTransposes::slice);
    TransposeRules.of(
        rules,
        "StridedSlice",
        0,
        (op, g) ->
            op.make(
                "StridedSliceGrad",
                masks(op),
                as(op, op.shape(0), op.input(1)),
                op.input(1),
                op.input(2),
                op.input(3),
                g));
    TransposeRules.of(
        rules,
        "StridedSliceGrad",
        4,
        (op, g) -> op.make("StridedSlice", masks(op), g, op.input(1), op.input(2), op.input(3)));
    TransposeRules.of(rules, "Tile", 0, StructureTransposes::tile);
  }

  private static void addPadding(Map<String, TransposeRule> rules) {
    TransposeRules.of(rules, "Pad", 0, StructureTransposes::inside);
    rules.put(
        "PadV2",
        op -> {
          Operand<TNumber> inside = inside(op, op.cotangent(0));
          Operand<TNumber> border = null;
          if (op.linear(2)) {
            border =
                op.make(
                    "Sub",
                    TransposeRules.total(op, op.cotangent(0)),
                    TransposeRules.total(op, inside));
          }
          return Arrays.asList(inside, null, border);
        });
    TransposeRules.of(
        rules,
        "MirrorPad",
        0,
        (op, g) -> op.make("MirrorPadGrad", op.attributes("mode"), g, op.input(1)));
    TransposeRules.of(
        rules,
        "MirrorPadGrad",
        0,
        (op, g) -> op.make("MirrorPad", op.attributes("mode"), g, op.input(1)));
  }

  private static void addLists(Map<String, TransposeRule> rules) {
    rules.put(
        "Unpack",
        op -> {
          List<Operand<TNumber>> parts = cotangents(op);
          return Arrays.asList(packed(op, parts));
        });
    TransposeRules.each(
        rules,
        "Pack",
        (op, i, g) -> {
          // One slice for each part that is wanted, and not a copy of all.
          Ops tf = op.tf();
          Operand<TInt32> axis = tf.constant(Math.toIntExact(op.attribute("axis").getI()));
          return op.make("GatherV2", g, tf.constant(i), axis);
        });
    rules.put(
        "Split",
        op -> Arrays.asList(null, op.tf().concat(cotangents(op), RuleOp.number(op.input(0)))));
    rules.put(
        "SplitV", op -> Arrays.asList(op.tf().concat(cotangents(op), op.input(2)), null, null));
    rules.put("ConcatV2", StructureTransposes::concat);
  }

  private static void addOrder(Map<String, TransposeRule> rules) {
    TransposeRules.of(
        rules, "ReverseSequence", 0, (op, g) -> RuleOp.number(op.copyWith(0, g).output(0)));
    TransposeRules.of(
        rules,
        "Cumsum",
        0,
        (op, g) -> {
          Map<String, AttrValue> attributes = new LinkedHashMap<>(op.attributes("exclusive"));
          boolean reverse = op.attribute("reverse").getB();
          attributes.put("reverse", Attributes.flag(!reverse));
          return op.make("Cumsum", attributes, g, op.input(1));
        });
    TransposeRules.of(
        rules, "Roll", 0, (op, g) -> op.make("Roll", g, op.make("Neg", op.input(1)), op.input(2)));
  }

  private static void addBlocks(Map<String, TransposeRule> rules) {
    inverse(rules, "SpaceToDepth", "DepthToSpace", "block_size", "data_format");
    inverse(rules, "DepthToSpace", "SpaceToDepth", "block_size", "data_format");
    inverse(rules, "SpaceToBatchND", "BatchToSpaceND");
    inverse(rules, "BatchToSpaceND", "SpaceToBatchND");
  }

  /** Another type that takes the same further inputs and attributes. */
  private static void inverse(
      Map<String, TransposeRule> rules, String type, String other, String... attributes) {
    TransposeRules.of(
        rules,
        type,
        0,
        (op, g) -> {
          List<Operand<?>> inputs = new ArrayList<>(op.operation().inputs());
          inputs.set(0, g);
          return op.make(other, op.attributes(attributes), inputs.toArray(Operand<?>[]::new));
        });
  }

  private static void addDiagonals(Map<String, TransposeRule> rules) {
    TransposeRules.of(rules, "MatrixDiag", 0, (op, g) -> op.make("MatrixDiagPart", g));
    TransposeRules.of(
        rules, "MatrixDiagPart", 0, (op, g) -> op.make("MatrixSetDiag", op.zeros(0), g));
    rules.put(
        "MatrixSetDiag",
        op -> {
          Operand<TNumber> g = op.cotangent(0);
          Operand<?> rest = op.linear(0) ? op.make("MatrixSetDiag", g, op.zeros(1)) : null;
          return Arrays.asList(rest, op.make("MatrixDiagPart", g));
        });
    addBands(rules);
    TransposeRules.of(rules, "Diag", 0, (op, g) -> op.make("DiagPart", g));
    TransposeRules.of(rules, "DiagPart", 0, (op, g) -> op.make("Diag", g));
  }

  /** Versions with several diagonals: the entries around them are those of a last input. */
  private static void addBands(Map<String, TransposeRule> rules) {
    for (String version : List.of("V2", "V3")) {
      String part = "MatrixDiagPart" + version;
      String set = "MatrixSetDiag" + version;
      String[] how = version.equals("V3") ? new String[] {"align"} : new String[0];
      rules.put(
          "MatrixDiag" + version,
          op -> {
            requireConstantPadding(op, 4);
            Operand<TNumber> g = op.cotangent(0);
            var diagonals = op.make(part, op.attributes(how), g, op.input(1), op.constant(0, 0));
            return Arrays.asList(op.tf().reshape(diagonals, op.shape(0)), null, null, null, null);
          });
      rules.put(
          part,
          op -> {
            requireConstantPadding(op, 2);
            var x = op.make(set, op.attributes(how), op.zeros(0), op.cotangent(0), op.input(1));
            return Arrays.asList(x, null, null);
          });
      rules.put(
          set,
          op -> {
            Operand<TNumber> g = op.cotangent(0);
            Operand<TNumber> k = op.input(2);
            Operand<?> rest =
                op.linear(0) ? op.make(set, op.attributes(how), g, op.zeros(1), k) : null;
            var diagonals = op.make(part, op.attributes(how), g, k, op.constant(0, 0));
            return Arrays.asList(rest, diagonals, null);
          });
    }
  }

  private static void requireConstantPadding(TransposeOp op, int i) {
    if (op.linear(i)) {
      throw new UserException(
          "there is no derivative by the padding value of "
              + op.operation().name()
              + "; make it a constant");
    }
  }

  /** The cotangent with zeros around the slice. */
  private static Operand<TNumber> slice(TransposeOp op, Operand<TNumber> g) {
    Ops tf = op.tf();
    Operand<TNumber> begin = op.input(1);
    Operand<TNumber> total = as(op, op.shape(0), begin);
    Operand<TNumber> size = as(op, tf.shape(g), begin);
    Operand<TNumber> after = op.make("Sub", op.make("Sub", total, size), begin);
    Operand<TNumber> paddings =
        tf.stack(List.of(begin, after), org.tensorflow.op.core.Stack.axis(1L));
    return op.make("Pad", g, paddings);
  }

  /** The part of g that is not padding. */
  private static Operand<TNumber> inside(TransposeOp op, Operand<TNumber> g) {
    Ops tf = op.tf();
    Operand<TNumber> paddings = op.input(1);
    Operand<TNumber> before = tf.gather(paddings, tf.constant(0), tf.constant(1));
    return tf.slice(g, before, as(op, op.shape(0), before));
  }

  /** The sum over the copies: of axes (m_0, d_0, m_1, d_1, …), over all m. */
  private static Operand<TNumber> tile(TransposeOp op, Operand<TNumber> g) {
    Ops tf = op.tf();
    Operand<TInt32> multiples = tf.dtypes.cast(op.input(1), TInt32.class);
    Operand<TInt32> both =
        tf.reshape(
            tf.stack(List.of(multiples, op.shape(0)), org.tensorflow.op.core.Stack.axis(1L)),
            tf.constant(new int[] {-1}));
    Operand<TInt32> copies = tf.range(tf.constant(0), tf.size(both), tf.constant(2));
    return tf.reshape(tf.sum(tf.reshape(g, both), copies), op.shape(0));
  }

  private static List<Operand<TNumber>> cotangents(TransposeOp op) {
    List<Operand<TNumber>> parts = new ArrayList<>();
    for (int k = 0; k < op.operation().numOutputs(); k++) {
      parts.add(op.cotangentOrZeros(k));
    }
    return parts;
  }

  private static Operand<TNumber> packed(TransposeOp op, List<Operand<TNumber>> parts) {
    return op.tf().stack(parts, org.tensorflow.op.core.Stack.axis(op.attribute("axis").getI()));
  }

  /** Of every part that is wanted, its slice of the cotangent. */
  private static List<Operand<?>> concat(TransposeOp op) {
    Ops tf = op.tf();
    int count = op.operation().numInputs() - 1;
    Operand<?>[] result = new Operand<?>[count + 1];
    Operand<TNumber> axis = op.input(count);
    List<Output<?>> shapes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      shapes.add(op.shape(i).asOutput());
    }
    GraphOperation offsets =
        (GraphOperation)
            tf.scope()
                .env()
                .opBuilder("ConcatOffset", tf.scope().makeOpName("ConcatOffset"), tf.scope())
                .addInput(tf.dtypes.cast(axis, TInt32.class).asOutput())
                .addInputList(shapes.toArray(Output<?>[]::new))
                .build();
    for (int i = 0; i < count; i++) {
      if (op.linear(i)) {
        Operand<TNumber> begin = RuleOp.number(offsets.output(i));
        result[i] = tf.slice(op.cotangent(0), begin, RuleOp.number(shapes.get(i)));
      }
    }
    return Arrays.asList(result);
  }

  private static Map<String, AttrValue> masks(TransposeOp op) {
    return op.attributes(
        "begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask");
  }

  /** A shape as integers of the type of another operand. */
  static Operand<TNumber> as(TransposeOp op, Operand<TInt32> shape, Operand<?> like) {
    return like.type() == TInt64.class
        ? RuleOp.number(op.tf().dtypes.cast(shape, TInt64.class))
        : RuleOp.number(shape);
  }
}
