package org.tfjavantk.deepnarrow;

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.Precision;

/**
 * Dense networks in plain loops of float64, on all processors. A layer of a few neurons is too
 * little work for an operation of a graph: at width 4 and 200 examples these loops take a fifth of
 * the time.
 *
 * <p>Each trial runs on one thread, so results don't depend on how many there are. Each thread
 * holds all activations of one trial: 8 · depth · width · examples bytes.
 */
public final class LoopNetwork implements DeepNetwork {
  private final DeepNarrow network;
  private final double[][][] parameters;
  private final Queue<Activations> idle = new ConcurrentLinkedQueue<>();

  /** A network whose parameters are all zero. */
  public LoopNetwork(DeepNarrow network, int trials) {
    if (!network.image().equals(Image.POINT)) {
      throw new IllegalArgumentException("loops are for dense layers, not for " + network.image());
    }
    this.network = network;
    this.parameters = new double[trials][network.layers()][];
    for (double[][] trial : parameters) {
      for (int layer = 0; layer < trial.length; layer++) {
        trial[layer] = new double[network.weights(layer) + network.fanOut(layer)];
      }
    }
  }

  /** Bytes of Java's memory that a network takes with so many examples. */
  public static long bytes(DeepNarrow network, int trials, int examples) {
    long threads = Math.min(trials, Runtime.getRuntime().availableProcessors());
    long rows = (network.depth() + 4L) * network.width();
    return Double.BYTES * (trials * network.parameterCount() + threads * rows * examples);
  }

  @Override
  public DeepNarrow network() {
    return network;
  }

  @Override
  public int trials() {
    return parameters.length;
  }

  @Override
  public Precision precision() {
    return Precision.FLOAT64;
  }

  @Override
  public double[] layer(int trial, int layer) {
    return parameters[trial][layer].clone();
  }

  @Override
  public void assign(int trial, int layer, double[] values) {
    System.arraycopy(values, 0, parameters[trial][layer], 0, parameters[trial][layer].length);
  }

  /** Room for one trial: rows of every layer's input, the outputs last, and the signal back. */
  private static final class Activations {
    final int examples;
    final double[][][] rows;
    final Signal signal;

    Activations(DeepNarrow network, int examples) {
      this.examples = examples;
      this.rows = new double[network.layers() + 1][][];
      for (int layer = 0; layer < network.layers(); layer++) {
        rows[layer] = new double[network.fanIn(layer)][examples];
      }
      rows[network.layers()] = new double[network.outputs()][examples];
      this.signal = new Signal(network, examples);
    }
  }

  /** A signal on its way back: δ at what one layer makes, and room for the one below. */
  private static final class Signal {
    double[][] delta;
    double[][] below;

    Signal(DeepNarrow network, int examples) {
      delta = new double[network.width()][examples];
      below = new double[network.width()][examples];
    }

    /** {@code δ_{ℓ-1} = W_ℓ δ_ℓ} where the ReLU before layer ℓ was open: a holds what it let by. */
    void back(double[] w, double[][] a, int fanOut) {
      double[][] above = Arrays.copyOf(delta, fanOut);
      for (int j = 0; j < a.length; j++) {
        RowMath.combine(above, w, j * fanOut, 1, 0, below[j]);
        RowMath.mask(a[j], below[j]);
      }
      double[][] swap = delta;
      delta = below;
      below = swap;
    }
  }

  /** Does work for every trial, on all processors, with room for the activations. */
  private void forEachTrial(double[][] x, BiConsumer<Integer, Activations> work) {
    IntStream.range(0, trials())
        .parallel()
        .forEach(
            trial -> {
              Activations found = idle.poll();
              Activations room =
                  found != null && found.examples == x.length
                      ? found
                      : new Activations(network, x.length);
              for (int c = 0; c < network.inputs(); c++) {
                for (int i = 0; i < x.length; i++) {
                  room.rows[0][c][i] = x[i][c];
                }
              }
              work.accept(trial, room);
              idle.add(room);
            });
  }

  @Override
  public double[][][] outputs(double[][] x) {
    double[][][] f = new double[trials()][x.length][network.outputs()];
    forEachTrial(
        x,
        (trial, room) -> {
          forward(parameters[trial], room);
          for (int k = 0; k < network.outputs(); k++) {
            for (int i = 0; i < x.length; i++) {
              f[trial][i][k] = room.rows[network.layers()][k][i];
            }
          }
        });
    return f;
  }

