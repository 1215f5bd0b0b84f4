package org.tfjavantk.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Op;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.op.core.VarHandleOp;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;
import org.tensorflow.types.family.TType;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.LayerGraph;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.transform.Transforms;

/** The operations of one training step and of an evaluation, in the model's graph. */
final class TrainGraph {
  /** Sum of the loss over the batch, and the number of right answers. */
  record Score(double loss, long correct) {}

  private record Slot(
      String name,
      int[] shape,
      Operand<? extends TType> handle,
      Operand<TFloating> value,
      Op assign) {}

  private final GraphModel model;
  private final Ops tf;
  private final Operand<TFloating> input;
  private final Placeholder<TInt32> labels;
  private final Placeholder<TFloating> learningRate;
  private final Placeholder<TFloating> assigned;
  private final List<Slot> slots = new ArrayList<>();
  private final List<Op> updates = new ArrayList<>();
  private final Measured training;
  private final Measured inference;

  private record Measured(
      Operand<TFloating> mean, Operand<TFloating> sum, Operand<TInt64> correct) {}

  TrainGraph(GraphModel model, Loss loss, Optimizer optimizer) {
    this.model = model;
    this.tf = model.tf();
    labels = tf.withName("labels").placeholder(TInt32.class, Placeholder.shape(Shape.of(-1)));
    learningRate =
        tf.withName("learning_rate").placeholder(model.type(), Placeholder.shape(Shape.scalar()));
    assigned = tf.placeholder(model.type());
    LayerGraph forward = model.trainingGraph();
    input = floating(model.onlyInput().placeholder());
    training = measure(forward.apply(input), loss);
    inference = measure(model.output(), loss);
    updates.addAll(forward.statisticsUpdates());
    addUpdates(optimizer);
  }

  @SuppressWarnings("unchecked")
  private static Operand<TFloating> floating(Operand<?> operand) {
    return (Operand<TFloating>) operand;
  }

  private Measured measure(Operand<TFloating> f, Loss loss) {
    Operand<TFloating> target =
        tf.oneHot(labels, tf.constant(model.outputs()), scalar(1), scalar(0));
    Operand<TFloating> perExample =
        switch (loss) {
            // Written out: the fused operation has no gradient in float64.
          case CROSS_ENTROPY ->
              tf.math.neg(tf.sum(tf.math.mul(target, tf.nn.logSoftmax(f)), tf.constant(1)));
          case MSE -> {
            Operand<TFloating> squares = tf.math.squaredDifference(f, target);
            yield tf.math.mul(tf.sum(squares, tf.constant(1)), scalar(0.5));
          }
        };
    Operand<TInt64> found = tf.math.argMax(f, tf.constant(1));
    Operand<TInt64> wanted = tf.dtypes.cast(labels, TInt64.class);
    Operand<TInt64> right = tf.dtypes.cast(tf.math.equal(found, wanted), TInt64.class);
    return new Measured(
        tf.math.mean(perExample, tf.constant(0)),
        tf.sum(perExample, tf.constant(0)),
        tf.sum(right, tf.constant(0)));
  }

  private void addUpdates(Optimizer optimizer) {
    List<Parameter> parameters = model.parameters();
    List<Operand<?>> by = new ArrayList<>();
    parameters.forEach(parameter -> by.add(parameter.value()));
    List<Operand<TNumber>> gradients =
        Transforms.vjp(tf, List.of(training.mean), by, List.of(tf.onesLike(training.mean)));
    Operand<TFloating> step = null;
    if (optimizer instanceof Optimizer.Adam) {
      Slot t = slot("step", new int[0]);
      step = tf.math.add(t.value, scalar(1));
      updates.add(tf.assignVariableOp(t.handle, step));
    }
    for (int k = 0; k < by.size(); k++) {
      @SuppressWarnings("unchecked")
      Operand<TFloating> gradient = (Operand<TFloating>) (Operand<?>) gradients.get(k);
      Parameter w = parameters.get(k);
      Operand<TFloating> g = gradient;
      if (optimizer.weightDecay() != 0) {
        g = tf.math.add(g, tf.math.mul(w.value(), scalar(optimizer.weightDecay())));
      }
      Operand<TFloating> change =
          optimizer instanceof Optimizer.Adam adam
              ? adam(adam, w, g, step)
              : sgd((Optimizer.Sgd) optimizer, w, g);
      updates.add(
          tf.assignVariableOp(
              w.handle(), tf.math.sub(w.value(), tf.math.mul(learningRate, change))));
    }
  }

