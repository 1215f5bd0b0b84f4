package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.tensorflow.Operand;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.GraphModel;

/**
 * The operations that contract factors on a device: {@link Contraction} in another language. The
 * pieces are computed one after the other, so that each takes no more than the memory it may.
 */
final class DeviceContraction {
  private final GraphModel model;
  private final Ops tf;
  private final Pairing pairing;
  private final int outputs;
  private final int examples;
  private final long bytes;

  /**
   * @param outputs o
   * @param examples the most that a panel has
   * @param bytes what a piece may take for a moment
   */
  DeviceContraction(GraphModel model, Pairing pairing, int outputs, int examples, long bytes) {
    this.model = model;
    this.tf = model.tf();
    this.pairing = pairing;
    this.outputs = outputs;
    this.examples = examples;
    this.bytes = bytes;
  }

  /** The block of some of the parts, as {@link Pairing} describes it. */
  Operand<TFloating> block(
      List<Part> parts, List<Integer> which, DevicePanel rows, DevicePanel columns) {
    Operand<TFloating> sum = null;
    for (int k : which) {
      List<Operand<TFloating>> left = rows.factors().get(k);
      List<Operand<TFloating>> right = columns.factors().get(k);
      for (Function<Ops, Operand<TFloating>> piece : pieces(parts.get(k), left, right)) {
        if (sum == null) {
          sum = piece.apply(tf);
        } else {
          Ops later = tf.withControlDependencies(List.<Op>of(sum));
          sum = tf.math.add(sum, piece.apply(later));
        }
      }
    }
    return sum;
  }

  private List<Function<Ops, Operand<TFloating>>> pieces(
      Part part, List<Operand<TFloating>> left, List<Operand<TFloating>> right) {
    if (part.layer().isEmpty()) {
      int size = part.parameter().spec().size();
      return List.of(ops -> products(ops, left.get(0), right.get(0), size));
    }
    LinearLayer layer = part.layer().get();
    List<Function<Ops, Operand<TFloating>>> pieces = new ArrayList<>();
    if (part.route() == Route.JACOBIAN) {
      int patch = layer.patch();
      int count = even(patch, 2L * examples * outputs * layer.channels());
      for (int first = 0; first < patch; first += count) {
        int from = first;
        int now = Math.min(count, patch - first);
        pieces.add(
            ops -> {
              int size = now * layer.channels();
              Operand<TFloating> g = gradients(ops, layer, left, from, now);
              Operand<TFloating> other =
                  left == right ? g : gradients(ops, layer, right, from, now);
              return products(ops, g, other, size);
            });
      }
      return pieces;
    }
    int count = even(examples, 2 * perExample(part.route(), layer));
    List<int[]> ranges = new ArrayList<>();
    for (int first = 0; first < examples; first += count) {
      ranges.add(new int[] {first, count});
    }
    pieces.add(ops -> pairs(ops, part.route(), layer, left, right, ranges));
    return pieces;
  }

  /** Numbers of the largest tensor that exists for one of the row examples. */
  private long perExample(Route route, LinearLayer layer) {
    long d = layer.positions();
    long ofOutputs =
        route == Route.TANGENT
            ? d * outputs * layer.channels()
            : d * pairing.rows(outputs) * d * pairing.rows(outputs) * pairing.matrices(outputs);
    return examples * Math.max(d * d, ofOutputs);
  }

  /** Equal parts of a whole, each of whose units takes so many values. */
  private int even(int whole, long values) {
    long most = Math.max(1, bytes / model.precision().bytes() / Math.max(1, values));
    int parts = (int) ((whole + most - 1) / most);
    return (whole + parts - 1) / parts;
  }

  /** The inner products of gradients (n·o, size). */
  private Operand<TFloating> products(
      Ops ops, Operand<TFloating> g, Operand<TFloating> other, int size) {
    if (pairing == Pairing.DIAGONAL) {
      return inner(ops, byOutput(ops, g, size), byOutput(ops, other, size));
    }
    int width = pairing == Pairing.FULL ? size : outputs * size;
    return ops.linalg.matMul(
        shaped(ops, g, -1, width), shaped(ops, other, -1, width), MatMul.transposeB(true));
  }

