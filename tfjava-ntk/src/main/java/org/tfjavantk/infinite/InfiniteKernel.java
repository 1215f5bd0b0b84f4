package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Blas;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.tile.TileEngine;
import org.tfjavantk.tile.TileExamples;
import org.tfjavantk.tile.TiledKernel;

/**
 * The kernels of a network whose layers are infinitely wide: NNGP K(x, z), the covariance of its
 * outputs at initialisation, and NTK Θ(x, z) = E Σ_θ ∂f(x)/∂θ ∂f(z)/∂θ, the same for every output.
 *
 * <p>The recursion starts from K[p, q] = ⟨x_p, z_q⟩ / channels, Θ = 0 for the positions p, q of an
 * image, sequence or vector (Lee et al. 2018; Jacot et al. 2018; Novak et al. 2019; Arora et al.
 * 2019), and takes along all p, q where something above mixes positions, else p = q alone.
 */
public final class InfiniteKernel {
  /** Bytes that a thread's slabs take, and more. */
  private static final long SLABS = 16 << 20;

  private final Network network;
  private final boolean dropout;
  private final int[] inputShape;
  private final Recursion recursion;
  private final int positions;
  private final int channels;
  private final RecursionRoute plain;
  private final Optional<DenseStack> dense;
  private final Optional<SlabStack> slabs;
  private final Optional<DeviceChoice> device;

  private InfiniteKernel(
      Network network, boolean dropout, Optional<DeviceChoice> device, int... inputShape) {
    this.network = network;
    this.dropout = dropout;
    this.device = device;
    this.inputShape = inputShape.clone();
    boolean flat = !network.layers().isEmpty() && network.layers().get(0) instanceof Layer.Flatten;
    int[] shape = flat ? new int[] {Shapes.size(inputShape)} : inputShape;
    channels = shape[shape.length - 1];
    positions = Shapes.size(shape) / channels;
    recursion = Reader.read(network, dropout, shape);
    plain = route(1);
    dense = DenseStack.of(network, inputShape);
    slabs = SlabStacks.of(network, inputShape);
  }

  /**
   * The kernel of a network for inputs of a shape, dropout off.
   *
   * @throws UserException if a layer has no limit of infinite width, or does not fit its input
   */
  public static InfiniteKernel of(Network network, int... inputShape) {
    return of(network, false, inputShape);
  }

  /**
   * The kernel of a network for inputs of a shape.
   *
   * @param dropout whether dropout is on, as in training
   * @throws UserException if a layer has no limit of infinite width, or does not fit its input
   */
  public static InfiniteKernel of(Network network, boolean dropout, int... inputShape) {
    return new InfiniteKernel(network, dropout, Optional.empty(), inputShape);
  }

  /**
   * The same kernel, whose tiles a device computes by a TensorFlow graph where there is one for it,
   * which is where convolutions with ReLU and average pools are all that there is below the last
   * layers; everything else is computed as before. Meant for GPUs: cores have a faster way.
   */
  public InfiniteKernel on(DeviceChoice device) {
    return new InfiniteKernel(network, dropout, Optional.of(device), inputShape);
  }

  /**
   * Kernel values of all pairs.
   *
   * @param nngp (rows, columns)
   * @param ntk (rows, columns)
   */
  public record Values(double[] nngp, double[] ntk) {}

  /**
   * The kernels of n₁ examples with themselves, in float64 and in memory. A network that ends in
   * positions has (n₁, n₁, positions, positions) values.
   *
   * @param x (n₁, positions, channels)
   */
  public Values of(double[] x) {
    RecursionRoute.Side side = plain.side(x, count(x));
    return values(side, side, true);
  }

  /**
   * The kernels of n₁ examples with n₂ others, in float64 and in memory.
   *
   * @param x (n₁, positions, channels)
   * @param z (n₂, positions, channels)
   */
  public Values of(double[] x, double[] z) {
    return values(plain.side(x, count(x)), plain.side(z, count(z)), false);
  }

