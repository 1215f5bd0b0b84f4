package org.tfjavantk.deepnarrow;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;

/**
 * Consecutive layers of one shape on one device. Their parameters are one variable (layer · trials
 * + trial, weights and a last row of biases, channels made); blocks of them are computed by graphs
 * that know the number of layers but not which ones, so that a thousand layers need the operations
 * of one block.
 */
final class LayerStack {
  private final Ops tf;
  private final DeepNarrow network;
  private final int count;
  private final int trials;
  private final int fanIn;
  private final int fanOut;
  private final boolean relu;
  private final Precision precision;
  private final VarHandleOp handle;
  private final Op zero;
  private final Placeholder<TInt32> index;
  private final Placeholder<TFloating> value;
  private final Op assign;
  private final Operand<TFloating> read;
  private final Map<Integer, LayerBlock> blocks = new HashMap<>();

  /**
   * @param layer any of its layers, which has their shape
   * @param count how many layers
   */
  LayerStack(
      Ops tf,
      String name,
      DeepNarrow network,
      int layer,
      int count,
      int trials,
      Precision precision) {
    this.tf = tf;
    this.network = network;
    this.count = count;
    this.trials = trials;
    this.fanIn = network.fanIn(layer);
    this.fanOut = network.fanOut(layer);
    this.relu = layer < network.depth();
    this.precision = precision;
    Shape shape = Shape.of((long) count * trials, rows(), fanOut);
    handle = tf.withName(name).varHandleOp(precision.type(), shape, VarHandleOp.sharedName(name));
    zero = tf.assignVariableOp(handle, tf.zeros(tf.constant(shape.asArray()), precision.type()));
    index = tf.placeholder(TInt32.class, Placeholder.shape(Shape.of(1)));
    value = placeholder(1, rows(), fanOut);
    assign = tf.resourceScatterUpdate(handle, index, value);
    read = tf.resourceGather(handle, index, floating(precision));
  }

  private int rows() {
    return network.image().taps() * fanIn + 1;
  }

  int count() {
    return count;
  }

  /** Sets all parameters to zero; before this the variable has no value. */
  void clear(Session session) {
    session.runner().addTarget(zero).run().close();
  }

  /** Sets the parameters of a layer, counted from 0 in this stack. */
  void assign(Session session, int layer, int trial, double[] values) {
    try (Tensor where = index(layer * trials + trial);
        Tensor what = Tensors.of(values, precision, 1, rows(), fanOut)) {
      session.runner().feed(index, where).feed(value, what).addTarget(assign).run().close();
    }
  }

  double[] values(Session session, int layer, int trial) {
    try (Tensor where = index(layer * trials + trial);
        var result = session.runner().feed(index, where).fetch(read).run()) {
      return Tensors.toDoubles(result.get(0));
    }
  }

  private static Tensor index(int at) {
    return TInt32.vectorOf(at);
  }

  /** The operations of {@code size} consecutive layers. */
  LayerBlock block(int size) {
    return blocks.computeIfAbsent(size, this::build);
  }

  private LayerBlock build(int size) {
    return new LayerBlock(
        tf, new LayerBlock.Frame(network, size, trials, fanIn, fanOut, relu, precision), handle);
  }

  private Placeholder<TFloating> placeholder(long... shape) {
    return tf.placeholder(floating(precision), Placeholder.shape(Shape.of(shape)));
  }

  @SuppressWarnings("unchecked")
  static Class<TFloating> floating(Precision precision) {
    return (Class<TFloating>) precision.type();
  }

  /** A run of layers of a stack. */
  record Block(LayerStack stack, int first, int size) {
    LayerBlock ops() {
      return stack.block(size);
    }
  }

  /** The stack in blocks of at most {@code largest} layers, of two sizes at most. */
  List<Block> split(int largest) {
    int pieces = (count + largest - 1) / largest;
    return IntStream.range(0, pieces)
        .mapToObj(
            i -> {
              int from = (int) ((long) count * i / pieces);
              return new Block(this, from, (int) ((long) count * (i + 1) / pieces) - from);
            })
        .toList();
  }
}
