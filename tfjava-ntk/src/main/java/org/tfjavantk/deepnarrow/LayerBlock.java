package org.tfjavantk.deepnarrow;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.transform.Transforms;

/**
 * The operations of a number of consecutive layers: forwards; backwards with a step of gradient
 * descent; and their part of the tangent kernel. Those backwards compute the block's activations
 * again, so that between blocks only its input is kept.
 */
final class LayerBlock {
  /**
   * What is built.
   *
   * @param relu whether a ReLU follows each layer
   */
  record Frame(
      DeepNarrow network,
      int size,
      int trials,
      int fanIn,
      int fanOut,
      boolean relu,
      Precision precision) {
    /** Dense layers have several trials as a batch axis; images have one trial. */
    boolean dense() {
      return network.image().equals(Image.POINT);
    }
  }

  /**
   * One layer.
   *
   * @param index where its parameters are in the variable
   * @param values its parameters
   */
  private record Layer(
      Operand<TInt32> index,
      Operand<TFloating> values,
      Operand<TFloating> x,
      Operand<TFloating> z) {}

  private record Backward(
      Placeholder<TFloating> delta,
      Placeholder<TFloating> rate,
      Operand<TNumber> below,
      List<Op> updates) {}

  private record Kernel(
      Placeholder<TFloating> delta,
      Placeholder<TInt32> rows,
      Operand<TNumber> below,
      Operand<TFloating> theta) {}

  private final Ops tf;
  private final Frame frame;
  private final Class<TFloating> type;
  private final VarHandleOp handle;
  private final Placeholder<TInt32> first;
  private final Placeholder<TFloating> x;
  private final List<Layer> layers = new ArrayList<>();
  private final Operand<TFloating> y;
  private Backward backward;
  private Kernel kernel;

  LayerBlock(Ops tf, Frame frame, VarHandleOp handle) {
    this.tf = tf;
    this.frame = frame;
    this.handle = handle;
    this.type = LayerStack.floating(frame.precision);
    first = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    x = placeholder(frame.fanIn);
    Operand<TFloating> a = x;
    for (int i = 0; i < frame.size; i++) {
      Layer layer = layer(i, a);
      layers.add(layer);
      a = frame.relu ? tf.nn.relu(layer.z) : layer.z;
    }
    y = a;
  }

  private Placeholder<TFloating> placeholder(int channels) {
    Image image = frame.network.image();
    Shape shape =
        frame.dense()
            ? Shape.of(frame.trials, -1, channels)
            : Shape.of(-1, image.height(), image.width(), channels);
    return tf.placeholder(type, Placeholder.shape(shape));
  }

  private Layer layer(int i, Operand<TFloating> a) {
    // A gather and a scatter for each layer: of a whole block, its parameters would be copied
    // again.
    Operand<TInt32> index =
        tf.math.add(
            tf.math.mul(first, tf.constant(frame.trials)),
            ints(IntStream.range(i * frame.trials, (i + 1) * frame.trials).toArray()));
    Operand<TFloating> values = tf.resourceGather(handle, index, type);
    if (frame.dense()) {
      // The last row of the parameters are the biases, which a column of ones reads.
      Operand<TInt32> shape = tf.stack(List.of(scalar(frame.trials), examples(a), scalar(1)));
      Operand<TFloating> ones = tf.fill(shape, tf.constant(type, 1));
      Operand<TFloating> z = product(tf.concat(List.of(a, ones), tf.constant(2)), values);
      return new Layer(index, values, a, z);
    }
    int kernel = frame.network.image().kernel();
    int rows = frame.network.image().taps() * frame.fanIn;
    Operand<TFloating> weights = tf.slice(values, ints(0, 0, 0), ints(1, rows, frame.fanOut));
    Operand<TFloating> biases = tf.slice(values, ints(0, rows, 0), ints(1, 1, frame.fanOut));
    Operand<TFloating> filter =
        tf.reshape(weights, ints(kernel, kernel, frame.fanIn, frame.fanOut));
    Operand<TFloating> map = tf.nn.conv2d(a, filter, List.of(1L, 1L, 1L, 1L), "SAME");
    return new Layer(index, values, a, tf.nn.biasAdd(map, tf.reshape(biases, ints(frame.fanOut))));
  }

  private Operand<TInt32> scalar(int value) {
    return tf.constant(value);
  }

  private Operand<TInt32> examples(Operand<TFloating> a) {
    return tf.squeeze(tf.slice(tf.shape(a), ints(1), ints(1)));
  }

  private Operand<TInt32> ints(int... values) {
    return tf.constant(values);
  }

  private Operand<TFloating> product(
      Operand<TFloating> a, Operand<TFloating> b, BatchMatMul.Options... how) {
    return tf.train.batchMatMul(a, b, type, how);
  }

  /** What the layers from {@code from} on make of x. The caller closes it. */
  Tensor forward(Session session, int from, Tensor input) {
    return run(session, from, input, session.runner().fetch(y)).get(0);
  }

  private List<Tensor> run(Session session, int from, Tensor input, Session.Runner runner) {
    try (Tensor at = TInt32.scalarOf(from)) {
      List<Tensor> values = new ArrayList<>();
      runner.feed(first, at).feed(x, input).run().forEach(entry -> values.add(entry.getValue()));
      return values;
    }
  }

