package org.tfjavantk.deepnarrow;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.deepnarrow.DeepNarrow.Scales;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;

class ConvergenceRunTest {
  private static final CircleTask TASK =
      new CircleTask(CircleTask.grid(14, 2, 0, Math.PI / 2), 0.7, List.of(CircleTask.Wave.PRODUCT));

  @TempDir private Path folder;

  private static ConvergenceRun run(int depth, double step, int iterations) {
    DeepNarrow network = DeepNarrow.mlp(2, 1, depth, Scales.of(20));
    return new ConvergenceRun(
        network, Initialization.CUSTOM, TASK, step / network.normalization(), iterations, 4, 9);
  }

  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static DeepNetwork net(ConvergenceRun run, boolean loops, Precision precision) {
    return loops
        ? new LoopNetwork(run.network(), 3)
        : new GraphNetwork(run.network(), 3, precision, new DeviceChoice(DeviceChoice.Kind.CPU, 0));
  }

  @Test
  void goesOnFromACheckpointToTheSameBits() throws IOException {
    ConvergenceRun run = run(20, 0.25, 10);
    for (boolean loops : new boolean[] {true, false}) {
      Precision precision = loops ? Precision.FLOAT64 : Precision.FLOAT32;
      Path whole = folder.resolve(loops + "-whole.npz");
      Path stopped = folder.resolve(loops + "-stopped.npz");
      try (DeepNetwork net = net(run, loops, precision);
          DeepNetwork again = net(run, loops, precision);
          DeepNetwork killed = net(run, loops, precision)) {
        ConvergenceRun.History expected = run.run(net, whole, (done, loss) -> {});
        assertThrows(
            Stopped.class,
            () ->
                run.run(
                    killed,
                    stopped,
                    (done, loss) -> {
                      if (done == 8) {
                        throw new Stopped();
                      }
                    }));
        ConvergenceRun.History found = run.run(again, stopped, (done, loss) -> {});
        assertArrayEquals(new int[] {0, 4, 8, 10}, found.iterations());
        assertEquals(11, found.losses()[0].length);
        for (int trial = 0; trial < 3; trial++) {
          assertArrayEquals(expected.losses()[trial], found.losses()[trial]);
          assertArrayEquals(expected.outputs()[trial], found.outputs()[trial]);
          assertArrayEquals(expected.kernels()[3][trial], found.kernels()[3][trial]);
          assertTrue(expected.losses()[trial][10] < expected.losses()[trial][0]);
        }
        assertArrayEquals(Files.readAllBytes(whole), Files.readAllBytes(stopped));
      }
    }
  }

  @Test
  void saysWhatADamagedCheckpointNeeds() throws IOException {
    ConvergenceRun run = run(5, 0.25, 4);
    Path path = folder.resolve("damaged.npz");
    try (DeepNetwork net = net(run, true, Precision.FLOAT64)) {
      run.run(net, path, (done, loss) -> {});
      byte[] bytes = Files.readAllBytes(path);
      bytes[bytes.length / 2] ^= 1;
      Files.write(path, bytes);
      var error = assertThrows(UserException.class, () -> run.run(net, path, (done, loss) -> {}));
      assertTrue(error.getMessage().contains("delete it"), error.getMessage());
      Files.write(path, Arrays.copyOf(bytes, bytes.length / 3));
      assertThrows(UserException.class, () -> run.run(net, path, (done, loss) -> {}));
    }
  }

  @Test
  void aDivergedTrainingSaysSo() {
    ConvergenceRun run = run(30, 1e200, 40);
    try (DeepNetwork net = net(run, true, Precision.FLOAT64)) {
      assertTrue(run.check(net).ratio() > 1);
      var error =
          assertThrows(
              UserException.class,
              () -> run.run(net, folder.resolve("diverged.npz"), (done, loss) -> {}));
      assertTrue(error.getMessage().startsWith("depth 30, trial "), error.getMessage());
    }
  }

  /** The bound by the closed form is that of the kernel by differentiation. */
  @Test
  void boundsTheStepInTheWorstTrial() {
    ConvergenceRun run = run(10, 0.25, 1);
    try (DeepNetwork net = net(run, true, Precision.FLOAT64)) {
      net.initialize(Initialization.CUSTOM, 9);
      double smallest = Double.POSITIVE_INFINITY;
      for (double[][] theta : net.kernel(TASK.points(), 10)) {
        for (double[] row : theta) {
          for (int j = 0; j < row.length; j++) {
            row[j] /= run.network().normalization();
          }
        }
        smallest = Math.min(smallest, new KernelDescent(theta).largestStep(1));
      }
      StepCheck check = run.check(net);
      assertEquals(smallest, check.largest(), 1e-10 * smallest);
      assertEquals(0.25, check.step(), 1e-12);
      check.require("here");
      var error = assertThrows(UserException.class, () -> new StepCheck(2, 1).require("here"));
      assertTrue(error.getMessage().startsWith("here: dimensionless step"), error.getMessage());
      assertTrue(error.getMessage().contains("factor of 2.2"), error.getMessage());
    }
  }

  @Test
  void float32IsRefusedWhereItCannotResolve() {
    DeepNarrow large = DeepNarrow.mlp(2, 1, 10_000, Scales.of(50_000));
    DeepNarrow small = DeepNarrow.mlp(2, 1, 100, Scales.of(5));
    StepCheck.requireResolution("here", large, 1e-14, 0.5, Precision.FLOAT64);
    StepCheck.requireResolution("here", small, 1e-4, 0.5, Precision.FLOAT32);
    var coarse =
        assertThrows(
            UserException.class,
            () -> StepCheck.requireResolution("here", large, 1e-14, 0.5, Precision.FLOAT32));
    assertTrue(coarse.getMessage().contains("exact to 0.006"), coarse.getMessage());
    var lost =
        assertThrows(
            UserException.class,
            () -> StepCheck.requireResolution("here", small, 1e-9, 0.5, Precision.FLOAT32));
    assertTrue(lost.getMessage().contains("vanish"), lost.getMessage());
  }
}
