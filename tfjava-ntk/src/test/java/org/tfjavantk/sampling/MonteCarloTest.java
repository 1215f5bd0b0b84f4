package org.tfjavantk.sampling;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.InfiniteKernel;
import org.tfjavantk.sampling.MonteCarlo.Budget;
import org.tfjavantk.sampling.MonteCarlo.Draw;
import org.tfjavantk.sampling.MonteCarlo.Kernels;
import org.tfjavantk.sampling.SampledNetworks.Sample;

/** Kernels of finite networks on average against the closed forms of infinite width. */
class MonteCarloTest {
  private static final int SEED = 1;

  static Stream<Sample> exact() {
    return SampledNetworks.exact();
  }

  static Stream<Sample> deep() {
    return SampledNetworks.deep();
  }

  private static MonteCarlo sampler(Network network, int... shape) {
    return MonteCarlo.of(network, true, Precision.FLOAT32, DeviceChoice.AUTO, shape);
  }

  private static Kernels estimate(Sample sample, Network network, Budget budget) {
    try (MonteCarlo sampler = sampler(network, sample.shape())) {
      return sampler.estimate(sample.examples(), SEED, budget, draw -> {});
    }
  }

  private static InfiniteKernel.Values closed(Sample sample, Network network) {
    return InfiniteKernel.of(network, true, sample.shape()).of(sample.examples());
  }

  /** The network with the variances below its last layer too large by 2%. */
  private static Network wrong(Network network) {
    List<Layer> layers = new ArrayList<>(network.layers());
    layers.add(layers.size() - 1, new Layer.Scale(Math.sqrt(1.02)));
    return new Network(network.name(), layers);
  }

  /** With one hidden layer the expectation is that of infinite width, whatever the width. */
  @ParameterizedTest
  @MethodSource("exact")
  void oneHiddenLayerAgreesAndAnErrorOfTwoPercentIsCaught(Sample sample) {
    Network network = sample.network(sample.shape().length == 1 ? 4096 : 1024);
    Kernels found = estimate(sample, network, new Budget(400, 0.003));
    InfiniteKernel.Values right = closed(sample, network);
    assertTrue(
        found.nngp().maxZ(right.nngp()) < 4, () -> "NNGP " + found.nngp().maxZ(right.nngp()));
    assertTrue(found.ntk().maxZ(right.ntk()) < 4, () -> "NTK " + found.ntk().maxZ(right.ntk()));
    InfiniteKernel.Values wrong = closed(sample, wrong(network));
    assertTrue(found.nngp().maxZ(wrong.nngp()) > 4, () -> "" + found.nngp().maxZ(wrong.nngp()));
    assertTrue(found.ntk().maxZ(wrong.ntk()) > 4, () -> "" + found.ntk().maxZ(wrong.ntk()));
  }

  /** The difference at width w is c / w: twice that at 2 w minus that at w has none of it. */
  @ParameterizedTest
  @MethodSource("deep")
  void extrapolatedToInfiniteWidthDeepNetworksAgree(Sample sample) {
    Network narrow = sample.network(64);
    Network wide = sample.network(128);
    Kernels of1 = estimate(sample, narrow, new Budget(60, 0));
    Kernels of2 = estimate(sample, wide, new Budget(60, 0));
    InfiniteKernel.Values closed1 = closed(sample, narrow);
    InfiniteKernel.Values closed2 = closed(sample, wide);
    assertTrue(extrapolated(of1.nngp(), closed1.nngp(), of2.nngp(), closed2.nngp()) < 4);
    assertTrue(extrapolated(of1.ntk(), closed1.ntk(), of2.ntk(), closed2.ntk()) < 4);
  }

  /** The largest |z|. In the STANDARD parametrization the closed form grows with the width. */
  private static double extrapolated(
      Estimate estimate1, double[] closed1, Estimate estimate2, double[] closed2) {
    double[] mean1 = estimate1.moments().mean();
    double[] mean2 = estimate2.moments().mean();
    double[] error1 = estimate1.moments().standardErrors();
    double[] error2 = estimate2.moments().standardErrors();
    double most = 0;
    for (int i = 0; i < mean1.length; i++) {
      double grown = closed2[i] / closed1[i];
      double difference = 2 * (mean2[i] - closed2[i]) - grown * (mean1[i] - closed1[i]);
      most = Math.max(most, Math.abs(difference) / Math.hypot(2 * error2[i], grown * error1[i]));
    }
    return most;
  }

