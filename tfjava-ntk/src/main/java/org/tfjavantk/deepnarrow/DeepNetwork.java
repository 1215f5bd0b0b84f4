package org.tfjavantk.deepnarrow;

import org.tfjavantk.graphs.Precision;

/**
 * A deep narrow network with parameters, in several independent trials that see the same examples.
 * Layers are scanned; none is a thing of its own. The kernel and the training are by
 * differentiation, for any parameters.
 */
public interface DeepNetwork extends AutoCloseable {
  /** What it is. */
  DeepNarrow network();

  int trials();

  /** Of parameters and arithmetic. */
  Precision precision();

  /** The parameters of a layer in one trial, as {@link Initialization} lays them out. */
  double[] layer(int trial, int layer);

  /** Sets the parameters of a layer in one trial. */
  void assign(int trial, int layer, double[] values);

  /** Draws all parameters; trial t of the network is trial {@code t} of the seed. */
  default void initialize(Initialization initialization, long seed) {
    for (int trial = 0; trial < trials(); trial++) {
      for (int layer = 0; layer < network().layers(); layer++) {
        assign(trial, layer, initialization.layer(network(), seed, trial, layer));
      }
    }
  }

  /** f(x_i) in every trial: (trial, example, output). */
  double[][][] outputs(double[][] x);

  /**
   * Steps of plain gradient descent on {@code mean_i,k (f_k(x_i) − y_ik)²} over all the given
   * examples.
   *
   * @param y the targets, a row of all outputs for each example
   * @return the loss before every step: (trial, step)
   */
  double[][] descend(double[][] x, double[][] y, double learningRate, int steps);

  /**
   * The tangent kernel of the first {@code rows} examples with all of them, from one scan forwards
   * and one backwards: (trial, row, column), both example-major, then output.
   */
  double[][][] kernel(double[][] x, int rows);

  @Override
  void close();
}
