package org.tfjavantk.benchmarks;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tfjavantk.transform.Paths;

/**
 * The multiply-adds of convolutions and matrix products that a function f of parameters θ and its
 * derivatives need, if every product of two tensors is computed once and none is saved. A
 * convolution y = x ∗ w of c multiply-adds costs c forward; its tangent ẋ ∗ w + x ∗ ẇ costs c for
 * each of x and w that moves; in reverse, x̄ and w̄ cost c each. A Hessian-vector product needs y,
 * ẏ, x̄, its tangent, which has two terms, and the tangent of w̄, which has two: 8 c. x̄ and ẋ are
 * not needed in a first layer.
 *
 * @param forward f
 * @param jvpByInput f and its tangent for a tangent of the input
 * @param jvpByParameters f and its tangent for a tangent of θ
 * @param vjpByParameters the gradient by θ
 * @param hvpByParameters the Hessian by θ times a vector
 */
record MultiplyAdds(
    long forward,
    long jvpByInput,
    long jvpByParameters,
    long vjpByParameters,
    long hvpByParameters) {

  /** Counts the operations of f for a batch of n; convolutions have kernels of constant size. */
  static MultiplyAdds of(Operand<?> f, List<? extends Operand<?>> theta, int n) {
    Set<GraphOperation> moved = new HashSet<>(Paths.between(theta, List.of(f)));
    long all = 0;
    long later = 0;
    for (GraphOperation op : Paths.ancestors(List.of(f))) {
      long count = count(op, n);
      all += count;
      later += count > 0 && moved.contains((GraphOperation) op.input(0).op()) ? count : 0;
    }
    return new MultiplyAdds(all, 2 * all, 2 * all + later, 2 * all + later, 3 * all + 5 * later);
  }

  private static long count(GraphOperation op, int n) {
    if (!op.type().equals("Conv2D") && !op.type().equals("MatMul")) {
      return 0;
    }
    Shape y = op.output(0).shape();
    Shape w = op.input(1).shape();
    long perExample = 1;
    for (int axis = 1; axis < y.numDimensions(); axis++) {
      perExample *= y.get(axis);
    }
    // Every output is a sum over all of the kernel but its last axis, the outputs.
    return n * perExample * (w.size() / w.get(w.numDimensions() - 1));
  }
}
