package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.config.proto.RidgeGrid;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.data.Augmentation;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.train.Loss;
import org.tfjavantk.train.Optimizer;
import org.tfjavantk.train.Schedule;
import org.tfjavantk.train.TrainSpec;

class BuildTest {
  private static Run run(String rest) {
    String text = "name: \"b\" seed: 4 dataset { circle {} train: 4 test: 4 } " + rest;
    return Defaults.resolve(ConfigReader.parse("b.textproto", text, List.of()));
  }

  private static RidgeGrid grid(double from, double to, int count) {
    return RidgeGrid.newBuilder().setFrom(from).setTo(to).setCount(count).build();
  }

  @Test
  void ridgesAreEvenInTheLogarithmAndEndAsWritten() {
    double[] ridges = Build.ridges(grid(1e-6, 10, 15));
    assertEquals(15, ridges.length);
    assertEquals(1e-6, ridges[0]);
    assertEquals(10, ridges[14]);
    for (int i = 1; i < 15; i++) {
      assertEquals(Math.sqrt(10), ridges[i] / ridges[i - 1], 1e-12);
    }
    assertArrayEquals(new double[] {3e-5}, Build.ridges(grid(3e-5, 7, 1)));
    assertArrayEquals(new double[] {3e-5, 7}, Build.ridges(grid(3e-5, 7, 2)));
    RidgeGrid own = grid(1, 2, 3).toBuilder().addValues(5).addValues(0).addValues(1).build();
    assertArrayEquals(new double[] {0, 1, 5}, Build.ridges(own));
  }

  @Test
  void anMlpHasTheWidthsOfTheConfig() {
    Parametrization standard = Parametrization.STANDARD;
    String step = "step { empirical_kernel {} } network { mlp { %s } }";
    assertEquals(
        Networks.mlp(List.of(1024, 1024), Activation.RELU, 2, standard),
        Build.network(run(step.formatted("")), 2));
    assertEquals(
        Networks.mlp(List.of(3, 5), Activation.GELU, 2, standard),
        Build.network(run(step.formatted("hidden: [3, 5] activation: GELU")), 2));
  }

  @Test
  void everyActivationOfTheConfigIsOneOfTheGraphs() {
    for (var name : org.tfjavantk.config.proto.Activation.values()) {
      String network = "network { two_layer { width: 4 activation: " + name + " } }";
      assertEquals(
          Networks.twoLayer(4, Activation.NAMED.get(name.name()), 2, Parametrization.STANDARD),
          Build.network(run("step { empirical_kernel {} } " + network), 2));
    }
    assertEquals(Activation.NAMED.size(), org.tfjavantk.config.proto.Activation.values().length);
  }

  @Test
  void theParametrizationAndTheOutputsReachTheNetwork() {
    String network =
        "network { logistic {} outputs: 7 parametrization: NTK weight_std: 1.5 bias_std: 0.1 }";
    assertEquals(
        Networks.logistic(7, new Parametrization.Ntk(1.5, 0.1)),
        Build.network(run("step { empirical_kernel {} } " + network), 2));
  }

  @Test
  void aTrainingTakesTheRulesOfTheConfig() {
    Run run =
        run(
            "network { logistic {} } step { train { epochs: 3 batch_size: 5 loss: MSE"
                + " sgd { learning_rate: 0.2 momentum: 0.5 weight_decay: 1e-3 schedule: CONSTANT }"
                + " stop_at_accuracy: 0.9 augment { rotate: 20 crop_padding: 4 flip: true } } }"
                + " step { train { adam {} } }");
    TrainSpec sgd = Build.train(run, run.getStep(0).getTrain(), 3);
    assertEquals(new Optimizer.Sgd(0.2, 0.5, 1e-3, Schedule.CONSTANT), sgd.optimizer());
    assertEquals(new Augmentation(20, 4, true), sgd.augmentation());
    assertEquals(Loss.MSE, sgd.loss());
    assertEquals(List.of(3, 5), List.of(sgd.epochs(), sgd.batchSize()));
    assertEquals(0.9, sgd.stopAtAccuracy());
    assertEquals(4, sgd.seed());
    assertArrayEquals(new double[3], sgd.outside());
    TrainSpec adam = Build.train(run, run.getStep(1).getTrain(), 1);
    assertEquals(
        new Optimizer.Adam(1e-3, 0.9, 0.999, 1e-8, 0, Schedule.CONSTANT), adam.optimizer());
    assertEquals(Augmentation.none(), adam.augmentation());
  }
}
