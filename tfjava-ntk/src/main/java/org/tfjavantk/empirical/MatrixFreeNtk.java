package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.transform.Transforms;

/**
 * Products with the empirical neural tangent kernel of a model at its present parameters, without
 * the kernel: Θ(X1, X2) V = J(X1) (J(X2)ᵀ V), rows and columns as in {@link EmpiricalNtk}.
 *
 * <p>W = J(X2)ᵀ V comes by reverse mode, summed over batches of X2 in the precision of the model;
 * J(X1) W by forward mode over batches of X1. Several columns of V pass through the graph at once.
 * With F operations in one forward pass of one example, a product with m columns takes about
 *
 * <p>(n1 + n2) (2 m + m / 16) F
 *
 * <p>operations and memory for up to 16 sets of parameters and the activations of a batch, whatever
 * n1 and n2 are. Forming Θ instead takes time and memory that grow with n1 n2 o².
 *
 * <p>Adds its operations to the graph of the model and holds nothing else: there is nothing to
 * close. Not thread-safe.
 */
public final class MatrixFreeNtk {
  /** What {@link #of(GraphModel)} allows. */
  private static final long MEMORY = 2L << 30;

  private final GraphModel model;
  private final long memory;

  /** (m, n, o), for J(X2)ᵀ. */
  private final Operand<?> cotangents;

  /** For every parameter θ_i a placeholder (m, shape θ_i): a sum to add to, or a tangent. */
  private final List<Operand<TNumber>> weights;

  /** The weights and Jᵀ of the cotangents. */
  private final List<Operand<TNumber>> sums;

  /** J times the weights, (m, n, o). */
  private final Operand<TNumber> products;

