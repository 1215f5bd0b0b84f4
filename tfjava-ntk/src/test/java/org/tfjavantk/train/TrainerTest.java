package org.tfjavantk.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.data.Augmentation;
import org.tfjavantk.data.Dataset;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

class TrainerTest {
  private static final Augmentation NONE = new Augmentation(0, 0, false);
  private static final TrainListener SILENT =
      new TrainListener() {
        @Override
        public void batch(int epoch, int examples, int total) {}

        @Override
        public void epoch(EpochMetrics metrics) {}
      };

  @TempDir Path dir;

  /** Random points with random labels. */
  private record Noise(int count, int[] shape, int classes, RandomStream stream)
      implements Examples {
    @Override
    public int label(int i) {
      return stream.integer(1_000_000 + i, classes);
    }

    @Override
    public void read(int i, double[] into, int offset) {
      for (int k = 0; k < size(); k++) {
        into[offset + k] = stream.normal((long) i * size() + k);
      }
    }
  }

  private static Dataset noise(int train, int test, int classes, int... shape) {
    List<String> names =
        java.util.stream.IntStream.range(0, classes).mapToObj(c -> "c" + c).toList();
    return new Dataset(
        "noise",
        names,
        new Noise(train, shape, classes, RandomStream.of(1, "train")),
        new Noise(0, shape, classes, RandomStream.of(1, "validation")),
        new Noise(test, shape, classes, RandomStream.of(1, "test")));
  }

  private static GraphModel logistic(int inputs, int outputs) {
    return Networks.logistic(outputs, Parametrization.STANDARD)
        .build(new int[] {inputs}, Precision.FLOAT64, 3, DeviceChoice.AUTO);
  }

  private static TrainSpec spec(int epochs, int batch, Loss loss, Optimizer optimizer) {
    return new TrainSpec(epochs, batch, loss, optimizer, 0, NONE, new double[1], 11);
  }

  /** Full-batch softmax regression, written out in plain Java. */
  private interface Rule {
    void move(double[] w, double[] g, int step);
  }

  private static double[] plainLogistic(
      double[] w, Examples x, int outputs, Loss loss, int steps, double decay, Rule rule) {
    int d = x.size();
    double[] in = new double[d];
    for (int step = 0; step < steps; step++) {
      double[] g = new double[w.length];
      for (int i = 0; i < x.count(); i++) {
        x.read(i, in, 0);
        double[] f = new double[outputs];
        double sum = 0;
        for (int c = 0; c < outputs; c++) {
          f[c] = w[d * outputs + c];
          for (int k = 0; k < d; k++) {
            f[c] += in[k] * w[k * outputs + c];
          }
          sum += Math.exp(f[c]);
        }
        for (int c = 0; c < outputs; c++) {
          double target = x.label(i) == c ? 1 : 0;
          double delta = (loss == Loss.MSE ? f[c] : Math.exp(f[c]) / sum) - target;
          for (int k = 0; k < d; k++) {
            g[k * outputs + c] += delta * in[k] / x.count();
          }
          g[d * outputs + c] += delta / x.count();
        }
      }
      for (int k = 0; k < w.length; k++) {
        g[k] += decay * w[k];
      }
      rule.move(w, g, step);
    }
    return w;
  }

  private static double[] flat(GraphModel model) {
    Map<String, double[]> values = model.values();
    double[] kernel = values.get("dense0/kernel");
    double[] bias = values.get("dense0/bias");
    double[] all = java.util.Arrays.copyOf(kernel, kernel.length + bias.length);
    System.arraycopy(bias, 0, all, kernel.length, bias.length);
    return all;
  }

  @Test
  void sgdFollowsItsFormula() throws IOException {
    Dataset data = noise(20, 0, 3, 4);
    for (Loss loss : Loss.values()) {
      try (GraphModel model = logistic(4, 3)) {
        double[] v = new double[15];
        double[] expected =
            plainLogistic(
                flat(model),
                data.train(),
                3,
                loss,
                5,
                0.01,
                (w, g, step) -> {
                  double rate = 0.3 * (1 + Math.cos(Math.PI * step / 5)) / 2;
                  for (int k = 0; k < w.length; k++) {
                    v[k] = 0.9 * v[k] + g[k];
                    w[k] -= rate * v[k];
                  }
                });
        Optimizer sgd = new Optimizer.Sgd(0.3, 0.9, 0.01, Schedule.COSINE);
        new Trainer(model, spec(5, 20, loss, sgd)).run(data, dir.resolve(loss + ".npz"), SILENT);
        assertArrayEquals(expected, flat(model), 1e-12);
      }
    }
  }

