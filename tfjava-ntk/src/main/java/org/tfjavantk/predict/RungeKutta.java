package org.tfjavantk.predict;

/**
 * The embedded method of orders 5 and 4 by Dormand and Prince ("A family of embedded Runge-Kutta
 * formulae", 1980) with steps that keep the error of each below 1e-10, relative to 1 + |x|.
 */
final class RungeKutta {
  private static final double TOLERANCE = 1e-10;
  private static final int STAGES = 7;
  private static final int MOST_STEPS = 10_000_000;

  private static final double[][] A = {
    {},
    {1 / 5.0},
    {3 / 40.0, 9 / 40.0},
    {44 / 45.0, -56 / 15.0, 32 / 9.0},
    {19372 / 6561.0, -25360 / 2187.0, 64448 / 6561.0, -212 / 729.0},
    {9017 / 3168.0, -355 / 33.0, 46732 / 5247.0, 49 / 176.0, -5103 / 18656.0},
    {35 / 384.0, 0, 500 / 1113.0, 125 / 192.0, -2187 / 6784.0, 11 / 84.0}
  };

  /** Of order 5 minus those of order 4. */
  private static final double[] ERROR = {
    71 / 57600.0, 0, -71 / 16695.0, 71 / 1920.0, -17253 / 339200.0, 22 / 525.0, -1 / 40.0
  };

  private RungeKutta() {}

  /** {@code ẋ}, a function of x alone. */
  interface Speed {
    void at(double[] state, double[] derivative);
  }

  /** Moves the state on by {@code time}. */
  static void advance(Speed speed, double[] x, double time) {
    double done = 0;
    double step = time / 100;
    double[][] k = new double[STAGES][x.length];
    double[] next = new double[x.length];
    speed.at(x, k[0]);
    for (int steps = 0; done < time; steps++) {
      if (steps == MOST_STEPS) {
        throw new ArithmeticException("the flow is too stiff: take a smaller learning rate");
      }
      step = Math.min(step, time - done);
      for (int s = 1; s < STAGES; s++) {
        for (int i = 0; i < x.length; i++) {
          double sum = 0;
          for (int j = 0; j < s; j++) {
            sum += A[s][j] * k[j][i];
          }
          next[i] = x[i] + step * sum;
        }
        speed.at(next, k[s]);
      }
      double error = error(k, x, step);
      if (error <= 1) {
        done = step >= time - done ? time : done + step;
        System.arraycopy(next, 0, x, 0, x.length);
        // The last stage is the first of the next step.
        double[] first = k[0];
        k[0] = k[STAGES - 1];
        k[STAGES - 1] = first;
      }
      double factor = error == 0 ? 5 : 0.9 * Math.pow(error, -0.2);
      step *= Math.max(0.2, Math.min(5, factor));
    }
  }

  private static double error(double[][] k, double[] x, double step) {
    double largest = 0;
    for (int i = 0; i < x.length; i++) {
      double error = 0;
      for (int s = 0; s < STAGES; s++) {
        error += ERROR[s] * k[s][i];
      }
      largest = Math.max(largest, Math.abs(step * error) / (TOLERANCE * (1 + Math.abs(x[i]))));
    }
    return largest;
  }
}
