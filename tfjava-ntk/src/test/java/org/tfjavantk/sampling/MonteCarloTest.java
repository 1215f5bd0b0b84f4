package org.tfjavantk.sampling;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.InfiniteKernel;
import org.tfjavantk.sampling.SampledNetworks.Sample;

/** Kernels of finite networks against those of infinite width. */
class MonteCarloTest {
  static java.util.stream.Stream<Sample> exact() {
    return SampledNetworks.exact();
  }

  static java.util.stream.Stream<Sample> deep() {
    return SampledNetworks.deep();
  }

  @ParameterizedTest
  @MethodSource("exact")
  void probe(Sample s) {
    go(s, 1024);
  }

  @ParameterizedTest
  @MethodSource("deep")
  void probeDeep(Sample s) {
    go(s, 256);
  }

  void go(Sample s, int width) {
    Network network = s.network(width);
    InfiniteKernel.Values closed = InfiniteKernel.of(network, true, s.shape()).of(s.examples());
    long t = System.nanoTime();
    try (MonteCarlo mc =
        MonteCarlo.of(network, true, Precision.FLOAT32, DeviceChoice.AUTO, s.shape())) {
      double build = 1e-9 * (System.nanoTime() - t);
      t = System.nanoTime();
      var k = mc.estimate(s.examples(), 1, new MonteCarlo.Budget(50, 0), d -> {});
      System.err.printf(
          "PROBE %-25s build %.2f draws %.2f s  nngp se %.4f z %.2f d %.4f  ntk se %.4f z %.2f d %.4f%n",
          s,
          build,
          1e-9 * (System.nanoTime() - t),
          k.nngp().moments().relativeStandardError(),
          k.nngp().maxZ(closed.nngp()),
          k.nngp().distance(closed.nngp()),
          k.ntk().moments().relativeStandardError(),
          k.ntk().maxZ(closed.ntk()),
          k.ntk().distance(closed.ntk()));
    }
  }
}