  private MatrixFreeNtk(GraphModel model, long memory) {
    this.model = model;
    this.memory = memory;
    Independence.requireByGraph(model);
    Ops tf = model.tf();
    List<Operand<?>> f = List.of(model.output());
    List<Operand<?>> theta = new ArrayList<>();
    List<Operand<TNumber>> tangents = new ArrayList<>();
    weights = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      Shape shape = Shape.of(Shapes.longs(parameter.spec().shape()));
      theta.add(parameter.value());
      tangents.add(placeholder(tf, shape));
      weights.add(placeholder(tf, shape.prepend(Shape.UNKNOWN_SIZE)));
    }
    Operand<?> u = placeholder(tf, model.output().shape());
    cotangents = placeholder(tf, model.output().shape().prepend(Shape.UNKNOWN_SIZE));
    List<Operand<TNumber>> pulled = Transforms.vjp(tf, f, theta, List.of(u));
    pulled = Transforms.vmap(tf, pulled, List.of(u), List.of(cotangents));
    sums = new ArrayList<>();
    for (int i = 0; i < weights.size(); i++) {
      sums.add(tf.math.add(weights.get(i), pulled.get(i)));
    }
    List<Operand<TNumber>> pushed = Transforms.jvp(tf, f, theta, tangents);
    products = Transforms.vmap(tf, pushed, tangents, weights).get(0);
  }

  /**
   * Prepares products within 2 GiB of memory. The model's parameters may change later; a product
   * takes the present ones.
   *
   * @throws org.tfjavantk.graphs.UserException if the graph mixes the examples of a batch, or if an
   *     operation has no derivative; the message names it
   */
  public static MatrixFreeNtk of(GraphModel model) {
    return of(model, MEMORY);
  }

  /**
   * As {@link #of(GraphModel)} within another budget.
   *
   * @param memory bytes that a product may hold beside its arguments and its result
   */
  public static MatrixFreeNtk of(GraphModel model, long memory) {
    return new MatrixFreeNtk(model, memory);
  }

  @SuppressWarnings("unchecked")
  private Operand<TNumber> placeholder(Ops tf, Shape shape) {
    Operand<?> placeholder = tf.placeholder(model.type(), Placeholder.shape(shape));
    return (Operand<TNumber>) placeholder;
  }

  /**
   * Θ(X1, X2) V.
   *
   * @param x1 n1 examples, row-major
   * @param x2 n2 examples, row-major
   * @param v n2·o × m, row-major
   * @return n1·o × m, row-major
   * @throws IllegalArgumentException if an array has another size, or V no column
   * @throws org.tfjavantk.graphs.UserException if the memory does not suffice for one column and
   *     one example
   */
  public double[] times(double[] x1, int n1, double[] x2, int n2, double[] v, int m) {
    if (m < 1) {
      throw new IllegalArgumentException("v has " + m + " columns");
    }
    requireSize("x1", x1, (long) n1 * model.exampleSize());
    requireSize("x2", x2, (long) n2 * model.exampleSize());
    requireSize("v", v, (long) n2 * model.outputs() * m);
    double[] result = new double[Math.multiplyExact(n1 * model.outputs(), m)];
    ProductPlan plan = ProductPlan.of(model, m, memory);
    for (int first = 0; first < m; first += plan.vectors()) {
      Columns columns = new Columns(first, Math.min(plan.vectors(), m - first), m);
      List<Tensor> w = transposed(x2, n2, v, columns, plan.examples());
      try {
        multiply(x1, n1, w, result, columns, plan.examples());
      } finally {
        w.forEach(Tensor::close);
      }
    }
    return result;
  }

  private static void requireSize(String name, double[] values, long size) {
    if (values.length != size) {
      throw new IllegalArgumentException(
          name + " has " + values.length + " values, " + size + " are wanted");
    }
  }

  /** Some columns of a matrix with {@code all} columns. */
  private record Columns(int first, int count, int all) {
    /** Rows {@code row ..} of the matrix to a block (count, rows), transposed. */
    void read(double[] matrix, int row, int rows, double[] block, int stride) {
      for (int k = 0; k < count; k++) {
        for (int r = 0; r < rows; r++) {
          block[k * stride + r] = matrix[(row + r) * all + first + k];
        }
      }
    }

    /** The other way. */
    void write(double[] block, int stride, double[] matrix, int row, int rows) {
      for (int k = 0; k < count; k++) {
        for (int r = 0; r < rows; r++) {
          matrix[(row + r) * all + first + k] = block[k * stride + r];
        }
      }
    }
  }

  /** J(X)ᵀ V, for every parameter a tensor (count, shape θ_i). The caller closes them. */
  private List<Tensor> transposed(double[] x, int n, double[] v, Columns columns, int batch) {
    List<Tensor> sum = zeros(columns.count());
    int o = model.outputs();
    try {
      for (int from = 0; from < n; from += batch) {
        int real = Math.min(batch, n - from);
        int fed = model.batch() > 0 ? batch : real;
        // Examples that only fill up a batch have the cotangent 0.
        double[] u = new double[columns.count() * fed * o];
        columns.read(v, from * o, real * o, u, fed * o);
        Map<Operand<?>, Tensor> feeds = feeds(sum);
        try (Tensor fedU = Tensors.of(u, model.precision(), columns.count(), fed, o)) {
          feeds.put(cotangents, fedU);
          List<Tensor> next = model.run(examples(x, from, real, fed), fed, feeds, sums).tensors();
          sum.forEach(Tensor::close);
          sum = next;
        }
      }
      return sum;
    } catch (RuntimeException | Error e) {
      sum.forEach(Tensor::close);
      throw e;
    }
  }

  /** J(X) W into the columns of the result. */
  private void multiply(
      double[] x, int n, List<Tensor> w, double[] result, Columns columns, int batch) {
    int o = model.outputs();
    for (int from = 0; from < n; from += batch) {
      int real = Math.min(batch, n - from);
      int fed = model.batch() > 0 ? batch : real;
      try (Fetched y = model.run(examples(x, from, real, fed), fed, feeds(w), List.of(products))) {
        columns.write(Tensors.toDoubles(y.get(0)), fed * o, result, from * o, real * o);
      }
    }
  }

  private Map<Operand<?>, Tensor> feeds(List<Tensor> values) {
    Map<Operand<?>, Tensor> feeds = new HashMap<>();
    for (int i = 0; i < weights.size(); i++) {
      feeds.put(weights.get(i), values.get(i));
    }
    return feeds;
  }

  /** Some examples, filled up with the first of them. */
  private double[] examples(double[] x, int from, int real, int fed) {
    int size = model.exampleSize();
    double[] some = Arrays.copyOfRange(x, from * size, (from + fed) * size);
    for (int i = real; i < fed; i++) {
      System.arraycopy(x, from * size, some, i * size, size);
    }
    return some;
  }

  private List<Tensor> zeros(int count) {
    List<Tensor> zeros = new ArrayList<>();
    for (Operand<TNumber> weight : weights) {
      long[] shape = weight.shape().asArray();
      shape[0] = count;
      // TensorFlow hands out memory as it finds it.
      Tensor tensor =
          Tensor.of(
              model.type(),
              Shape.of(shape),
              t -> {
                var bytes = t.asRawTensor().data();
                byte[] nothing = new byte[(int) Math.min(bytes.size(), 1 << 16)];
                for (long at = 0; at < bytes.size(); at += nothing.length) {
                  int length = (int) Math.min(nothing.length, bytes.size() - at);
                  bytes.offset(at).write(nothing, 0, length);
                }
              });
      zeros.add(tensor);
    }
    return zeros;
  }
}