  private Values values(RecursionRoute.Side rows, RecursionRoute.Side columns, boolean alone) {
    double[] nngp = null;
    double[] ntk = null;
    for (int row = 0; row < rows.count(); row++) {
      Pairs pairs = plain.row(rows, row, columns, alone);
      int length = pairs.k().length;
      nngp = nngp == null ? new double[rows.count() * length] : nngp;
      ntk = ntk == null ? new double[rows.count() * length] : ntk;
      System.arraycopy(pairs.k(), 0, nngp, row * length, length);
      System.arraycopy(pairs.t(), 0, ntk, row * length, length);
    }
    return new Values(nngp, ntk);
  }

  /**
   * How the kernels of examples are computed tile by tile.
   *
   * @param n examples on the longer side
   * @param kinds that are wanted
   * @param memory bytes that may be used
   * @param tile examples on the side of a tile, or 0 to choose
   * @throws UserException if the memory does not suffice for a single pair
   */
  public InfinitePlan plan(
      int n, List<KernelKind> kinds, Precision precision, long memory, int tile) {
    boolean full = recursion.input().cross() == Need.FULL;
    long pair =
        switch (way(precision)) {
          case RECURSION -> RecursionRoute.bytesOfPair(recursion, positions);
          case GRAPH -> GraphRoute.MEMORY / Blas.threads();
          case DENSE, SLABS -> SLABS;
        };
    int most = full ? 64 : positions > 1 ? 256 : 2048;
    return InfinitePlan.of(
        "the kernel of infinite width of " + network.name(),
        new InfinitePlan.Sizes(n, positions * channels, kinds.size(), pair, Blas.threads(), most),
        precision,
        memory,
        tile);
  }

  /** How the pairs are computed. */
  private enum Way {
    DENSE,
    SLABS,
    GRAPH,
    RECURSION
  }

  private Way way(Precision precision) {
    if (slabs.isPresent()) {
      return device.isPresent() ? Way.GRAPH : Way.SLABS;
    }
    return dense.isPresent() && precision == Precision.FLOAT32 ? Way.DENSE : Way.RECURSION;
  }

  /**
   * The kernels of examples, to be computed tile by tile into stores of one layout.
   *
   * @param columns null for the symmetric kernel of the rows with themselves
   * @param kinds of the stores
   * @param plan from {@link #plan}
   */
  public TiledKernel tiled(
      Examples rows,
      Examples columns,
      List<KernelKind> kinds,
      List<? extends TileSink> stores,
      InfinitePlan plan) {
    return new TiledKernel(examples -> engines(kinds, plan, examples), rows, columns, stores, 1);
  }

  /** One, but where several devices compute. */
  private List<TileEngine> engines(
      List<KernelKind> kinds, InfinitePlan plan, TileExamples examples) {
    Precision precision = plan.precision();
    List<KernelRoute<?>> routes =
        switch (way(precision)) {
          case DENSE -> List.of(new DenseRoute(dense.orElseThrow()));
          case SLABS -> List.of(new SlabRoute(slabs.orElseThrow(), precision));
          case GRAPH -> graphs(slabs.orElseThrow(), precision);
          case RECURSION -> List.of(route(plan.threads()));
        };
    List<TileEngine> engines = new ArrayList<>();
    for (KernelRoute<?> route : routes) {
      engines.add(new InfiniteEngine<>(route, kinds, precision, examples));
    }
    return engines;
  }

  private List<KernelRoute<?>> graphs(SlabStack stack, Precision precision) {
    List<KernelRoute<?>> graphs = new ArrayList<>();
    for (DeviceChoice each : device.orElseThrow().each()) {
      graphs.add(new GraphRoute(stack, precision, each));
    }
    return graphs;
  }

  private RecursionRoute route(int threads) {
    return new RecursionRoute(recursion, positions, channels, threads);
  }

  private int count(double[] x) {
    return x.length / (positions * channels);
  }
}