  private Operand<TFloating> sgd(Optimizer.Sgd sgd, Parameter w, Operand<TFloating> g) {
    if (sgd.momentum() == 0) {
      return g;
    }
    Slot v = slot("momentum/" + w.name(), w.spec().shape());
    Operand<TFloating> moved = tf.math.add(tf.math.mul(v.value, scalar(sgd.momentum())), g);
    updates.add(tf.assignVariableOp(v.handle, moved));
    return moved;
  }

  private Operand<TFloating> adam(
      Optimizer.Adam adam, Parameter w, Operand<TFloating> g, Operand<TFloating> step) {
    Operand<TFloating> m = average("m/" + w.name(), w, g, adam.beta1());
    Operand<TFloating> v = average("v/" + w.name(), w, tf.math.square(g), adam.beta2());
    Operand<TFloating> mHat = tf.math.div(m, correction(adam.beta1(), step));
    Operand<TFloating> vHat = tf.math.div(v, correction(adam.beta2(), step));
    return tf.math.div(mHat, tf.math.add(tf.math.sqrt(vHat), scalar(adam.epsilon())));
  }

  /** slot ← β slot + (1−β) x. */
  private Operand<TFloating> average(String name, Parameter w, Operand<TFloating> x, double beta) {
    Slot slot = slot(name, w.spec().shape());
    Operand<TFloating> moved =
        tf.math.add(tf.math.mul(slot.value, scalar(beta)), tf.math.mul(x, scalar(1 - beta)));
    updates.add(tf.assignVariableOp(slot.handle, moved));
    return moved;
  }

  /** 1 − βᵗ. */
  private Operand<TFloating> correction(double beta, Operand<TFloating> step) {
    return tf.math.sub(scalar(1), tf.math.pow(scalar(beta), step));
  }

  private Slot slot(String name, int[] shape) {
    String node = "slot." + name.replace('/', '.');
    var handle =
        tf.withName(node)
            .varHandleOp(model.type(), Shape.of(Shapes.longs(shape)), VarHandleOp.sharedName(node));
    Operand<TFloating> value = tf.readVariableOp(handle, model.type());
    Slot slot = new Slot(name, shape, handle, value, tf.assignVariableOp(handle, assigned));
    slots.add(slot);
    return slot;
  }

  private Operand<TFloating> scalar(double value) {
    return tf.constant(model.type(), value);
  }

  /** Moves the parameters by one batch. */
  Score train(Tensor x, TInt32 y, double rate) {
    try (Tensor eta = Tensors.of(new double[] {rate}, model.precision())) {
      Session.Runner runner = runner(x, y, training).feed(learningRate, eta);
      updates.forEach(runner::addTarget);
      return score(runner);
    }
  }

  /** Measures one batch in inference mode. */
  Score evaluate(Tensor x, TInt32 y) {
    return score(runner(x, y, inference));
  }

  private Session.Runner runner(Tensor x, TInt32 y, Measured what) {
    return model
        .session()
        .runner()
        .feed(input, x)
        .feed(labels, y)
        .fetch(what.sum)
        .fetch(what.correct);
  }

  private static Score score(Session.Runner runner) {
    try (var result = runner.run()) {
      return new Score(Tensors.toDoubles(result.get(0))[0], ((TInt64) result.get(1)).getLong());
    }
  }

  /** The optimizer's variables by name. */
  Map<String, double[]> slots() {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Slot slot : slots) {
      try (var result = model.session().runner().fetch(slot.value).run()) {
        values.put(slot.name, Tensors.toDoubles(result.get(0)));
      }
    }
    return values;
  }

  /** Sets the optimizer's variables; those not given become 0. */
  void assignSlots(Map<String, double[]> values) {
    for (Slot slot : slots) {
      double[] value = values.getOrDefault(slot.name, new double[Shapes.size(slot.shape)]);
      try (Tensor tensor = Tensors.of(value, model.precision(), Shapes.longs(slot.shape))) {
        model.session().runner().feed(assigned, tensor).addTarget(slot.assign).run().close();
      }
    }
  }
}
