package org.tfjavantk.empirical;

import java.util.Arrays;
import java.util.Locale;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;

/**
 * Whether a model's output for one example depends on the other examples of its batch. The kernel
 * of such a model is not a function of two examples.
 */
public final class Independence {
  private static final int BATCH = 6;

  private Independence() {}

  /**
   * Follows the examples through the graph.
   *
   * @return whether that settles it; if not, an operation was met whose effect is not known here,
   *     and only {@link #requireByValue} can tell
   * @throws UserException if the output mixes examples; the message names the operation
   */
  public static boolean requireByGraph(GraphModel model) {
    Extent extent = ExampleAxis.of(model).of(model.output());
    if (extent.kind() == Extent.Kind.MIXED) {
      throw dependent(
          model,
          "the operation "
              + extent.why()
              + " mixes the examples of a batch. Export the model in inference mode (batch norm with"
              + " its moving statistics), or take an output before this operation");
    }
    if (extent.known() && !extent.leads()) {
      throw dependent(
          model, "the first axis of the output does not count the examples; transpose the output");
    }
    return extent.known();
  }

  /**
   * Compares f(x_i) in two batches that have x_i at the same place and otherwise different
   * examples, for up to six x_i.
   *
   * @param x n examples, row-major
   * @throws UserException if the values differ by more than rounding does
   */
  public static void requireByValue(GraphModel model, double[] x, int n) {
    int batch = model.batch() > 0 ? model.batch() : Math.min(BATCH, n);
    int size = model.exampleSize();
    if (batch < 2 || n < 2) {
      return;
    }
    double[] first = new double[batch * size];
    double[] second = new double[batch * size];
    for (int i = 0; i < batch; i++) {
      boolean same = i % 2 == 0;
      int other = (i + (same ? 0 : 1 + n / 2)) % n;
      System.arraycopy(x, i % n * size, first, i * size, size);
      System.arraycopy(x, other * size, second, i * size, size);
    }
    double[] f = model.predict(first, batch);
    double[] g = model.predict(second, batch);
    double largest = Arrays.stream(f).map(Math::abs).max().orElse(0);
    double tolerance = (model.precision() == Precision.FLOAT64 ? 1e-9 : 1e-4) * largest;
    int o = model.outputs();
    for (int i = 0; i < batch; i += 2) {
      for (int c = 0; c < o; c++) {
        double difference = Math.abs(f[i * o + c] - g[i * o + c]);
        if (!(difference <= tolerance)) {
          throw dependent(
              model,
              String.format(
                  Locale.ROOT,
                  "output %d of an example changes by %.3g (of at most %.3g) when other examples of its"
                      + " batch change",
                  c,
                  difference,
                  largest));
        }
      }
    }
  }

  private static UserException dependent(GraphModel model, String why) {
    return new UserException(model.name() + " has no kernel of pairs of examples: " + why + ".");
  }
}
