package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;

/**
 * The operations that contract the factors of n₁ row examples with those of n₂ column examples to a
 * block (n₁·o, n₂·o) of the kernel, part by part and in total.
 *
 * <p>Gram route: with G = A A'ᵀ (n₁·D, n₂·D) and E = Δ Δ'ᵀ (n₁·D·o, n₂·D·o), the block is Σ over
 * both positions of G ∘ E.
 */
final class Contraction {
  private final Ops tf;
  private final Class<TFloating> type;
  private final int outputs;
  private final List<List<Operand<TFloating>>> rows = new ArrayList<>();
  private final List<List<Operand<TFloating>>> columns = new ArrayList<>();
  private final List<Operand<TFloating>> blocks = new ArrayList<>();
  private final Operand<TFloating> total;
  private final Operand<TInt32> columnExamples;

  Contraction(Graph graph, List<Part> parts, int outputs, Class<TFloating> type) {
    this.tf = Ops.create(graph);
    this.type = type;
    this.outputs = outputs;
    columnExamples = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    Operand<TFloating> sum = null;
    for (Part part : parts) {
      Operand<TFloating> block = part.route() == Route.GRAM ? gram(part) : jacobian();
      blocks.add(block);
      sum = sum == null ? block : tf.math.add(sum, block);
    }
    total = sum;
  }

  /** Placeholders for the row factors, in the order of {@link Factors#of}. */
  List<Operand<TFloating>> rows() {
    return rows.stream().flatMap(List::stream).toList();
  }

  /** Placeholders for the column factors. */
  List<Operand<TFloating>> columns() {
    return columns.stream().flatMap(List::stream).toList();
  }

  /** Placeholder for n₂. */
  Operand<TInt32> columnExamples() {
    return columnExamples;
  }

  /** The block of one part. */
  Operand<TFloating> block(int part) {
    return blocks.get(part);
  }

  /** The sum of all parts. */
  Operand<TFloating> total() {
    return total;
  }

  private Operand<TFloating> jacobian() {
    rows.add(placeholders(1));
    columns.add(placeholders(1));
    return product(last(rows, 0), last(columns, 0));
  }

  private Operand<TFloating> gram(Part part) {
    rows.add(placeholders(2));
    columns.add(placeholders(2));
    Operand<TFloating> g = product(last(rows, 0), last(columns, 0));
    Operand<TFloating> e = product(last(rows, 1), last(columns, 1));
    int positions = part.uses().get(0) instanceof Use.Conv conv ? (int) Part.positions(conv) : 1;
    // (n₁D, 1, n₂D, 1) ∘ (n₁D, o, n₂D, o), then the sum over the positions of both sides.
    Operand<TInt32> n2d = tf.math.mul(columnExamples, tf.constant(positions));
    Operand<TFloating> spread = tf.expandDims(tf.expandDims(g, tf.constant(1)), tf.constant(3));
    Operand<TFloating> products =
        tf.math.mul(
            spread, tf.reshape(e, shape(List.of(tf.constant(outputs), n2d, tf.constant(outputs)))));
    if (positions > 1) {
      Operand<TInt32> d = tf.constant(positions);
      Operand<TInt32> o = tf.constant(outputs);
      products =
          tf.sum(
              tf.reshape(products, shape(List.of(d, o, columnExamples, d, o))),
              tf.constant(new int[] {1, 4}));
    }
    return tf.reshape(products, shape(List.of(tf.math.mul(columnExamples, tf.constant(outputs)))));
  }

  /** (-1, dimensions...). */
  private Operand<TInt32> shape(List<Operand<TInt32>> dimensions) {
    List<Operand<TInt32>> all = new ArrayList<>();
    all.add(tf.constant(-1));
    all.addAll(dimensions);
    return tf.stack(all);
  }

  private Operand<TFloating> product(Operand<TFloating> a, Operand<TFloating> b) {
    return tf.linalg.matMul(a, b, MatMul.transposeB(true));
  }

  private List<Operand<TFloating>> placeholders(int count) {
    List<Operand<TFloating>> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(tf.placeholder(type));
    }
    return list;
  }

  private static Operand<TFloating> last(List<List<Operand<TFloating>>> of, int k) {
    return of.get(of.size() - 1).get(k);
  }
}