  /**
   * Takes a step {@code w −= rate ∂loss/∂w} in all layers of the block.
   *
   * @param delta derivative of the loss by what the block makes
   * @return the derivative by what it reads. The caller closes it.
   */
  Tensor descend(Session session, int from, Tensor input, Tensor delta, double rate) {
    if (backward == null) {
      backward = backward();
    }
    try (Tensor step = Tensors.of(new double[] {rate}, frame.precision)) {
      Session.Runner runner =
          session
              .runner()
              .feed(backward.delta, delta)
              .feed(backward.rate, step)
              .fetch(backward.below);
      backward.updates.forEach(runner::addTarget);
      return run(session, from, input, runner).get(0);
    }
  }

  private Backward backward() {
    Placeholder<TFloating> delta = placeholder(frame.fanOut);
    Placeholder<TFloating> rate = tf.placeholder(type, Placeholder.shape(Shape.scalar()));
    List<Operand<?>> by = new ArrayList<>();
    layers.forEach(layer -> by.add(layer.values));
    by.add(x);
    List<Operand<TNumber>> gradients = Transforms.vjp(tf, List.of(y), by, List.of(delta));
    List<Op> updates = new ArrayList<>();
    for (int i = 0; i < frame.size; i++) {
      Operand<TFloating> change = tf.math.mul(rate, floating(gradients.get(i)));
      updates.add(tf.resourceScatterSub(handle, layers.get(i).index, change));
    }
    return new Backward(delta, rate, gradients.get(frame.size), updates);
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloating> floating(Operand<?> operand) {
    return (Operand<TFloating>) operand;
  }

  /**
   * The block's part of the kernel: what it adds to the products of the derivatives of all signals.
   *
   * @param below the derivative of each signal by what the block reads
   * @param theta (trial, row, column) products of the first signals with all. The caller closes
   *     both
   */
  record Part(Tensor below, Tensor theta) {}

  /**
   * One output of one example is one signal.
   *
   * @param delta its derivative by what the block makes
   * @param rows how many of the signals are rows
   */
  Part kernel(Session session, int from, Tensor input, Tensor delta, int rows) {
    if (kernel == null) {
      kernel = kernel();
    }
    try (Tensor count = TInt32.scalarOf(rows)) {
      Session.Runner runner =
          session
              .runner()
              .feed(kernel.delta, delta)
              .feed(kernel.rows, count)
              .fetch(kernel.below)
              .fetch(kernel.theta);
      List<Tensor> values = run(session, from, input, runner);
      return new Part(values.get(0), values.get(1));
    }
  }

  private Kernel kernel() {
    Placeholder<TFloating> delta = placeholder(frame.fanOut);
    Placeholder<TInt32> rows = tf.placeholder(TInt32.class, Placeholder.shape(Shape.scalar()));
    List<Operand<?>> by = new ArrayList<>();
    layers.forEach(layer -> by.add(layer.z));
    by.add(x);
    List<Operand<TNumber>> signals = Transforms.vjp(tf, List.of(y), by, List.of(delta));
    Operand<TFloating> theta = null;
    for (int i = 0; i < frame.size; i++) {
      Operand<TFloating> d = floating(signals.get(i));
      Operand<TFloating> a = layers.get(i).x;
      Operand<TFloating> part = frame.dense() ? dense(a, d, rows) : image(a, d, rows);
      theta = theta == null ? part : tf.math.add(theta, part);
    }
    return new Kernel(delta, rows, signals.get(frame.size), theta);
  }

  /** {@code (δ(x) · δ(y)) (a(x) · a(y) + 1)}. */
  private Operand<TFloating> dense(
      Operand<TFloating> a, Operand<TFloating> d, Operand<TInt32> rows) {
    Operand<TFloating> one = tf.constant(type, 1);
    return tf.math.mul(
        product(first(d, rows), d, BatchMatMul.adjY(true)),
        tf.math.add(product(first(a, rows), a, BatchMatMul.adjY(true)), one));
  }

  private Operand<TFloating> first(Operand<TFloating> a, Operand<TInt32> rows) {
    Operand<TInt32> size = tf.stack(List.of(tf.constant(-1), rows, tf.constant(-1)));
    return tf.slice(a, ints(0, 0, 0), size);
  }

  /** Derivatives by the filter, {@code Σ_p patch_p ⊗ δ_p}, and the biases; then their products. */
  private Operand<TFloating> image(
      Operand<TFloating> a, Operand<TFloating> d, Operand<TInt32> rows) {
    Image image = frame.network.image();
    long side = image.kernel();
    int size = image.taps() * frame.fanIn;
    Operand<TFloating> patches =
        tf.reshape(
            tf.image.extractImagePatches(
                a,
                List.of(1L, side, side, 1L),
                List.of(1L, 1L, 1L, 1L),
                List.of(1L, 1L, 1L, 1L),
                "SAME"),
            ints(-1, image.positions(), size));
    Operand<TFloating> deltas = tf.reshape(d, ints(-1, image.positions(), frame.fanOut));
    Operand<TFloating> filters =
        tf.reshape(
            product(patches, deltas, BatchMatMul.adjX(true)), ints(1, -1, size * frame.fanOut));
    Operand<TFloating> biases = tf.expandDims(tf.sum(deltas, tf.constant(1)), tf.constant(0));
    Operand<TFloating> jacobian = tf.concat(List.of(filters, biases), tf.constant(2));
    return product(first(jacobian, rows), jacobian, BatchMatMul.adjY(true));
  }
}
