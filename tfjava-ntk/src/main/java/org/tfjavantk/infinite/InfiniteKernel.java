package org.tfjavantk.infinite;

import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Shapes;

/**
 * The kernels of a network whose layers are infinitely wide: NNGP K(x, z), the covariance of its
 * outputs at initialisation, and NTK Θ(x, z) = E Σ_θ ∂f(x)/∂θ ∂f(z)/∂θ, the same for every output.
 *
 * <p>The recursion starts from K[p, q] = ⟨x_p, z_q⟩ / channels, Θ = 0 for the positions p, q of an
 * image, sequence or vector (Lee et al. 2018; Jacot et al. 2018; Novak et al. 2019; Arora et al.
 * 2019), and takes along all p, q where something above mixes positions, else p = q alone. This is
 * the plain reading in float64.
 */
public final class InfiniteKernel {
  private final Recursion recursion;
  private final int positions;
  private final int channels;

  private InfiniteKernel(Recursion recursion, int positions, int channels) {
    this.recursion = recursion;
    this.positions = positions;
    this.channels = channels;
  }

  /**
   * The kernel of a network for inputs of a shape, dropout off.
   *
   * @throws org.tfjavantk.graphs.UserException if a layer has no limit of infinite width, or does
   *     not fit its input
   */
  public static InfiniteKernel of(Network network, int... inputShape) {
    return of(network, false, inputShape);
  }

  /**
   * The kernel of a network for inputs of a shape.
   *
   * @param dropout whether dropout is on, as in training
   */
  public static InfiniteKernel of(Network network, boolean dropout, int... inputShape) {
    boolean flat = !network.layers().isEmpty() && network.layers().get(0) instanceof Layer.Flatten;
    int[] shape = flat ? new int[] {Shapes.size(inputShape)} : inputShape;
    int channels = shape[shape.length - 1];
    return new InfiniteKernel(
        Reader.read(network, dropout, shape), Shapes.size(shape) / channels, channels);
  }

  /**
   * Kernel values of all pairs.
   *
   * @param nngp (rows, columns)
   * @param ntk (rows, columns)
   */
  public record Values(double[] nngp, double[] ntk) {}

  /**
   * The kernels of n₁ examples with themselves.
   *
   * @param x (n₁, positions, channels)
   */
  public Values of(double[] x) {
    Walk.Trail trail = trail(x);
    return values(x, x, Walk.of(trail, trail, count(x), 0));
  }

  /**
   * The kernels of n₁ examples with n₂ others, row-major.
   *
   * @param x (n₁, positions, channels)
   * @param z (n₂, positions, channels)
   */
  public Values of(double[] x, double[] z) {
    int n2 = count(z);
    return values(x, z, Walk.of(trail(x), trail(z), n2, n2));
  }

  private Values values(double[] x, double[] z, Walk walk) {
    boolean full = recursion.input().cross() == Need.FULL;
    int n2 = count(z);
    Pairs in = pairs(count(x) * n2, full, true);
    for (int b = 0; b < in.count(); b++) {
      fill(x, b / n2, z, b % n2, in, b);
    }
    Pairs out = recursion.run(in, walk);
    return new Values(out.k(), out.t());
  }

  private Walk.Trail trail(double[] x) {
    Walk.Trail trail = new Walk.Trail();
    Need need = recursion.input().self();
    if (need != Need.NONE) {
      Pairs in = pairs(count(x), need == Need.FULL, false);
      for (int b = 0; b < in.count(); b++) {
        fill(x, b, x, b, in, b);
      }
      recursion.run(in, Walk.alone(trail));
    }
    return trail;
  }

  private int count(double[] x) {
    return x.length / (positions * channels);
  }

  private Pairs pairs(int count, boolean full, boolean ntk) {
    int length = Math.multiplyExact(count, full ? positions * positions : positions);
    return new Pairs(count, positions, full, new double[length], ntk ? new double[length] : null);
  }

  private void fill(double[] x, int i, double[] z, int j, Pairs to, int pair) {
    for (int at = 0; at < to.size(); at++) {
      int p = to.full() ? at / positions : at;
      int q = to.full() ? at % positions : at;
      double sum = 0;
      for (int c = 0; c < channels; c++) {
        sum += x[(i * positions + p) * channels + c] * z[(j * positions + q) * channels + c];
      }
      to.k()[pair * to.size() + at] = sum / channels;
    }
  }
}
