package org.tfjavantk.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.transform.Transforms;

/**
 * What derivatives of a ResNet-18 cost, as multiples of the forward pass: batches of 32 images
 * 32×32×3, float32.
 */
final class TransformsBenchmark implements Benchmark {
  private static final int BATCH = 32;
  private static final int WIDTH = 64;
  private static final int WARM_UPS = 2;

  @Override
  public Report run(int rounds) {
    try (GraphModel model =
            Networks.resnet18(WIDTH, 10, Parametrization.STANDARD)
                .build(new int[] {32, 32, 3}, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        Feeds feeds = new Feeds(model)) {
      Ops tf = model.tf();
      List<Operand<?>> f = List.of(model.output());
      List<Operand<?>> x = List.of(model.onlyInput().placeholder());
      List<Operand<?>> theta = new ArrayList<>();
      model.parameters().forEach(parameter -> theta.add(parameter.value()));
      feeds.add(x.get(0), BATCH, 32, 32, 3);
      Operand<?> u = feeds.placeholder(f.get(0), BATCH, 10);
      Operand<?> dx = feeds.placeholder(x.get(0), BATCH, 32, 32, 3);
      List<Operand<?>> v = new ArrayList<>();
      for (Parameter parameter : model.parameters()) {
        v.add(feeds.placeholder(parameter.value(), parameter.value().shape().asArray()));
      }
      Operand<TNumber> labels = number(feeds.placeholder(f.get(0), BATCH, 10));
      Operand<TNumber> losses =
          tf.nn.softmaxCrossEntropyWithLogits(number(f.get(0)), labels).loss();
      Operand<TNumber> loss = tf.sum(losses, tf.constant(0));
      Operand<?>[] parameters = theta.toArray(Operand<?>[]::new);

      Map<String, List<? extends Operand<?>>> fetches = new LinkedHashMap<>();
      fetches.put("forward", f);
      fetches.put("jvp by input", both(f, Transforms.jvp(tf, f, x, List.of(dx))));
      fetches.put("jvp by parameters", both(f, Transforms.jvp(tf, f, theta, v)));
      fetches.put("vjp by parameters", Transforms.vjp(tf, f, theta, List.of(u)));
      fetches.put("addGradients of TensorFlow", tensorFlows(model, f.get(0), u, parameters));
      fetches.put("hvp by parameters", Transforms.hvp(tf, loss, theta, v));

      Contest contest = new Contest();
      fetches.forEach(
          (name, operands) -> contest.with(name, Contest.Contestant.of(() -> feeds.run(operands))));
      Map<String, Timings> timings = contest.run(WARM_UPS, rounds);
      MultiplyAdds needed = MultiplyAdds.of(f.get(0), theta, BATCH);
      return report(timings, needed);
    }
  }

  private static Report report(Map<String, Timings> timings, MultiplyAdds needed) {
    Map<String, Long> work = new LinkedHashMap<>();
    work.put("forward", needed.forward());
    work.put("jvp by input", needed.jvpByInput());
    work.put("jvp by parameters", needed.jvpByParameters());
    work.put("vjp by parameters", needed.vjpByParameters());
    work.put("addGradients of TensorFlow", needed.vjpByParameters());
    work.put("hvp by parameters", needed.hvpByParameters());
    Report report =
        new Report("ResNet-18 of width " + WIDTH + ", batch " + BATCH + ", float32")
            .columns("x forward", "x forward (least)", "floor", "GFLOP/s");
    Timings forward = timings.get("forward");
    work.forEach(
        (name, multiplyAdds) -> {
          Timings timing = timings.get(name);
          report.row(
              timing,
              timing.median() / forward.median(),
              timing.least() / forward.least(),
              (double) multiplyAdds / needed.forward(),
              2e-9 * multiplyAdds / timing.median());
        });
    return report;
  }

  private static List<Operand<?>> both(
      List<? extends Operand<?>> f, List<? extends Operand<?>> more) {
    List<Operand<?>> all = new ArrayList<>(f);
    all.addAll(more);
    return all;
  }

  private static List<Operand<?>> tensorFlows(
      GraphModel model, Operand<?> f, Operand<?> u, Operand<?>[] theta) {
    Output<?>[] outputs = new Output<?>[theta.length];
    for (int i = 0; i < theta.length; i++) {
      outputs[i] = theta[i].asOutput();
    }
    return List.of(
        model
            .graph()
            .addGradients(
                "gradients",
                new Output<?>[] {f.asOutput()},
                outputs,
                new Output<?>[] {u.asOutput()}));
  }

  /** Random tensors for all placeholders. */
  private static final class Feeds implements AutoCloseable {
    private final GraphModel model;
    private final Map<Operand<?>, Tensor> tensors = new LinkedHashMap<>();

    Feeds(GraphModel model) {
      this.model = model;
    }

    /** A new placeholder of the type of an operand. */
    Operand<?> placeholder(Operand<?> like, long... shape) {
      Operand<?> placeholder =
          model.tf().placeholder(number(like).type(), Placeholder.shape(like.shape()));
      add(placeholder, shape);
      return placeholder;
    }

    void add(Operand<?> placeholder, long... shape) {
      double[] values = new double[Math.toIntExact(Shape.of(shape).size())];
      RandomStream stream = RandomStream.of(2, "feed " + tensors.size());
      for (int i = 0; i < values.length; i++) {
        values[i] = stream.normal(i);
      }
      tensors.put(placeholder, Tensors.of(values, TFloat32.class, shape));
    }

    void run(List<? extends Operand<?>> fetches) {
      Session.Runner runner = model.session().runner();
      tensors.forEach(runner::feed);
      fetches.forEach(runner::fetch);
      runner.run().close();
    }

    @Override
    public void close() {
      tensors.values().forEach(Tensor::close);
    }
  }

  @SuppressWarnings("unchecked")
  private static Operand<TNumber> number(Operand<?> operand) {
    return (Operand<TNumber>) operand;
  }
}
