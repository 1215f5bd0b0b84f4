package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/** Batches pass through products of matrices, and through biases. */
final class BatchProducts {
  private BatchProducts() {}

  static void addTo(Map<String, BatchRule> rules) {
    rules.put(
        "MatMul",
        op -> BatchOp.batch(product(op, flag(op, "transpose_a"), flag(op, "transpose_b"))));
    for (String type : LinearRules.words("BatchMatMul BatchMatMulV2 BatchMatMulV3")) {
      rules.put(type, op -> BatchOp.batch(product(op, flag(op, "adj_x"), flag(op, "adj_y"))));
    }
    rules.put("Einsum", BatchProducts::einsum);
    rules.put("BiasAdd", BatchProducts::biasAdd);
    rules.put("BiasAddV1", BatchProducts::biasAdd);
    rules.put("BiasAddGrad", BatchProducts::biasAddGrad);
  }

  private static boolean flag(BatchOp op, String name) {
    return op.attribute(name).getB();
  }

  private static Operand<TNumber> product(BatchOp op, boolean adjointA, boolean adjointB) {
    int rankA = op.rank(0);
    int rankB = op.rank(1);
    int rank = Math.max(rankA, rankB);
    Length inner = op.length(0, adjointA ? rankA - 2 : rankA - 1);
    boolean sameTypes = op.input(0).type() == op.output(0).type();
    if (inner.known() == 1 && sameTypes && op.input(0).type() == op.input(1).type()) {
      return outer(op, adjointA, adjointB, rank);
    }
    if (!op.batched(1) && rankB == 2 && !adjointA && sameTypes) {
      return rows(op, adjointB);
    }
    boolean mixed = op.operation().type().equals("BatchMatMulV3");
    Map<String, AttrValue> flags =
        Map.of("adj_x", Attributes.flag(adjointA), "adj_y", Attributes.flag(adjointB));
    Operand<TNumber> a = BatchElementwise.widened(op, 0, rank);
    Operand<TNumber> b = BatchElementwise.widened(op, 1, rank);
    return mixed ? RuleOp.number(op.again(a, b).output(0)) : op.make("BatchMatMulV2", flags, a, b);
  }

  /** One matrix for all: the rows of all examples below each other. */
  private static Operand<TNumber> rows(BatchOp op, boolean adjointB) {
    Ops tf = op.tf();
    List<Length> shape = new ArrayList<>(op.lengths(0));
    shape.add(0, op.length());
    Length inner = shape.remove(shape.size() - 1);
    Length all = Length.product(tf, shape);
    Map<String, AttrValue> flags = Map.of("transpose_b", Attributes.flag(adjointB));
    Operand<TNumber> flat = Length.reshape(tf, op.value(0), List.of(all, inner));
    Operand<TNumber> product = op.make("MatMul", flags, flat, op.value(1));
    shape.add(op.length(1, adjointB ? 0 : 1));
    return Length.reshape(tf, product, shape);
  }

  /** A column times a row, which is less work entry by entry than as a product of matrices. */
  private static Operand<TNumber> outer(BatchOp op, boolean adjointA, boolean adjointB, int rank) {
    Operand<TNumber> a = vectors(op, 0, adjointA, false, rank);
    Operand<TNumber> b = vectors(op, 1, adjointB, true, rank);
    return op.make("Mul", a, b);
  }

  private static Operand<TNumber> vectors(
      BatchOp op, int i, boolean adjoint, boolean row, int rank) {
    if (!adjoint) {
      return BatchElementwise.widened(op, i, rank);
    }
    // One of the two axes has length 1, so the transpose is the same numbers in another shape.
    List<Length> lengths = new ArrayList<>(op.lengths(i));
    int last = lengths.size() - 1;
    lengths.add(last - 1, lengths.remove(last));
    while (lengths.size() < rank) {
      lengths.add(0, Length.of(1));
    }
    if (op.batched(i)) {
      lengths.add(0, op.length());
    }
    return Length.reshape(op.tf(), op.value(i), lengths);
  }

  /** The axis of the batch is one more label. */
  private static List<Batched> einsum(BatchOp op) {
    String equation = op.attribute("equation").getS().toStringUtf8();
    char label = newLabel(op, equation);
    int arrow = equation.indexOf("->");
    String[] terms = equation.substring(0, arrow).split(",", -1);
    List<Operand<?>> inputs = new ArrayList<>();
    for (int i = 0; i < terms.length; i++) {
      inputs.add(op.value(i));
      terms[i] = op.batched(i) ? label + terms[i].trim() : terms[i].trim();
    }
    String batched = String.join(",", terms) + "->" + label + equation.substring(arrow + 2).trim();
    return BatchOp.batches(op.copy(inputs, Map.of("equation", Attributes.text(batched))));
  }

  private static char newLabel(BatchOp op, String equation) {
    for (char label = 'A'; label <= 'z'; label++) {
      if (Character.isLetter(label) && equation.indexOf(label) < 0) {
        return label;
      }
    }
    throw new UserException(
        "the operation " + op.described() + " uses all letters as labels, and vmap needs one");
  }

  /** Where the channels are: the last axis, or axis 1. */
  private static boolean channelsLast(BatchOp op) {
    return op.operation().type().equals("BiasAddV1")
        || op.attribute("data_format").getS().toStringUtf8().equals("NHWC");
  }

  private static List<Batched> biasAdd(BatchOp op) {
    int rank = op.rank(0);
    boolean last = channelsLast(op);
    if (!op.batched(1) && last) {
      return BatchOp.batches(op.again(op.value(0), op.value(1)));
    }
    List<Length> shape = new ArrayList<>();
    if (op.batched(1)) {
      shape.add(op.length());
    }
    for (int axis = 0; axis < rank; axis++) {
      boolean channels = axis == (last ? rank - 1 : 1);
      shape.add(channels ? op.length(1, 0) : Length.of(1));
    }
    return BatchOp.batch(
        op.make("AddV2", op.value(0), Length.reshape(op.tf(), op.value(1), shape)));
  }

  private static List<Batched> biasAddGrad(BatchOp op) {
    int rank = op.rank(0);
    int channels = channelsLast(op) ? rank - 1 : 1;
    List<Integer> axes = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (axis != channels) {
        axes.add(axis + 1);
      }
    }
    int[] summed = axes.stream().mapToInt(Integer::intValue).toArray();
    return BatchOp.batch(op.tf().sum(op.value(0), op.tf().constant(summed)));
  }
}
