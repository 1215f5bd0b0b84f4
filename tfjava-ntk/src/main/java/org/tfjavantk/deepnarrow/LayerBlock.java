package org.tfjavantk.deepnarrow;

import java.util.ArrayList;
import java.util.List;
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

  private record Layer(
      Operand<TFloating> x,
      Operand<TFloating> weights,
      Operand<TFloating> biases,
      Operand<TFloating> z) {}

  private record Backward(
      Placeholder<TFloating> delta,
      Placeholder<TFloating> rate,
      Operand<TNumber> below,
      Op update) {}

  private record Kernel(
      Placeholder<TFloating> delta,
      Placeholder<TInt32> rows,
      Operand<TNumber> below,
      Operand<TFloating> theta) {}

  private final Ops tf;
  private final Frame frame;
  private final VarHandleOp handle;
  private final Placeholder<TInt32> first;
  private final Operand<TInt32> indices;
  private final Placeholder<TFloating> x;
  private final List<Layer> layers = new ArrayList<>();
  private final Operand<TFloating> y;
  private Backward backward;
  private Kernel kernel;

  LayerBlock(
      Ops tf, Frame frame, VarHandleOp handle, Placeholder<TInt32> first, Operand<TInt32> indices) {
    this.tf = tf;
    this.frame = frame;
    this.handle = handle;
    this.first = first;
    this.indices = indices;
    x = placeholder(frame.fanIn);
    Operand<TFloating> values =
        tf.resourceGather(handle, indices, LayerStack.floating(frame.precision));
    Operand<TFloating> a = x;
    for (int i = 0; i < frame.size; i++) {
      Layer layer = layer(values, i, a);
      layers.add(layer);
      a = frame.relu ? tf.nn.relu(layer.z) : layer.z;
    }
    y = tf.identity(a); // of its own name also where it is fed elsewhere
  }

  private Placeholder<TFloating> placeholder(int channels) {
    Image image = frame.network.image();
    Shape shape =
        frame.dense()
            ? Shape.of(frame.trials, -1, channels)
            : Shape.of(-1, image.height(), image.width(), channels);
    return tf.placeholder(LayerStack.floating(frame.precision), Placeholder.shape(shape));
  }

  private Layer layer(Operand<TFloating> values, int i, Operand<TFloating> a) {
    int trials = frame.trials;
    int rows = frame.network.image().taps() * frame.fanIn;
    int kernel = frame.network.image().kernel();
    Operand<TFloating> w =
        tf.slice(values, ints(i * trials, 0, 0), ints(trials, rows, frame.fanOut));
    Operand<TFloating> b =
        tf.slice(values, ints(i * trials, rows, 0), ints(trials, 1, frame.fanOut));
    Operand<TFloating> z;
    if (frame.dense()) {
      z = tf.math.add(product(a, w), b);
    } else {
      Operand<TFloating> filter = tf.reshape(w, ints(kernel, kernel, frame.fanIn, frame.fanOut));
      Operand<TFloating> map = tf.nn.conv2d(a, filter, List.of(1L, 1L, 1L, 1L), "SAME");
      z = tf.nn.biasAdd(map, tf.reshape(b, ints(frame.fanOut)));
    }
    return new Layer(a, w, b, z);
  }

  private Operand<TInt32> ints(int... values) {
    return tf.constant(values);
  }

  private Operand<TFloating> product(
      Operand<TFloating> a, Operand<TFloating> b, BatchMatMul.Options... how) {
    return tf.train.batchMatMul(a, b, LayerStack.floating(frame.precision), how);
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
              .addTarget(backward.update)
              .fetch(backward.below);
      return run(session, from, input, runner).get(0);
    }
  }

  private Backward backward() {
    Placeholder<TFloating> delta = placeholder(frame.fanOut);
    Placeholder<TFloating> rate =
        tf.placeholder(LayerStack.floating(frame.precision), Placeholder.shape(Shape.scalar()));
    List<Operand<?>> by = new ArrayList<>();
    layers.forEach(layer -> by.addAll(List.of(layer.weights, layer.biases)));
    by.add(x);
    List<Operand<TNumber>> gradients = Transforms.vjp(tf, List.of(y), by, List.of(delta));
    // By layers and not by the variable: derivatives of slices are as large as the whole.
    List<Operand<TFloating>> changes = new ArrayList<>();
    for (int i = 0; i < frame.size; i++) {
      changes.add(
          tf.concat(
              List.of(floating(gradients.get(2 * i)), floating(gradients.get(2 * i + 1))),
              tf.constant(1)));
    }
    Operand<TFloating> all =
        changes.size() == 1 ? changes.get(0) : tf.concat(changes, tf.constant(0));
    Op update = tf.resourceScatterSub(handle, indices, tf.math.mul(rate, all));
    return new Backward(delta, rate, gradients.get(2 * frame.size), update);
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
    Operand<TFloating> one = tf.constant(LayerStack.floating(frame.precision), 1);
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
