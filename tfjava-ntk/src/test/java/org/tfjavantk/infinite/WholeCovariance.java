package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.infinite.SlabStack.Conv;
import org.tfjavantk.infinite.SlabStack.Stage;
import org.tfjavantk.infinite.SlabStack.Top;

/**
 * The kernels of a stack by the recursion as it is written, on the covariance of all pairs of
 * pixels, in float64.
 */
final class WholeCovariance {
  private final SlabStack stack;
  private int h;
  private int w;

  /** K and Θ of pixel p of the one image and pixel q of the other. */
  private record Pair(double[][] k, double[][] theta) {}

  private WholeCovariance(SlabStack stack) {
    this.stack = stack;
  }

  /** NNGP and NTK of two images. */
  static double[] kernels(SlabStack stack, double[] x, double[] z) {
    return new WholeCovariance(stack).kernels(x, z);
  }

  private double[] kernels(double[] x, double[] z) {
    h = stack.height();
    w = stack.width();
    Pair xz = input(x, z);
    Pair xx = input(x, x);
    Pair zz = input(z, z);
    boolean same = java.util.Arrays.equals(x, z);
    for (Stage stage : stack.stages()) {
      for (Conv conv : stage.convs()) {
        xz = convolved(xz, conv);
        xx = convolved(xx, conv);
        zz = convolved(zz, conv);
        double[] vx = diagonal(xx);
        double[] vz = diagonal(zz);
        relu(xz, vx, vz, same);
        relu(xx, vx, vx, true);
        relu(zz, vz, vz, true);
      }
      if (stage.pool() > 1) {
        xz = pooled(xz, stage.pool());
        xx = pooled(xx, stage.pool());
        zz = pooled(zz, stage.pool());
        h /= stage.pool();
        w /= stage.pool();
      }
    }
    double nngp = stack.weightVariance() * mean(xz.k) + stack.biasVariance();
    return new double[] {nngp, nngp + stack.weightVariance() * mean(xz.theta)};
  }

  private double mean(double[][] values) {
    double sum = 0;
    int count = 0;
    for (int p = 0; p < h * w; p++) {
      for (int q = 0; q < h * w; q++) {
        if (stack.top() == Top.AVERAGE || p == q) {
          sum += values[p][q];
          count++;
        }
      }
    }
    return sum / count;
  }

  private Pair input(double[] x, double[] z) {
    int c = stack.channels();
    double[][] k = new double[h * w][h * w];
    for (int p = 0; p < h * w; p++) {
      for (int q = 0; q < h * w; q++) {
        for (int i = 0; i < c; i++) {
          k[p][q] += x[p * c + i] * z[q * c + i] / c;
        }
      }
    }
    return new Pair(k, new double[h * w][h * w]);
  }

  private Pair convolved(Pair pair, Conv conv) {
    double[][] k = new double[h * w][h * w];
    double[][] theta = new double[h * w][h * w];
    for (int p = 0; p < h * w; p++) {
      for (int q = 0; q < h * w; q++) {
        k[p][q] = conv.weightVariance() * window(pair.k, p, q, conv.size()) + conv.biasVariance();
        theta[p][q] = k[p][q] + conv.weightVariance() * window(pair.theta, p, q, conv.size());
      }
    }
    return new Pair(k, theta);
  }

  /** 1/f² Σ_δ values[p+δ, q+δ]. */
  private double window(double[][] values, int p, int q, int size) {
    double sum = 0;
    int r = size / 2;
    for (int dy = -r; dy <= r; dy++) {
      for (int dx = -r; dx <= r; dx++) {
        if (inside(p, dy, dx) && inside(q, dy, dx)) {
          sum += values[p + dy * w + dx][q + dy * w + dx];
        }
      }
    }
    return sum / (size * size);
  }

  private boolean inside(int p, int dy, int dx) {
    int y = p / w + dy;
    int x = p % w + dx;
    return y >= 0 && y < h && x >= 0 && x < w;
  }

  private static double[] diagonal(Pair pair) {
    double[] diagonal = new double[pair.k.length];
    for (int p = 0; p < diagonal.length; p++) {
      diagonal[p] = pair.k[p][p];
    }
    return diagonal;
  }

  private static void relu(Pair pair, double[] vp, double[] vq, boolean same) {
    for (int p = 0; p < vp.length; p++) {
      for (int q = 0; q < vq.length; q++) {
        double k = pair.k[p][q];
        double s = Math.sqrt(vp[p] * vq[q]);
        double sine = Math.sqrt(Math.max((s - k) * (s + k), 0));
        double angle = same && p == q ? 0 : Math.atan2(sine, k);
        pair.k[p][q] = (s * Math.sin(angle) + (Math.PI - angle) * k) / (2 * Math.PI);
        pair.theta[p][q] *= (Math.PI - angle) / (2 * Math.PI);
      }
    }
  }

  private Pair pooled(Pair pair, int window) {
    List<double[][]> pooled = new ArrayList<>();
    for (double[][] values : List.of(pair.k, pair.theta)) {
      int ph = h / window;
      int pw = w / window;
      double[][] means = new double[ph * pw][ph * pw];
      for (int p = 0; p < h * w; p++) {
        for (int q = 0; q < h * w; q++) {
          int py = p / w / window;
          int px = p % w / window;
          int qy = q / w / window;
          int qx = q % w / window;
          if (py < ph && px < pw && qy < ph && qx < pw) {
            means[py * pw + px][qy * pw + qx] += values[p][q] / Math.pow(window, 4);
          }
        }
      }
      pooled.add(means);
    }
    return new Pair(pooled.get(0), pooled.get(1));
  }
}
