package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TNumber;

/**
 * What a {@link TransposeRule} sees: an operation that is linear in some of its inputs, and the
 * cotangents of its outputs. The operation itself is not to be run: of the inputs that carry
 * tangents, and of the outputs, a rule uses the shapes alone.
 */
public final class TransposeOp extends RuleOp {
  private final List<Operand<?>> cotangents;
  private final List<Boolean> linear;
  private final TangentShapes shapes;

  TransposeOp(
      Ops tf,
      GraphOperation operation,
      List<Operand<?>> cotangents,
      List<Boolean> linear,
      TangentShapes shapes) {
    super(tf, operation);
    this.cotangents = cotangents;
    this.linear = linear;
    this.shapes = shapes;
  }

  /** ȳ_k, or null where it is zero. */
  public Operand<TNumber> cotangent(int k) {
    Operand<?> cotangent = cotangents.get(k);
    return cotangent == null ? null : number(cotangent);
  }

  /** ȳ_k, with zeros written out. */
  public Operand<TNumber> cotangentOrZeros(int k) {
    Operand<TNumber> cotangent = cotangent(k);
    return cotangent == null ? zeros(output(k)) : cotangent;
  }

  /** Whether x̄_i is wanted: x_i carries a tangent. The values of such inputs must not be read. */
  public boolean linear(int i) {
    return linear.get(i);
  }

  /** The shape of x_i, a constant if it is fully known. */
  public Operand<TInt32> shape(int i) {
    return shapes.of(tf(), input(i));
  }

  /** Zeros of the shape and type of x_i. */
  public Operand<TNumber> zeros(int i) {
    return zeros(input(i));
  }

  private Operand<TNumber> zeros(Operand<TNumber> like) {
    return tf().fill(shapes.of(tf(), like), tf().constant(like.type(), 0));
  }

  /** The sum of g over the axes along which x_i was broadcast to the shape of g. */
  public Operand<TNumber> unbroadcast(int i, Operand<TNumber> g) {
    List<Shape> others = new ArrayList<>();
    for (int k = 0; k < operation().numInputs(); k++) {
      // Integers are the shapes, axes and indices of an operation.
      if (k != i && !isInteger(operation().input(k))) {
        others.add(input(k).shape());
      }
    }
    return Broadcasting.reduce(tf(), g, input(i).shape(), others, () -> shape(i));
  }

  private static boolean isInteger(Operand<?> operand) {
    Class<?> type = operand.type();
    return type == TInt32.class || type == TInt64.class;
  }
}
