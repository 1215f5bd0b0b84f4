package org.tfjavantk.deepnarrow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.tfjavantk.deepnarrow.DeepNarrow.Scales;

/** The published experiment at depth 100: learning the product of the coordinates. */
class ConvergenceTest {
  private static final CircleTask TASK = CircleTask.published();
  private static final double STEP = 0.25;

  private record Outcome(double loss, double change) {}

  /** Trains for 2,000 steps with η L C² = 0.25; max|Θ_T − Θ_0| / max Θ_0 of the anchor's row. */
  private static Outcome[] train(DeepNarrow network, int trials) {
    double[][] x = new double[201][];
    x[0] = TASK.anchorPoint()[0];
    System.arraycopy(TASK.points(), 0, x, 1, 200);
    try (DeepNetwork net = new LoopNetwork(network, trials)) {
      net.initialize(Initialization.CUSTOM, 0);
      double[][][] before = net.kernel(x, 1);
      double rate = STEP / network.normalization();
      net.descend(TASK.points(), TASK.targets(), rate, 2000);
      double[][] loss = net.descend(TASK.points(), TASK.targets(), 0, 1);
      double[][][] after = net.kernel(x, 1);
      Outcome[] outcomes = new Outcome[trials];
      for (int trial = 0; trial < trials; trial++) {
        double largest = 0;
        double moved = 0;
        for (int i = 1; i <= 200; i++) {
          largest = Math.max(largest, before[trial][0][i]);
          moved = Math.max(moved, Math.abs(after[trial][0][i] - before[trial][0][i]));
        }
        outcomes[trial] = new Outcome(loss[trial][0], moved / largest);
      }
      return outcomes;
    }
  }

  /** Of 24 draws trained with PyTorch, the losses were 6.2e-6 to 5.2e-5. */
  @Test
  void learnsAtDepth100() {
    for (Outcome outcome : train(DeepNarrow.mlp(2, 1, 100, Scales.of(5)), 4)) {
      assertTrue(outcome.loss > 3e-6 && outcome.loss < 8e-5, "loss " + outcome.loss);
      assertTrue(outcome.change > 0.02 && outcome.change < 0.12, "change " + outcome.change);
    }
  }

  @Test
  void theKernelMovesLessTheLargerTheScale() {
    double[] expected = {0.27, 0.077, 0.013, 0.0013};
    double[] scales = {1, 5, 50, 500};
    double last = 1;
    for (int i = 0; i < 4; i++) {
      double change = train(DeepNarrow.mlp(2, 1, 100, Scales.of(scales[i])), 1)[0].change;
      assertTrue(change < last / 2, scales[i] + ": " + change);
      assertEquals(0, Math.log(change / expected[i]), Math.log(2.5), "scale " + scales[i]);
      last = change;
    }
  }

  @Test
  void theExactKernelForetellsTheLoss() {
    DeepNarrow network = DeepNarrow.mlp(2, 1, 100, Scales.of(500));
    double[] foretold = descent(network).losses(TASK.targets(), STEP, 2000);
    assertEquals(1, train(network, 1)[0].loss / foretold[2000], 0.02);
  }

  private static KernelDescent descent(DeepNarrow network) {
    double[][] theta =
        new FiniteDepthKernel(network, MidNeurons.draw(network, 0, 0))
            .matrix(TASK.points(), TASK.points());
    for (double[] row : theta) {
      for (int j = 0; j < row.length; j++) {
        row[j] /= network.normalization();
      }
    }
    return new KernelDescent(theta);
  }

  @Test
  void theLargestStepIsTheLargest() {
    DeepNarrow network = DeepNarrow.mlp(2, 1, 100, Scales.of(500));
    double largest = descent(network).largestStep(1) / network.normalization();
    try (DeepNetwork net = new LoopNetwork(network, 1)) {
      net.initialize(Initialization.CUSTOM, 0);
      double[] below = net.descend(TASK.points(), TASK.targets(), 0.95 * largest, 21)[0];
      net.initialize(Initialization.CUSTOM, 0);
      double[] above = net.descend(TASK.points(), TASK.targets(), 1.05 * largest, 21)[0];
      assertTrue(below[20] < below[10] && below[10] < below[0]);
      assertTrue(above[20] > above[10] && above[10] > above[0]);
    }
  }

  /** The control: the output does not depend on the input, the best is the mean. */
  @Test
  void theDefaultInitialisationLearnsAConstantAtBest() {
    DeepNarrow network = DeepNarrow.mlp(2, 1, 100, Scales.of(5));
    try (DeepNetwork net = new LoopNetwork(network, 1)) {
      net.initialize(Initialization.DEFAULT, 0);
      double[][] f = net.outputs(TASK.points())[0];
      for (double[] value : f) {
        assertEquals(f[0][0], value[0], 0);
      }
      double[] losses = net.descend(TASK.points(), TASK.targets(), 0.05, 500)[0];
      assertEquals(0.0174825588, losses[499], 1e-9);
    }
  }
}
