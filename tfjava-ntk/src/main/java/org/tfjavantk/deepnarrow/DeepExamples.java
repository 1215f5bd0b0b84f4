package org.tfjavantk.deepnarrow;

import java.util.Arrays;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.UserException;

/**
 * Labelled examples as a deep narrow network takes them: flat vectors, or images averaged over
 * squares; targets one-hot or, with two classes, one number, 0 or 1.
 */
public final class DeepExamples {
  private final Examples examples;
  private final int[] pooled;
  private final int pool;

  private DeepExamples(Examples examples, int[] pooled, int pool) {
    this.examples = examples;
    this.pooled = pooled;
    this.pool = pool;
  }

  /** Every example as one vector. */
  public static DeepExamples vectors(Examples examples) {
    return new DeepExamples(examples, new int[] {1, 1, examples.size()}, 1);
  }

  /**
   * Images averaged over squares of side {@code pool}.
   *
   * @throws UserException if the examples aren't images that such squares cover
   */
  public static DeepExamples images(Examples examples, int pool) {
    int[] shape = examples.shape();
    if (shape.length != 3 || shape[0] % pool != 0 || shape[1] % pool != 0) {
      throw new UserException(
          "deep_narrow_mnist.pool: squares of side "
              + pool
              + " don't cover examples of shape "
              + Arrays.toString(shape)
              + "; it needs images whose height and width it divides");
    }
    return new DeepExamples(examples, new int[] {shape[0] / pool, shape[1] / pool, shape[2]}, pool);
  }

  /** Outputs that the classes take: one for two, else one for each. */
  public static int outputs(int classes) {
    return classes == 2 ? 1 : classes;
  }

  public int count() {
    return examples.count();
  }

  /** Height, width and channels after pooling; a vector is (1, 1, length). */
  public int[] shape() {
    return pooled.clone();
  }

  /** The values of an example, (row, column, channel). */
  public double[] read(int i) {
    double[] image = new double[examples.size()];
    examples.read(i, image, 0);
    if (pool == 1) {
      return image;
    }
    int channels = pooled[2];
    int width = pooled[1] * pool;
    double[] means = new double[pooled[0] * pooled[1] * channels];
    for (int at = 0; at < image.length; at++) {
      int pixel = at / channels;
      int row = pixel / width / pool;
      int column = pixel % width / pool;
      means[(row * pooled[1] + column) * channels + at % channels] += image[at] / (pool * pool);
    }
    return means;
  }

  /** The examples at {@code order[from .. to)}. */
  public double[][] read(int[] order, int from, int to) {
    double[][] x = new double[to - from][];
    for (int i = from; i < to; i++) {
      x[i - from] = read(order[i]);
    }
    return x;
  }

  /** Their targets. */
  public double[][] targets(int[] order, int from, int to) {
    int outputs = outputs(examples.classes());
    double[][] y = new double[to - from][outputs];
    for (int i = from; i < to; i++) {
      int label = examples.label(order[i]);
      if (outputs == 1) {
        y[i - from][0] = label;
      } else {
        y[i - from][label] = 1;
      }
    }
    return y;
  }

  /**
   * How many outputs name the right class: the largest, or of a single one the label that it is
   * nearest to (so that 1.6 is class 1 and -1 class 0).
   */
  public int correct(double[][] f, int from) {
    int correct = 0;
    for (int i = 0; i < f.length; i++) {
      int found = 0;
      if (f[i].length == 1) {
        found = f[i][0] >= 0.5 ? 1 : 0;
      } else {
        for (int k = 1; k < f[i].length; k++) {
          found = f[i][k] > f[i][found] ? k : found;
        }
      }
      correct += found == examples.label(from + i) ? 1 : 0;
    }
    return correct;
  }
}
