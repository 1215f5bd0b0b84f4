package org.tfjavantk.predict;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.linalg.Matrix;

/**
 * Gradient descent in function space under any {@link FlowLoss}, with momentum or without: what it
 * makes of the outputs of a model that is linear in its parameters and has the kernel K.
 *
 * @param kernel K of the training examples, n x n, for every output the same (or n·o x n·o for
 *     outputs as rows: then o = 1)
 * @param cross K* of the others, m x n
 * @param loss of the training examples
 * @param learningRate η
 * @param momentum μ, 0 for none, below 1
 */
public record Descent(
    Matrix kernel, Matrix cross, FlowLoss loss, double learningRate, double momentum) {

  /**
   * Outputs at one time.
   *
   * @param train n x o
   * @param test m x o
   */
  public record Outputs(double[][] train, double[][] test) {}

  /** Speed and curvature of all outputs: those of the training examples, then of the others. */
  private double[][] force(double[][] f, double[][] y) {
    double[][] gradient = loss.gradient(f, y);
    int o = gradient[0].length;
    int n = kernel.rows();
    int m = cross.rows();
    try (Matrix g = Matrix.of(gradient);
        Matrix train = new Matrix(n, o);
        Matrix test = new Matrix(m, o)) {
      Matrix.product(-1, kernel, false, g, false, 0, train);
      Matrix.product(-1, cross, false, g, false, 0, test);
      double[][] force = new double[n + m][];
      for (int i = 0; i < n + m; i++) {
        force[i] = i < n ? train.getRow(i) : test.getRow(i - n);
      }
      return force;
    }
  }

  /**
   * Discrete steps, {@code v ← μ v − η K ∇loss(f)}, {@code f ← f + v} from v = 0.
   *
   * @param y targets, n x o
   * @param start f of the training examples
   * @param testStart f of the others
   * @param steps ascending; after each of them outputs are given
   */
  public List<Outputs> steps(double[][] y, double[][] start, double[][] testStart, int... steps) {
    double[][] f = joined(start, testStart);
    double[][] v = new double[f.length][f[0].length];
    List<Outputs> outputs = new ArrayList<>();
    int done = 0;
    for (int wanted : steps) {
      for (; done < wanted; done++) {
        double[][] force = force(java.util.Arrays.copyOf(f, y.length), y);
        for (int i = 0; i < f.length; i++) {
          for (int c = 0; c < f[i].length; c++) {
            v[i][c] = momentum * v[i][c] + learningRate * force[i][c];
            f[i][c] += v[i][c];
          }
        }
      }
      outputs.add(split(f, y.length));
    }
    return outputs;
  }

  /**
   * The flow {@code ḟ = −η K ∇loss(f)}; with momentum {@code f' = q}, {@code q' = (μ − 1)/√η q − K
   * ∇loss(f)} in the time √η t (Qian, "On the momentum term in gradient descent learning
   * algorithms", Neural Networks 12, 1999).
   *
   * @param times ascending, from 0
   */
  public List<Outputs> flow(double[][] y, double[][] start, double[][] testStart, double... times) {
    double[][] f = joined(start, testStart);
    int rows = f.length;
    int o = f[0].length;
    int size = rows * o;
    boolean second = momentum > 0;
    double root = Math.sqrt(learningRate);
    RungeKutta.Speed speed =
        (state, derivative) -> {
          double[][] force = force(unpacked(state, 0, y.length, o), y);
          for (int i = 0; i < size; i++) {
            double push = force[i / o][i % o];
            if (second) {
              double q = state[size + i];
              derivative[i] = q;
              derivative[size + i] = (momentum - 1) / root * q + push;
            } else {
              derivative[i] = learningRate * push;
            }
          }
        };
    double[] state = new double[second ? 2 * size : size];
    for (int i = 0; i < size; i++) {
      state[i] = f[i / o][i % o];
    }
    List<Outputs> outputs = new ArrayList<>();
    double scale = second ? root : 1;
    double now = 0;
    for (double time : times) {
      RungeKutta.advance(speed, state, scale * (time - now));
      now = time;
      outputs.add(split(unpacked(state, 0, rows, o), y.length));
    }
    return outputs;
  }

  private static double[][] joined(double[][] start, double[][] testStart) {
    double[][] f = new double[start.length + testStart.length][];
    for (int i = 0; i < f.length; i++) {
      f[i] = (i < start.length ? start[i] : testStart[i - start.length]).clone();
    }
    return f;
  }

  private static double[][] unpacked(double[] state, int from, int rows, int o) {
    double[][] f = new double[rows][o];
    for (int i = 0; i < rows; i++) {
      System.arraycopy(state, from + i * o, f[i], 0, o);
    }
    return f;
  }

  private static Outputs split(double[][] f, int n) {
    double[][] train = new double[n][];
    double[][] test = new double[f.length - n][];
    for (int i = 0; i < f.length; i++) {
      (i < n ? train : test)[i < n ? i : i - n] = f[i].clone();
    }
    return new Outputs(train, test);
  }

  /**
   * The largest learning rate at which gradient descent on {@code ‖f − y‖² / (2 N)} doesn't
   * diverge: {@code 2 (1 + μ) N / λ_max}, with 1e-12 added to λ_max.
   *
   * @param largest λ_max of K
   * @param momentum μ
   * @param values N
   */
  public static double largestLearningRate(double largest, double momentum, double values) {
    return 2 * (1 + momentum) * values / (largest + 1e-12);
  }
}