  /** (n·o, size) as (o, n, size). */
  private Operand<TFloating> byOutput(Ops ops, Operand<TFloating> g, int size) {
    return ops.linalg.transpose(
        shaped(ops, g, -1, outputs, size), ops.constant(new int[] {1, 0, 2}));
  }

  private Operand<TFloating> inner(Ops ops, Operand<TFloating> a, Operand<TFloating> b) {
    return ops.train.batchMatMul(a, b, model.type(), BatchMatMul.adjY(true));
  }

  /** Some columns of the gradients, (n·o, C·count). */
  private Operand<TFloating> gradients(
      Ops ops, LinearLayer layer, List<Operand<TFloating>> of, int first, int count) {
    Operand<TFloating> patches =
        ops.slice(
            patches(ops, layer, of.get(0)),
            ops.constant(new int[] {0, 0, first}),
            ops.constant(new int[] {-1, -1, count}));
    Operand<TFloating> deltas =
        shaped(ops, of.get(1), -1, layer.positions(), outputs * layer.channels());
    Operand<TFloating> g =
        ops.train.batchMatMul(deltas, patches, model.type(), BatchMatMul.adjX(true));
    return shaped(ops, g, -1, layer.channels() * count);
  }

  /** (n, D, K). */
  private Operand<TFloating> patches(Ops ops, LinearLayer layer, Operand<TFloating> a) {
    Operand<TFloating> patches =
        layer.geometry().pointwise() ? a : Factors.patches(ops, a, layer.geometry().window());
    return shaped(ops, patches, -1, layer.positions(), layer.patch());
  }

  /** A route by pairs of positions, some of the row examples after the others. */
  private Operand<TFloating> pairs(
      Ops ops,
      Route route,
      LinearLayer layer,
      List<Operand<TFloating>> left,
      List<Operand<TFloating>> right,
      List<int[]> ranges) {
    Operand<TFloating> rows = patches(ops, layer, left.get(0));
    Operand<TFloating> columns = patches(ops, layer, right.get(0));
    List<Operand<TFloating>> blocks = new ArrayList<>();
    Ops then = ops;
    for (int[] range : ranges) {
      Ops now = then;
      BiFunction<Operand<TFloating>, Integer, Operand<TFloating>> some =
          (x, rank) -> slice(now, x, range[0], range[1], rank);
      Operand<TFloating> block =
          pairs(
              now,
              route,
              layer,
              some.apply(rows, 3),
              some.apply(left.get(1), left.get(1).shape().numDimensions()),
              columns,
              right.get(1));
      blocks.add(block);
      then = tf.withControlDependencies(List.<Op>of(block));
    }
    int axis = pairing == Pairing.DIAGONAL ? 1 : 0;
    return blocks.size() == 1 ? blocks.get(0) : then.concat(blocks, then.constant(axis));
  }

  /** The examples from one on, as many as there are, but no more than count. */
  private Operand<TFloating> slice(Ops ops, Operand<TFloating> x, int first, int count, int rank) {
    Operand<TInt32> n = count(ops, x);
    Operand<TInt32> begin = ops.math.minimum(n, ops.constant(first));
    Operand<TInt32> size = ops.math.minimum(ops.math.sub(n, begin), ops.constant(count));
    List<Operand<TInt32>> begins = new ArrayList<>(List.of(begin));
    List<Operand<TInt32>> sizes = new ArrayList<>(List.of(size));
    for (int axis = 1; axis < rank; axis++) {
      begins.add(ops.constant(0));
      sizes.add(ops.constant(-1));
    }
    return ops.slice(x, ops.stack(begins), ops.stack(sizes));
  }

  /** Σ_{p,q} ⟨a_p, a'_q⟩ ⟨δ_p, δ'_q⟩ for patches (n, D, K) and cotangents (n, D, o, C). */
  private Operand<TFloating> pairs(
      Ops ops,
      Route route,
      LinearLayer layer,
      Operand<TFloating> rows,
      Operand<TFloating> deltas,
      Operand<TFloating> columns,
      Operand<TFloating> others) {
    int d = layer.positions();
    Operand<TInt32> n1 = count(ops, rows);
    Operand<TInt32> n2 = count(ops, columns);
    Operand<TFloating> a =
        ops.reshape(square(ops, rows, columns, layer.patch()), sizes(ops, n1, d, n2, d));
    return route == Route.TANGENT
        ? tangent(ops, layer, a, deltas, others, n1, n2)
        : gram(ops, layer, a, deltas, others, n1, n2);
  }