  @Test
  void adamFollowsItsFormula() throws IOException {
    Dataset data = noise(20, 0, 3, 4);
    try (GraphModel model = logistic(4, 3)) {
      double[] m = new double[15];
      double[] v = new double[15];
      double[] expected =
          plainLogistic(
              flat(model),
              data.train(),
              3,
              Loss.CROSS_ENTROPY,
              6,
              0.02,
              (w, g, step) -> {
                for (int k = 0; k < w.length; k++) {
                  m[k] = 0.8 * m[k] + 0.2 * g[k];
                  v[k] = 0.95 * v[k] + 0.05 * g[k] * g[k];
                  double mHat = m[k] / (1 - Math.pow(0.8, step + 1));
                  double vHat = v[k] / (1 - Math.pow(0.95, step + 1));
                  w[k] -= 0.1 * mHat / (Math.sqrt(vHat) + 1e-3);
                }
              });
      Optimizer adam = new Optimizer.Adam(0.1, 0.8, 0.95, 1e-3, 0.02, Schedule.CONSTANT);
      new Trainer(model, spec(6, 20, Loss.CROSS_ENTROPY, adam))
          .run(data, dir.resolve("adam.npz"), SILENT);
      assertArrayEquals(expected, flat(model), 1e-12);
    }
  }

  @Test
  void aStoppedTrainingGoesOnAsIfItHadNot() throws IOException {
    Dataset data = noise(50, 30, 3, 8, 8, 2);
    Network network =
        new Network(
            "small",
            List.of(
                new Layer.Conv(4, 3, 1, 1, false, Parametrization.STANDARD),
                new Layer.BatchNorm(),
                new Layer.Nonlinearity(Activation.RELU),
                new Layer.GlobalAveragePool(),
                new Layer.Dense(3, true, Parametrization.STANDARD)));
    Optimizer adam = new Optimizer.Adam(0.01, 0.9, 0.999, 1e-8, 0, Schedule.COSINE);
    TrainSpec spec =
        new TrainSpec(
            4, 16, Loss.CROSS_ENTROPY, adam, 0, new Augmentation(10, 1, true), new double[2], 5);
    Map<String, double[]> whole;
    List<EpochMetrics> wholeEpochs;
    try (GraphModel model = build(network)) {
      wholeEpochs = new Trainer(model, spec).run(data, dir.resolve("whole.npz"), SILENT);
      whole = model.values();
    }
    Path checkpoint = dir.resolve("stopped.npz");
    TrainListener stopper =
        new TrainListener() {
          @Override
          public void batch(int epoch, int examples, int total) {
            if (epoch == 3 && examples > 20) {
              throw new IllegalStateException("stopped");
            }
          }

          @Override
          public void epoch(EpochMetrics metrics) {}
        };
    try (GraphModel model = build(network)) {
      Trainer trainer = new Trainer(model, spec);
      assertThrows(IllegalStateException.class, () -> trainer.run(data, checkpoint, stopper));
    }
    try (GraphModel model = build(network)) {
      List<EpochMetrics> epochs = new Trainer(model, spec).run(data, checkpoint, SILENT);
      assertEquals(4, epochs.size());
      for (int e = 0; e < 4; e++) {
        assertEquals(wholeEpochs.get(e).trainLoss(), epochs.get(e).trainLoss(), 1e-12);
        assertEquals(wholeEpochs.get(e).testAccuracy(), epochs.get(e).testAccuracy());
      }
      Map<String, double[]> values = model.values();
      whole.forEach((name, value) -> assertArrayEquals(value, values.get(name), 1e-12, name));
    }
  }

  private static GraphModel build(Network network) {
    return network.build(new int[] {8, 8, 2}, Precision.FLOAT64, 1, DeviceChoice.AUTO);
  }

