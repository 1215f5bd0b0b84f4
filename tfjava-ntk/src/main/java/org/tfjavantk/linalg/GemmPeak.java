package org.tfjavantk.linalg;

import java.util.function.LongFunction;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.random.RandomUniform;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;

/**
 * How fast this machine multiplies matrices: the best of several products of two 2048 x 2048
 * matrices, 2 · 2048³ operations each, in a second or so. What else the machine does at the time
 * lowers it.
 */
public final class GemmPeak {
  private static final int SIDE = 2048;
  private static final double OPERATIONS = 2.0 * SIDE * SIDE * SIDE;
  private static final double BUDGET = 0.6;
  private static final int FEWEST = 3;
  private static final int MOST = 50;

  /** Where a product takes less than this, several are run at once: starting a run takes time. */
  private static final double SHORT = 0.005;

  private static final int CHAIN = 16;

  private GemmPeak() {}

  /** Operations per second of TensorFlow's MatMul on its device. */
  public static double tensorFlow(Precision precision, DeviceChoice device) {
    return tensorFlow(precision.type(), device);
  }

  private static <T extends TFloating> double tensorFlow(Class<T> type, DeviceChoice device) {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      Shape shape = Shape.of(SIDE, SIDE);
      Operand<?> handle = tf.varHandleOp(type, shape);
      // Rows of the factor sum to about 1: the products of a chain neither grow nor vanish.
      Operand<T> uniform =
          tf.random.randomUniform(
              tf.constant(new long[] {SIDE, SIDE}), type, RandomUniform.seed(1L));
      Op start =
          tf.assignVariableOp(
              handle, tf.math.mul(uniform, tf.dtypes.cast(tf.constant(2.0 / SIDE), type)));
      Operand<T> factor = tf.readVariableOp(handle, type);
      Operand<T> one = tf.linalg.matMul(factor, factor);
      Operand<T> many = one;
      for (int k = 1; k < CHAIN; k++) {
        many = tf.linalg.matMul(many, factor);
      }
      Operand<T> last = many;
      try (Session session = new Session(graph, device.config())) {
        session.runner().addTarget(start).run().close();
        double single = best(() -> session.runner().addTarget(one).run().close());
        return single > SHORT
            ? OPERATIONS / single
            : CHAIN * OPERATIONS / best(() -> session.runner().addTarget(last).run().close());
      }
    }
  }

  /**
   * Operations per second of OpenBLAS on the processor.
   *
   * @param threads 0 for as many as are set
   */
  public static double openBlas(Precision precision, int threads) {
    Blas.load();
    int before = Blas.threads();
    try {
      if (threads > 0) {
        Blas.setThreads(threads);
      }
      return precision == Precision.FLOAT32
          ? OPERATIONS / withMatrices(FloatPointer::new, GemmPeak::fill, GemmPeak::multiply)
          : OPERATIONS / withMatrices(DoublePointer::new, GemmPeak::fill, GemmPeak::multiply);
    } finally {
      Blas.setThreads(before);
    }
  }

  private interface Filling<P> {
    void fill(P matrix);
  }

  private interface Product<P> {
    void multiply(P a, P b, P c);
  }

  private static <P extends Pointer> double withMatrices(
      LongFunction<P> allocate, Filling<P> filling, Product<P> product) {
    long values = (long) SIDE * SIDE;
    try (P a = allocate.apply(values);
        P b = allocate.apply(values);
        P c = allocate.apply(values)) {
      filling.fill(a);
      filling.fill(b);
      return best(() -> product.multiply(a, b, c));
    }
  }

  private static void fill(FloatPointer matrix) {
    float[] row = new float[SIDE];
    for (int r = 0; r < SIDE; r++) {
      for (int c = 0; c < SIDE; c++) {
        row[c] = (float) entry(r, c);
      }
      matrix.getPointer((long) r * SIDE).put(row, 0, SIDE);
    }
  }

  private static void fill(DoublePointer matrix) {
    double[] row = new double[SIDE];
    for (int r = 0; r < SIDE; r++) {
      for (int c = 0; c < SIDE; c++) {
        row[c] = entry(r, c);
      }
      matrix.getPointer((long) r * SIDE).put(row, 0, SIDE);
    }
  }

  private static double entry(int row, int column) {
    return ((row * 31 + column * 17) % 1009) / 1009.0 - 0.5;
  }

  private static void multiply(FloatPointer a, FloatPointer b, FloatPointer c) {
    openblas.cblas_sgemm(
        openblas.CblasRowMajor,
        openblas.CblasNoTrans,
        openblas.CblasTrans,
        SIDE,
        SIDE,
        SIDE,
        1,
        a,
        SIDE,
        b,
        SIDE,
        0,
        c,
        SIDE);
  }

  private static void multiply(DoublePointer a, DoublePointer b, DoublePointer c) {
    openblas.cblas_dgemm(
        openblas.CblasRowMajor,
        openblas.CblasNoTrans,
        openblas.CblasTrans,
        SIDE,
        SIDE,
        SIDE,
        1,
        a,
        SIDE,
        b,
        SIDE,
        0,
        c,
        SIDE);
  }

  /** The least seconds of several runs, after one that does not count. */
  private static double best(Runnable work) {
    work.run();
    long begun = System.nanoTime();
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < MOST; k++) {
      long start = System.nanoTime();
      work.run();
      long end = System.nanoTime();
      least = Math.min(least, (end - start) * 1e-9);
      if (k + 1 >= FEWEST && (end - begun) * 1e-9 > BUDGET) {
        break;
      }
    }
    return least;
  }
}
