package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.index.Indices;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/**
 * Whole Jacobians. Reverse mode pulls back the rows of an identity, J = 1 J; forward mode pushes
 * its columns, J = J 1. {@link BatchMode} carries all of them through the graph at once.
 */
final class Jacobian {
  private final Ops tf;
  private final JacobianOptions options;

  Jacobian(Ops tf, JacobianOptions options) {
    this.tf = tf;
    this.options = options;
  }

  /** ∂f_k/∂x_i of shape (shape f_k, shape x_i). */
  List<List<Operand<TNumber>>> of(List<? extends Operand<?>> f, List<? extends Operand<?>> x) {
    List<List<Operand<TNumber>>> rows = new ArrayList<>();
    if (!forward(f, x)) {
      f.forEach(output -> rows.add(reverse(output, x)));
      return rows;
    }
    f.forEach(output -> rows.add(new ArrayList<>()));
    for (Operand<?> input : x) {
      List<Operand<TNumber>> column = forward(f, input);
      for (int k = 0; k < f.size(); k++) {
        rows.get(k).add(column.get(k));
      }
    }
    return rows;
  }

  /**
   * ∂f(x_n)/∂θ_i for every example x_n by itself, of shape (n, o, shape θ_i): the Jacobian of a
   * batch of one, for a batch of such batches.
   */
  List<Operand<TNumber>> perExample(
      Operand<?> f, List<? extends Operand<?>> x, List<? extends Operand<?>> theta) {
    List<Operand<?>> one = new ArrayList<>();
    for (Operand<?> input : x) {
      one.add(placeholder(input, ofOne(input)));
    }
    // What is known about a single example (rows of length 1, say) makes cheaper graphs.
    Operand<?> alone = new BatchMode(tf, Rules.standard()).replaced(f, x, one);
    List<Operand<TNumber>> jacobian =
        new Jacobian(tf, options.withChunk(0)).of(List.of(alone), theta).get(0);
    return pieces(
        BatchMode.size(tf, x),
        piece -> {
          List<Operand<?>> examples = new ArrayList<>();
          for (Operand<?> input : x) {
            List<Length> shape = Length.of(tf, input, 1, input.shape().numDimensions());
            shape.add(0, Length.of(1));
            shape.add(0, piece.count());
            examples.add(Length.reshape(tf, piece.of(tf, input), shape));
          }
          List<Operand<TNumber>> all = Transforms.vmap(tf, jacobian, one, examples);
          return squeezed(all, alone, theta, piece.count());
        });
  }

  /** (1, shape of one) of an input (n, shape of one). */
  private static Shape ofOne(Operand<?> input) {
    if (input.shape().isUnknown() || input.shape().numDimensions() == 0) {
      throw new UserException(
          "the input "
              + input.op().name()
              + " of the model has shape "
              + input.shape()
              + "; a Jacobian for every example needs a shape (n, shape of one), where n may be"
              + " unknown");
    }
    return input.shape().tail().prepend(1);
  }