  private static final Network SMALL =
      Networks.twoLayer(64, Activation.RELU, 3, new Parametrization.Ntk(1.4, 0.3));
  private static final double[] X = {0.3, -1.2, 0.9, 0.8, 0.1, -0.4};

  @Test
  void aDrawDependsOnItsNumberAlone() {
    try (MonteCarlo sampler = sampler(SMALL, 2)) {
      Draw third = sampler.draw(X, SEED, 2);
      Draw first = sampler.draw(X, SEED, 0);
      List<Draw> inOrder = new ArrayList<>();
      sampler.estimate(X, SEED, new Budget(3, 0), inOrder::add);
      assertArrayEquals(first.ntk(), inOrder.get(0).ntk());
      assertArrayEquals(third.ntk(), inOrder.get(2).ntk());
      assertArrayEquals(third.nngp(), inOrder.get(2).nngp());
      assertNotEquals(first.ntk()[0], third.ntk()[0]);
      assertNotEquals(first.ntk()[0], sampler.draw(X, SEED + 1, 0).ntk()[0]);
    }
  }

  @Test
  void momentsAreThoseOfTheDraws() {
    try (MonteCarlo sampler = sampler(SMALL, 2)) {
      List<Draw> draws = new ArrayList<>();
      Moments moments = sampler.estimate(X, SEED, new Budget(7, 0), draws::add).ntk().moments();
      assertEquals(7, moments.count());
      double[] first = draws.stream().mapToDouble(draw -> draw.ntk()[1]).toArray();
      double mean = Arrays.stream(first).sum() / 7;
      double variance = Arrays.stream(first).map(v -> (v - mean) * (v - mean)).sum() / 6;
      assertEquals(mean, moments.mean()[1], 1e-12);
      assertEquals(Math.sqrt(variance / 7), moments.standardErrors()[1], 1e-12);
      double[] expected = moments.mean();
      expected[1] -= 3 * Math.sqrt(variance / 7);
      assertEquals(3, moments.zScores(expected, 0)[1], 1e-9);
      assertEquals(0, moments.zScores(expected, 0)[0]);
    }
  }

  @Test
  void drawsUntilTheErrorIsSmallEnoughOrTheBudgetSpent() {
    try (MonteCarlo sampler = sampler(SMALL, 2)) {
      Kernels some = sampler.estimate(X, SEED, new Budget(10_000, 0.03), draw -> {});
      int count = some.ntk().moments().count();
      assertTrue(count > Budget.LEAST && count < 10_000, "" + count);
      assertTrue(some.nngp().moments().relativeStandardError() <= 0.03);
      assertTrue(some.ntk().moments().relativeStandardError() <= 0.03);
      assertEquals(
          5, sampler.estimate(X, SEED, new Budget(5, 0.03), draw -> {}).ntk().moments().count());
    }
    assertThrows(IllegalArgumentException.class, () -> new Budget(0, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new Budget(10, Double.NaN));
  }

  /**
   * Two sums of branches that end in weights have no single last layer: the outputs are averaged.
   */
  @Test
  void withoutALastLayerTheOutputsThemselvesAreAveraged() {
    Layer dense = new Layer.Dense(40, true, new Parametrization.Ntk(1.2, 0.3));
    List<Layer> body = List.of(dense, new Layer.Nonlinearity(Activation.ERF), dense);
    Network network = new Network("sum", List.of(new Layer.Residual(body, List.of(dense))));
    assertEquals(0, LastLayer.variances(network, 2).size());
    Sample sample = new Sample("sum", new int[] {2}, network.layers());
    Kernels found = estimate(sample, network, new Budget(300, 0));
    InfiniteKernel.Values right = closed(sample, network);
    assertTrue(found.nngp().maxZ(right.nngp()) < 4, () -> "" + found.nngp().maxZ(right.nngp()));
    assertTrue(found.ntk().maxZ(right.ntk()) < 4, () -> "" + found.ntk().maxZ(right.ntk()));
    assertTrue(found.nngp().moments().relativeStandardError() < 0.02);
  }
}
