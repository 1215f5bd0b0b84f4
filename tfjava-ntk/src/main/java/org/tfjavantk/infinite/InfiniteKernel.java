package org.tfjavantk.infinite;

import java.util.List;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.store.TileSink;
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
  private final String name;
  private final Recursion recursion;
  private final int positions;
  private final int channels;
  private final RecursionRoute plain;

  private InfiniteKernel(String name, Recursion recursion, int positions, int channels) {
    this.name = name;
    this.recursion = recursion;
    this.positions = positions;
    this.channels = channels;
    plain = route(1);
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
    boolean flat = !network.layers().isEmpty() && network.layers().get(0) instanceof Layer.Flatten;
    int[] shape = flat ? new int[] {Shapes.size(inputShape)} : inputShape;
    int channels = shape[shape.length - 1];
    int positions = Shapes.size(shape) / channels;
    return new InfiniteKernel(
        network.name(), Reader.read(network, dropout, shape), positions, channels);
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
    int threads = Runtime.getRuntime().availableProcessors();
    long pair = RecursionRoute.bytesOfPair(recursion, positions);
    boolean full = recursion.input().cross() == Need.FULL;
    int most = full ? 32 : positions > 1 ? 128 : 1024;
    return InfinitePlan.of(
        name,
        new InfinitePlan.Sizes(n, positions * channels, kinds.size(), pair, threads, most),
        precision,
        memory,
        tile);
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
    RecursionRoute route = route(plan.threads());
    return new TiledKernel(
        examples -> List.of(new InfiniteEngine<>(route, kinds, plan.precision(), examples)),
        rows,
        columns,
        stores,
        1);
  }

  private RecursionRoute route(int threads) {
    return new RecursionRoute(recursion, positions, channels, threads);
  }

  private int count(double[] x) {
    return x.length / (positions * channels);
  }
}
