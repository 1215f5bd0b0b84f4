package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.tensorflow.Operand;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.GraphModel;

/**
 * The factors of some examples in variables on a device.
 *
 * @param factors of every part the gradients (n·o, size), or inputs and cotangents (n, D, o, C)
 * @param begin computes the factors of the examples that are fed, in place of those that are there
 * @param append adds those of the examples that are fed
 * @param clear leaves none
 */
record DevicePanel(
    List<List<Operand<TFloating>>> factors,
    Operand<TFloating> begin,
    Operand<TFloating> append,
    Operand<TFloating> clear) {
  private static final AtomicLong NUMBER = new AtomicLong();

  static DevicePanel of(Replica replica, List<Part> parts) {
    GraphModel model = replica.model();
    Ops tf = model.tf();
    List<List<Operand<TFloating>>> factors = new ArrayList<>();
    List<Op> begin = new ArrayList<>();
    List<Op> append = new ArrayList<>();
    List<Op> clear = new ArrayList<>();
    int k = 0;
    for (Part part : parts) {
      List<Operand<TFloating>> own = new ArrayList<>();
      for (int i = 0; i < (part.layer().isPresent() ? 2 : 1); i++) {
        Operand<TFloating> factor = replica.factors().get(k++);
        Operand<?> handle =
            tf.varHandleOp(
                model.type(),
                Shape.unknown(),
                VarHandleOp.sharedName("panel/" + NUMBER.getAndIncrement()));
        Operand<TFloating> there = tf.readVariableOp(handle, model.type());
        begin.add(tf.assignVariableOp(handle, factor));
        append.add(tf.assignVariableOp(handle, tf.concat(List.of(there, factor), tf.constant(0))));
        clear.add(tf.assignVariableOp(handle, tf.zeros(tf.constant(new int[] {0}), model.type())));
        own.add(tf.reshape(there, tf.constant(anyNumberOf(factor.shape()))));
      }
      factors.add(own);
    }
    return new DevicePanel(
        factors,
        after(tf, begin, model.output()),
        after(tf, append, model.output()),
        after(tf, clear, tf.dtypes.cast(tf.constant(0f), model.type())));
  }

  private static Operand<TFloating> after(Ops tf, List<Op> before, Operand<TFloating> value) {
    return tf.withControlDependencies(before).identity(value);
  }

  private static long[] anyNumberOf(Shape shape) {
    long[] sizes = shape.asArray();
    sizes[0] = -1;
    if (Arrays.stream(sizes).skip(1).anyMatch(size -> size < 0)) {
      throw new IllegalArgumentException("a factor has shape " + shape);
    }
    return sizes;
  }
}