  @Test
  void batchNormTrainsWithTheStatisticsOfItsBatch() throws IOException {
    int n = 12;
    Dataset data = noise(n, 0, 2, 2, 2, 1);
    Parametrization p = Parametrization.STANDARD;
    Network network =
        new Network(
            "bn",
            List.of(
                new Layer.BatchNorm(0.5, 0.1), new Layer.Flatten(), new Layer.Dense(2, true, p)));
    Optimizer sgd = new Optimizer.Sgd(0.1, 0, 0, Schedule.CONSTANT);
    try (GraphModel model =
        network.build(new int[] {2, 2, 1}, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      model.assign(Map.of("bn0/gamma", new double[] {1.7}, "bn0/beta", new double[] {-0.3}));
      Map<String, double[]> w = model.values();
      EpochMetrics first =
          new Trainer(model, spec(1, n, Loss.MSE, sgd))
              .run(data, dir.resolve("bn-loss.npz"), SILENT)
              .get(0);
      double[] x = new double[4 * n];
      for (int i = 0; i < n; i++) {
        data.train().read(i, x, 4 * i);
      }
      double mean = java.util.Arrays.stream(x).average().orElseThrow();
      double variance =
          java.util.Arrays.stream(x).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
      double loss = 0;
      for (int i = 0; i < n; i++) {
        for (int c = 0; c < 2; c++) {
          double f = w.get("dense0/bias")[c];
          for (int k = 0; k < 4; k++) {
            double normalised = (x[4 * i + k] - mean) / Math.sqrt(variance + 0.5);
            f += w.get("dense0/kernel")[2 * k + c] * (1.7 * normalised - 0.3);
          }
          double difference = f - (data.train().label(i) == c ? 1 : 0);
          loss += difference * difference / (2 * n);
        }
      }
      assertEquals(loss, first.trainLoss(), 1e-12);
    }
  }

  @Test
  void batchNormKeepsMovingStatistics() throws IOException {
    Dataset data = noise(40, 0, 2, 3);
    Network network =
        new Network(
            "bn",
            List.of(new Layer.BatchNorm(), new Layer.Dense(2, true, Parametrization.STANDARD)));
    Optimizer sgd = new Optimizer.Sgd(0.1, 0, 0, Schedule.CONSTANT);
    try (GraphModel model = network.build(new int[] {3}, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      new Trainer(model, spec(1, 40, Loss.MSE, sgd)).run(data, dir.resolve("bn.npz"), SILENT);
      double[] mean = new double[3];
      double[] square = new double[3];
      double[] x = new double[3];
      for (int i = 0; i < 40; i++) {
        data.train().read(i, x, 0);
        for (int k = 0; k < 3; k++) {
          mean[k] += x[k] / 40;
          square[k] += x[k] * x[k] / 40;
        }
      }
      for (int k = 0; k < 3; k++) {
        double variance = (square[k] - mean[k] * mean[k]) * 40 / 39;
        assertEquals(0.1 * mean[k], model.values().get("bn0/mean")[k], 1e-12);
        assertEquals(0.9 + 0.1 * variance, model.values().get("bn0/variance")[k], 1e-12);
      }
    }
  }

  @Test
  void stopsAtTheAccuracyAskedFor() throws IOException {
    Dataset data = noise(10, 0, 2, 20);
    Optimizer sgd = new Optimizer.Sgd(0.5, 0.9, 0, Schedule.CONSTANT);
    try (GraphModel model = logistic(20, 2)) {
      TrainSpec spec =
          new TrainSpec(500, 10, Loss.CROSS_ENTROPY, sgd, 0.95, NONE, new double[1], 1);
      List<EpochMetrics> epochs =
          new Trainer(model, spec).run(data, dir.resolve("stop.npz"), SILENT);
      assertTrue(epochs.size() < 500);
      assertTrue(epochs.get(epochs.size() - 1).trainAccuracy() >= 0.95);
    }
  }

  @Test
  void aBatchMayBeLargerThanAllExamples() throws IOException {
    Dataset data = noise(10, 0, 2, 4);
    Optimizer sgd = new Optimizer.Sgd(0.1, 0.9, 0, Schedule.COSINE);
    double[][] trained = new double[2][];
    int[] sizes = {10, Integer.MAX_VALUE};
    for (int k = 0; k < 2; k++) {
      try (GraphModel model = logistic(4, 2)) {
        new Trainer(model, spec(3, sizes[k], Loss.MSE, sgd))
            .run(data, dir.resolve("large" + k + ".npz"), SILENT);
        trained[k] = flat(model);
      }
    }
    assertArrayEquals(trained[0], trained[1]);
  }

  @Test
  void aDivergedTrainingSaysSo() {
    Dataset data = noise(10, 0, 2, 20);
    Optimizer sgd = new Optimizer.Sgd(1e200, 0.9, 0, Schedule.CONSTANT);
    try (GraphModel model = logistic(20, 2)) {
      Trainer trainer = new Trainer(model, spec(5, 10, Loss.MSE, sgd));
      UserException e =
          assertThrows(
              UserException.class, () -> trainer.run(data, dir.resolve("diverged.npz"), SILENT));
      assertTrue(e.getMessage().contains("learning rate"), e.getMessage());
    }
  }

  @Test
  void aDamagedCheckpointIsNamed() throws IOException {
    Path checkpoint = dir.resolve("damaged.npz");
    java.nio.file.Files.writeString(checkpoint, "not a zip");
    UserException e = assertThrows(UserException.class, () -> Checkpoint.read(checkpoint));
    assertTrue(e.getMessage().contains("damaged.npz"), e.getMessage());
  }

  @Test
  void everyFlippedByteOfACheckpointIsFound() throws IOException {
    Path checkpoint = dir.resolve("flipped.npz");
    Map<String, double[]> values = Map.of("dense0/kernel", new double[] {1, 2, 3, 4, 5, 6});
    var spec = Networks.logistic(2, Parametrization.STANDARD).shape(new int[] {3}).parameters();
    new Checkpoint(values, Map.of(), List.of()).write(checkpoint, spec);
    byte[] whole = java.nio.file.Files.readAllBytes(checkpoint);
    int data = 30 + "dense0/kernel.npy".length(); // after the zip's local header
    for (int k = data; k < data + 60; k++) {
      byte[] flipped = whole.clone();
      flipped[k] ^= 4;
      java.nio.file.Files.write(checkpoint, flipped);
      UserException e = assertThrows(UserException.class, () -> Checkpoint.read(checkpoint));
      assertTrue(e.getMessage().contains("flipped.npz is damaged"), e.getMessage());
    }
    java.nio.file.Files.write(checkpoint, whole);
    assertArrayEquals(
        values.get("dense0/kernel"),
        Checkpoint.read(checkpoint).orElseThrow().variables().get("dense0/kernel"));
  }
}
