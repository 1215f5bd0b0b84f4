package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TileSums;

class PilotTest {
  private static final int INPUTS = 6;

  /** Of few examples, fewer than a tile has. */
  private record Some(int count) implements Examples {
    @Override
    public int[] shape() {
      return new int[] {INPUTS};
    }

    @Override
    public int classes() {
      return 1;
    }

    @Override
    public int label(int i) {
      return 0;
    }

    @Override
    public void read(int i, double[] into, int offset) {
      RandomStream stream = RandomStream.of(5, "pilot");
      for (int k = 0; k < INPUTS; k++) {
        into[offset + k] = stream.normal((long) i * INPUTS + k);
      }
    }
  }

  private static KernelLayout layout(int n, int tile) {
    return new KernelLayout(n, n, 3, tile, true, StorageType.FLOAT16);
  }

  /** Sums of squares of large numbers, stored in float16: what is written must be storable. */
  @Test
  void aPilotSaysSomethingOfEveryPartAndLeavesTheKernelAsItWas() {
    try (GraphModel model =
            Networks.twoLayer(8, Activation.RELU, 3, Parametrization.STANDARD)
                .build(new int[] {INPUTS}, Precision.FLOAT32, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      Some examples = new Some(20);
      TilePlan plan = ntk.plan(20, 1 << 30, 9, true);
      TileJob job = TileJob.all(layout(20, 9));
      double before = sums(ntk, examples, plan);
      Forecast forecast = Pilot.of(ntk, examples, plan, List.of(job), 0.1);
      for (double part :
          new double[] {
            forecast.factors(), forecast.contraction(), forecast.copying(), forecast.writing()
          }) {
        assertTrue(part > 0 && Double.isFinite(part), forecast::toString);
      }
      assertTrue(forecast.setup() >= 0, forecast::toString);
      assertEquals(before, sums(ntk, examples, plan));
    }
  }

  private static double sums(EmpiricalNtk ntk, Examples examples, TilePlan plan) {
    TileSums sums = new TileSums(layout(20, 9));
    ntk.tiled(examples, null, sums, plan, 1).compute((tile, done, total) -> {});
    return sums.sum();
  }

  @Test
  void theTimeOfFactorsAndContractionIsCounted() {
    try (GraphModel model =
            Networks.twoLayer(8, Activation.RELU, 3, Parametrization.STANDARD)
                .build(new int[] {INPUTS}, Precision.FLOAT64, 1, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      double[] none = {ntk.factorSeconds(), ntk.contractionSeconds()};
      assertArrayEquals(new double[2], none);
      sums(ntk, new Some(20), ntk.plan(20, 1 << 30, 9, true));
      assertTrue(ntk.factorSeconds() > 0);
      assertTrue(ntk.contractionSeconds() > 0);
    }
  }
}
