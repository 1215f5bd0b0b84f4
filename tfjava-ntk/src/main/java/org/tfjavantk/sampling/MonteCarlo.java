package org.tfjavantk.sampling;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.empirical.OutputChoice;
import org.tfjavantk.empirical.Pairing;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.random.RandomStream;

/**
 * Kernels of a finite network on average over its random parameters θ: with the o outputs f_c,
 *
 * <p>K(x, z) = 1/o Σ_c E f_c(x) f_c(z) and Θ(x, z) = 1/o Σ_c E Σ_θ ∂f_c(x)/∂θ ∂f_c(z)/∂θ,
 *
 * <p>estimated by the mean over draws of θ. As the hidden widths grow they become the kernels of
 * infinite width, from which they differ by O(1/width) (Novak, Xiao, Bahri, Lee, Yang, Abolafia,
 * Pennington, Sohl-Dickstein 2019; Jacot, Gabriel, Hongler 2018); for one hidden layer of weights
 * they are equal at any width.
 *
 * <p>Where the network ends in one layer with weights, the expectation of f_c(x) f_c(z) over these
 * weights is taken in closed form, as f is linear in them: what is averaged over draws is Σ_θ E θ²
 * ∂f_c(x)/∂θ ∂f_c(z)/∂θ over the weights of that layer, whose variance falls as 1/width while that
 * of f_c(x) f_c(z) doesn't.
 *
 * <p>Draw k is a function of the seed and of k. Holds native memory: close it. Not thread-safe.
 */
public final class MonteCarlo implements AutoCloseable {
  private final GraphModel model;
  private final EmpiricalNtk ntk;
  private final Map<String, Double> last;
  private final int inputSize;

  private MonteCarlo(GraphModel model, Map<String, Double> last) {
    this.model = model;
    this.last = last;
    inputSize = model.inputs().get(0).size();
    ntk = EmpiricalNtk.of(model, OutputChoice.of(Pairing.TRACE));
  }

  /**
   * The networks of one description, as one graph.
   *
   * @param dropout whether dropout is on, as in training; two examples drop different entries
   * @param inputShape of one example
   * @throws org.tfjavantk.graphs.UserException if a layer does not fit its input
   */
  public static MonteCarlo of(
      Network network,
      boolean dropout,
      Precision precision,
      DeviceChoice device,
      int... inputShape) {
    Map<String, Double> last = LastLayer.variances(network, inputShape);
    GraphModel model =
        dropout
            ? network.buildWithDropout(inputShape, precision, 0, device)
            : network.build(inputShape, precision, 0, device);
    try {
      return new MonteCarlo(model, last);
    } catch (RuntimeException | Error e) {
      model.close();
      throw e;
    }
  }

  /**
   * The kernels of one network, of n examples with themselves.
   *
   * @param nngp (n, n)
   * @param ntk (n, n)
   */
  public record Draw(double[] nngp, double[] ntk) {}

  /**
   * When enough was drawn.
   *
   * @param draws at most so many
   * @param epsilon the relative standard error, Frobenius, of both kernels that suffices after at
   *     least {@link #LEAST} draws; 0 takes all draws
   */
  public record Budget(int draws, double epsilon) {
    /** Fewer draws tell nothing of their own variance. */
    public static final int LEAST = 10;

    public Budget {
      if (draws < 1 || !(epsilon >= 0)) {
        throw new IllegalArgumentException(draws + " draws to " + epsilon);
      }
    }

    private boolean spent(Moments nngp, Moments ntk) {
      int count = ntk.count();
      return count >= draws
          || epsilon > 0
              && count >= LEAST
              && nngp.relativeStandardError() <= epsilon
              && ntk.relativeStandardError() <= epsilon;
    }
  }

  /** Estimates of both kernels of n examples with themselves. */
  public record Kernels(Estimate nngp, Estimate ntk) {}

  /**
   * The mean over draws 0, 1, ... until the budget is spent.
   *
   * @param x n examples, row-major
   * @param each is given every draw in turn
   */
  public Kernels estimate(double[] x, long seed, Budget budget, Consumer<Draw> each) {
    int n = x.length / inputSize;
    Moments nngp = new Moments(n * n);
    Moments theta = new Moments(n * n);
    do {
      Draw draw = draw(x, seed, theta.count());
      nngp.add(draw.nngp);
      theta.add(draw.ntk);
      each.accept(draw);
    } while (!budget.spent(nngp, theta));
    return new Kernels(
        new Estimate(nngp, model.precision()), new Estimate(theta, model.precision()));
  }

  /**
   * The kernels of one network.
   *
   * @param x n examples, row-major
   * @param index the number of the draw
   */
  public Draw draw(double[] x, long seed, int index) {
    long own = RandomStream.of(seed, "draw/" + index).bits(0);
    model.draw(own);
    int n = x.length / inputSize;
    double[] fed = withDropped(x, n, own);
    double[] nngp = last.isEmpty() ? products(model.predict(fed, n), n) : new double[n * n];
    double[] theta = new double[n * n];
    double share = 1.0 / model.outputs();
    ntk.matrixByParameter(fed, n, fed, n)
        .forEach(
            (name, part) -> {
              add(share, part, theta);
              add(share * last.getOrDefault(name, 0.0), part, nngp);
            });
    return new Draw(nngp, theta);
  }

  /** The examples followed by the numbers that say what is dropped. */
  private double[] withDropped(double[] x, int n, long seed) {
    int size = model.exampleSize();
    if (size == inputSize) {
      return x;
    }
    RandomStream uniform = RandomStream.of(seed, "dropout");
    double[] all = new double[n * size];
    Arrays.setAll(all, uniform::uniform);
    for (int i = 0; i < n; i++) {
      System.arraycopy(x, i * inputSize, all, i * size, inputSize);
    }
    return all;
  }

  /** 1/o Σ_c f_c(x) f_c(z). */
  private double[] products(double[] f, int n) {
    int o = model.outputs();
    double[] products = new double[n * n];
    for (int i = 0; i < products.length; i++) {
      for (int c = 0; c < o; c++) {
        products[i] += f[i / n * o + c] * f[i % n * o + c] / o;
      }
    }
    return products;
  }

  private static void add(double factor, double[] part, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += factor * part[i];
    }
  }

  @Override
  public void close() {
    try (model) {
      ntk.close();
    }
  }
}