  /** {@code a_{ℓ+1} = relu(Wᵀ a_ℓ + b)}, without ReLU after the tail. */
  private void forward(double[][] layers, Activations room) {
    for (int layer = 0; layer < layers.length; layer++) {
      double[] w = layers[layer];
      int fanOut = network.fanOut(layer);
      for (int k = 0; k < fanOut; k++) {
        double[] out = room.rows[layer + 1][k];
        RowMath.combine(room.rows[layer], w, k, fanOut, w[network.weights(layer) + k], out);
        if (layer < network.depth()) {
          RowMath.relu(out);
        }
      }
    }
  }

  @Override
  public double[][] descend(double[][] x, double[][] y, double learningRate, int steps) {
    double[][] losses = new double[trials()][steps];
    forEachTrial(
        x,
        (trial, room) -> {
          for (int step = 0; step < steps; step++) {
            losses[trial][step] = descend(parameters[trial], room, y, learningRate);
          }
        });
    return losses;
  }

  private double descend(double[][] layers, Activations room, double[][] y, double rate) {
    forward(layers, room);
    double[][] f = room.rows[layers.length];
    double count = (double) y.length * network.outputs();
    double loss = 0;
    for (int k = 0; k < f.length; k++) {
      for (int i = 0; i < y.length; i++) {
        double error = f[k][i] - y[i][k];
        loss += error * error / count;
        room.signal.delta[k][i] = 2 * error / count;
      }
    }
    for (int layer = network.depth(); layer >= 0; layer--) {
      double[][] a = room.rows[layer];
      int fanOut = network.fanOut(layer);
      double[][] delta = room.signal.delta;
      if (layer > 0) {
        // By the weights before this step; delta stays as it is.
        room.signal.back(layers[layer], a, fanOut);
      }
      for (int k = 0; k < fanOut; k++) {
        RowMath.subtractProducts(rate, a, delta[k], layers[layer], k, fanOut);
      }
    }
    return loss;
  }

  /**
   * {@code Θ_kk'(x, y) = Σ_ℓ (δ_ℓk(x) · δ_ℓk'(y)) (a_ℓ(x) · a_ℓ(y) + 1)}, a_ℓ what layer ℓ reads
   * and δ_ℓk the derivative of output k by what it makes before ReLU.
   */
  @Override
  public double[][][] kernel(double[][] x, int rows) {
    int outputs = network.outputs();
    double[][][] theta = new double[trials()][rows * outputs][x.length * outputs];
    forEachTrial(
        x,
        (trial, room) -> {
          double[][] layers = parameters[trial];
          forward(layers, room);
          Signal[] signals = new Signal[outputs];
          for (int k = 0; k < outputs; k++) {
            signals[k] = new Signal(network, x.length);
            Arrays.fill(signals[k].delta[k], 1);
          }
          for (int layer = network.depth(); layer >= 0; layer--) {
            addLayer(room.rows[layer], signals, network.fanOut(layer), rows, theta[trial]);
            for (Signal signal : signals) {
              if (layer > 0) {
                signal.back(layers[layer], room.rows[layer], network.fanOut(layer));
              }
            }
          }
        });
    return theta;
  }

  private static void addLayer(
      double[][] a, Signal[] signals, int fanOut, int rows, double[][] theta) {
    int outputs = signals.length;
    double[] column = new double[Math.max(a.length, fanOut)];
    double[] products = new double[a[0].length];
    double[] deltas = new double[a[0].length];
    for (int i = 0; i < rows; i++) {
      for (int v = 0; v < a.length; v++) {
        column[v] = a[v][i];
      }
      RowMath.combine(a, column, 0, 1, 1, products);
      for (int k = 0; k < outputs; k++) {
        for (int u = 0; u < fanOut; u++) {
          column[u] = signals[k].delta[u][i];
        }
        for (int other = 0; other < outputs; other++) {
          double[][] delta = Arrays.copyOf(signals[other].delta, fanOut);
          RowMath.combine(delta, column, 0, 1, 0, deltas);
          RowMath.addProduct(products, deltas, theta[i * outputs + k], other, outputs);
        }
      }
    }
  }

  @Override
  public void close() {
    idle.clear();
  }
}