  private Operand<TFloating> tangent(
      Ops ops,
      LinearLayer layer,
      Operand<TFloating> a,
      Operand<TFloating> deltas,
      Operand<TFloating> others,
      Operand<TInt32> n1,
      Operand<TInt32> n2) {
    int d = layer.positions();
    int channels = layer.channels();
    Operand<TFloating> delta = shaped(ops, deltas, -1, d, outputs, channels);
    Operand<TFloating> other = shaped(ops, others, -1, d, outputs, channels);
    Operand<TFloating> moved = ops.linalg.einsum(List.of(a, other), "apbq,bqdk->abpdk");
    List<Operand<TFloating>> both = List.of(delta, moved);
    return switch (pairing) {
      case FULL -> matrix(ops, ops.linalg.einsum(both, "apck,abpdk->acbd"), n1, n2);
      case TRACE -> ops.linalg.einsum(both, "apck,abpck->ab");
      case DIAGONAL -> ops.linalg.einsum(both, "apck,abpck->cab");
    };
  }

  /** (n₁, o, n₂, o) as (n₁·o, n₂·o). */
  private Operand<TFloating> matrix(
      Ops ops, Operand<TFloating> sums, Operand<TInt32> n1, Operand<TInt32> n2) {
    return ops.reshape(
        sums,
        ops.stack(
            List.of(
                ops.math.mul(n1, ops.constant(outputs)), ops.math.mul(n2, ops.constant(outputs)))));
  }

  private Operand<TFloating> gram(
      Ops ops,
      LinearLayer layer,
      Operand<TFloating> a,
      Operand<TFloating> deltas,
      Operand<TFloating> others,
      Operand<TInt32> n1,
      Operand<TInt32> n2) {
    int d = layer.positions();
    int channels = layer.channels();
    return switch (pairing) {
      case FULL -> {
        Operand<TFloating> e =
            ops.reshape(
                square(ops, deltas, others, channels), sizes(ops, n1, d, outputs, n2, d, outputs));
        yield matrix(ops, ops.linalg.einsum(List.of(a, e), "apbq,apcbqd->acbd"), n1, n2);
      }
      case TRACE -> {
        Operand<TFloating> e =
            ops.reshape(square(ops, deltas, others, outputs * channels), sizes(ops, n1, d, n2, d));
        yield ops.linalg.einsum(List.of(a, e), "apbq,apbq->ab");
      }
      case DIAGONAL -> {
        Operand<TFloating> e =
            inner(
                ops,
                byOutput(ops, shaped(ops, deltas, -1, channels), channels),
                byOutput(ops, shaped(ops, others, -1, channels), channels));
        e = ops.reshape(e, sizes(ops, ops.constant(outputs), n1, d, n2, d));
        yield ops.linalg.einsum(List.of(a, e), "apbq,capbq->cab");
      }
    };
  }

  /** A A'ᵀ of everything as rows of a width. */
  private Operand<TFloating> square(
      Ops ops, Operand<TFloating> a, Operand<TFloating> b, int width) {
    return ops.linalg.matMul(
        shaped(ops, a, -1, width), shaped(ops, b, -1, width), MatMul.transposeB(true));
  }

  private static Operand<TInt32> count(Ops ops, Operand<TFloating> x) {
    return ops.reshape(
        ops.slice(ops.shape(x), ops.constant(new int[] {0}), ops.constant(new int[] {1})),
        ops.constant(new int[] {}));
  }

  /** A shape of numbers, some of which are known only when it is needed. */
  private static Operand<TInt32> sizes(Ops ops, Object... sizes) {
    List<Operand<TInt32>> all = new ArrayList<>();
    for (Object size : sizes) {
      @SuppressWarnings("unchecked")
      Operand<TInt32> operand =
          size instanceof Integer number ? ops.constant(number) : (Operand<TInt32>) size;
      all.add(operand);
    }
    return ops.stack(all);
  }

  private static Operand<TFloating> shaped(Ops ops, Operand<TFloating> x, int... shape) {
    return ops.reshape(x, ops.constant(shape));
  }
}