  /** (n, 1, o, θ) as (n, o, θ). */
  private List<Operand<TNumber>> squeezed(
      List<Operand<TNumber>> all,
      Operand<?> alone,
      List<? extends Operand<?>> theta,
      Length count) {
    List<Operand<TNumber>> result = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      List<Length> shape = new ArrayList<>(List.of(count));
      shape.addAll(Length.of(tf, alone, 1, alone.shape().numDimensions()));
      shape.addAll(lengths(theta.get(i)));
      result.add(Length.reshape(tf, all.get(i), shape));
    }
    return result;
  }

  private boolean forward(List<? extends Operand<?>> f, List<? extends Operand<?>> x) {
    if (options.mode() != JacobianOptions.Mode.AUTO) {
      return options.mode() == JacobianOptions.Mode.FORWARD;
    }
    long rows = size(f);
    long columns = size(x);
    return columns >= 0 && rows > columns;
  }

  /** The number of entries; -1 if it is not known. */
  private static long size(List<? extends Operand<?>> operands) {
    long sum = 0;
    for (Operand<?> operand : operands) {
      if (operand.shape().isUnknown() || operand.shape().hasUnknownDimension()) {
        return -1;
      }
      sum += operand.shape().size();
    }
    return sum;
  }

  private List<Operand<TNumber>> reverse(Operand<?> f, List<? extends Operand<?>> x) {
    Operand<?> u = placeholder(f, f.shape());
    List<Operand<TNumber>> gradients = Transforms.vjp(tf, List.of(f), x, List.of(u));
    List<Operand<TNumber>> rows = products(gradients, u, f);
    List<Operand<TNumber>> result = new ArrayList<>();
    for (int i = 0; i < x.size(); i++) {
      List<Length> shape = new ArrayList<>(lengths(f));
      shape.addAll(lengths(x.get(i)));
      result.add(Length.reshape(tf, rows.get(i), shape));
    }
    return result;
  }

  private List<Operand<TNumber>> forward(List<? extends Operand<?>> f, Operand<?> x) {
    Operand<?> v = placeholder(x, x.shape());
    List<Operand<TNumber>> tangents = Transforms.jvp(tf, f, List.of(x), List.of(v));
    List<Operand<TNumber>> columns = products(tangents, v, x);
    List<Operand<TNumber>> result = new ArrayList<>();
    for (int k = 0; k < f.size(); k++) {
      List<Length> shape = new ArrayList<>(lengths(f.get(k)));
      int rank = shape.size();
      Operand<TNumber> last = Folds.move(tf, columns.get(k), rank + 1, 0, rank);
      shape.addAll(lengths(x));
      result.add(Length.reshape(tf, last, shape));
    }
    return result;
  }

  /** What is linear in {@code direction}, for every entry of {@code like} set to 1 by itself. */
  private List<Operand<TNumber>> products(
      List<Operand<TNumber>> linear, Operand<?> direction, Operand<?> like) {
    List<Length> lengths = lengths(like);
    Length size = Length.product(tf, lengths);
    return pieces(
        size,
        piece -> {
          Operand<TInt32> entries =
              tf.range(
                  tf.constant(piece.start()),
                  tf.math.add(tf.constant(piece.start()), piece.count().operand(tf)),
                  tf.constant(1));
          Class<TNumber> type = RuleOp.number(like).type();
          Operand<TNumber> identity =
              tf.oneHot(entries, size.operand(tf), tf.constant(type, 1), tf.constant(type, 0));
          List<Length> shape = new ArrayList<>(List.of(piece.count()));
          shape.addAll(lengths);
          Operand<TNumber> rows = Length.reshape(tf, piece.after(tf, identity), shape);
          return Transforms.vmap(tf, linear, List.of(direction), List.of(rows));
        });
  }

  /** Some of the rows, columns or examples, to be computed after others. */
  private record Piece(int start, Length count, boolean all, List<? extends Op> before) {
    /** These entries along axis 0. */
    Operand<TNumber> of(Ops tf, Operand<?> whole) {
      Operand<TNumber> part = RuleOp.number(whole);
      if (!all) {
        int end = Math.toIntExact(start + count.known());
        part = tf.stridedSlice(part, Indices.slice(start, end));
      }
      return after(tf, part);
    }

    /** The same value, but not before those pieces are done. */
    Operand<TNumber> after(Ops tf, Operand<TNumber> value) {
      if (before.isEmpty()) {
        return value;
      }
      return tf.withControlDependencies(List.copyOf(before)).identity(value);
    }
  }

  /** The results for all, piece by piece, one after the other along axis 0. */
  private List<Operand<TNumber>> pieces(
      Length length, Function<Piece, List<Operand<TNumber>>> compute) {
    int chunk = options.chunk();
    if (chunk == 0 || length.isKnown() && length.known() <= chunk) {
      return compute.apply(new Piece(0, length, true, List.of()));
    }
    if (!length.isKnown()) {
      throw new UserException(
          "a Jacobian in chunks of "
              + chunk
              + " needs a known size, but that of the output or of the batch is only known when"
              + " the graph runs; give the placeholder a full shape, or use chunk 0 (all at once)");
    }
    List<List<Operand<TNumber>>> parts = new ArrayList<>();
    List<? extends Op> before = List.of();
    int total = Math.toIntExact(length.known());
    for (int start = 0; start < total; start += chunk) {
      Length count = Length.of(Math.min(chunk, total - start));
      List<Operand<TNumber>> part = compute.apply(new Piece(start, count, false, before));
      parts.add(part);
      before = part;
    }
    List<Operand<TNumber>> whole = new ArrayList<>();
    for (int i = 0; i < parts.get(0).size(); i++) {
      int k = i;
      whole.add(tf.concat(parts.stream().map(part -> part.get(k)).toList(), tf.constant(0)));
    }
    return whole;
  }

  private Operand<?> placeholder(Operand<?> like, Shape shape) {
    return tf.withName("direction")
        .placeholder(RuleOp.number(like).type(), Placeholder.shape(shape));
  }

  private List<Length> lengths(Operand<?> operand) {
    if (operand.shape().isUnknown()) {
      throw new UserException(
          "the rank of "
              + operand.op().name()
              + " is not known, and a Jacobian needs it; give the placeholders that it comes from"
              + " a shape, of unknown lengths if need be");
    }
    return Length.of(tf, operand, 0, operand.shape().numDimensions());
  }
}
