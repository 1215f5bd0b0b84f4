package org.tfjavantk.infinite;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Blas;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.tile.TileEngine;
import org.tfjavantk.tile.TileExamples;
import org.tfjavantk.tile.TiledKernel;

/**
 * Matrices of an {@link AnalyticKernel}, tile by tile. An image counts as the vector of its pixels.
 */
public final class AnalyticTiles {
  /** Every kernel is the covariance of a Gaussian process. */
  static final KernelKind KIND = KernelKind.NNGP;

  private static final int MOST = 2048;

  private final AnalyticKernel kernel;
  private final int d;

  private AnalyticTiles(AnalyticKernel kernel, int... inputShape) {
    this.kernel = kernel;
    d = Shapes.size(inputShape);
  }

  /** The kernel for inputs of a shape. */
  public static AnalyticTiles of(AnalyticKernel kernel, int... inputShape) {
    return new AnalyticTiles(kernel, inputShape);
  }

  /**
   * How the kernel of examples is computed tile by tile.
   *
   * @param n examples on the longer side
   * @param memory bytes that may be used
   * @param tile examples on the side of a tile, or 0 to choose
   * @throws UserException if the memory does not suffice for a single pair
   */
  public InfinitePlan plan(int n, Precision precision, long memory, int tile) {
    // The vectors of the examples exist a second time where they are multiplied.
    InfinitePlan.Sizes sizes =
        new InfinitePlan.Sizes(n, 2 * d, 1, 2L * MOST * Double.BYTES, Blas.threads(), MOST);
    return InfinitePlan.of("the kernel " + kernel.formula(), sizes, precision, memory, tile);
  }

  /** What values of a precision are computed in. */
  public Precision arithmetic(Precision precision) {
    return stack(precision).isPresent() ? Precision.FLOAT32 : Precision.FLOAT64;
  }

  /**
   * The kernel of examples, to be computed tile by tile into a store.
   *
   * @param columns null for the symmetric kernel of the rows with themselves
   * @param plan from {@link #plan}
   */
  public TiledKernel tiled(Examples rows, Examples columns, TileSink store, InfinitePlan plan) {
    return new TiledKernel(
        examples -> List.of(engine(examples, plan.precision())), rows, columns, List.of(store), 1);
  }

  private TileEngine engine(TileExamples examples, Precision precision) {
    Optional<DenseStack> stack = stack(precision);
    return stack.isPresent()
        ? new InfiniteEngine<>(
            new DenseRoute(stack.get()), List.of(KernelKind.NTK), precision, examples)
        : new InfiniteEngine<>(new AnalyticRoute(kernel, d), List.of(KIND), precision, examples);
  }

  /** The layers of a network in float32, for which there is a fast way. */
  private Optional<DenseStack> stack(Precision precision) {
    if (kernel instanceof AnalyticKernel.DeepNtk ntk && precision == Precision.FLOAT32) {
      return Optional.of(
          new DenseStack(
              d,
              IntStream.rangeClosed(1, ntk.depth())
                  .mapToObj(layer -> new DenseStack.Dense(1, 0, layer < ntk.depth()))
                  .toList()));
    }
    return Optional.empty();
  }
}
