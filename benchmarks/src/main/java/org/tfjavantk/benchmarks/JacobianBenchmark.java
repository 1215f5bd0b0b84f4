package org.tfjavantk.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.transform.Transforms;

/**
 * The Jacobian of every example by itself: LeNet with 62,006 parameters and 10 outputs, 256 images
 * 32×32×3, float32, against vmap(jacrev) of PyTorch.
 */
final class JacobianBenchmark implements Benchmark {
  private static final int EXAMPLES = 256;
  private static final int WARM_UPS = 2;
  private static final String OURS = "tfjava-ntk";
  private static final String THEIRS = "functorch";

  private final Path peers;

  JacobianBenchmark(Path peers) {
    this.peers = peers;
  }

  @Override
  public Report run(int rounds) {
    try (GraphModel model =
            Networks.lenet(10, Parametrization.STANDARD)
                .build(new int[] {32, 32, 3}, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        Tensor x = model.inputTensor(images(), EXAMPLES)) {
      List<Operand<?>> theta = new ArrayList<>();
      model.parameters().forEach(parameter -> theta.add(parameter.value()));
      Operand<?> input = model.onlyInput().placeholder();
      List<Operand<TNumber>> jacobian =
          Transforms.jacobianPerExample(model.tf(), model.output(), List.of(input), theta);
      Runnable ours =
          () -> {
            Session.Runner runner = model.session().runner().feed(input, x);
            jacobian.forEach(runner::fetch);
            runner.run().close();
          };
      double bytes = 4.0 * EXAMPLES * model.outputs() * model.parameterCount();
      Contest contest = new Contest().with(OURS, Contest.Contestant.of(ours));
      Path script = peers.resolve("functorch_jacobian.py");
      try (Peer peer = Peer.start(script, Integer.toString(EXAMPLES))) {
        if (peer.ready()) {
          contest.with(THEIRS, peer::run);
        }
        Report report = report(contest.run(WARM_UPS, rounds), bytes);
        return peer.ready() ? report : report.note("functorch was left out: " + peer.trouble());
      }
    }
  }

  private static Report report(Map<String, Timings> timings, double bytes) {
    Report report =
        new Report("Jacobians of LeNet, " + EXAMPLES + " examples by themselves, float32")
            .columns("GB/s written", "x tfjava-ntk", "x (least)");
    Timings ours = timings.get(OURS);
    timings.forEach(
        (name, t) ->
            report.row(
                t,
                1e-9 * bytes / t.median(),
                t.median() / ours.median(),
                t.least() / ours.least()));
    return report;
  }

  private static double[] images() {
    double[] values = new double[EXAMPLES * 32 * 32 * 3];
    RandomStream stream = RandomStream.of(3, "images");
    for (int i = 0; i < values.length; i++) {
      values[i] = stream.normal(i);
    }
    return values;
  }
}
