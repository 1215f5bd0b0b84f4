package org.tfjavantk.empirical;

import java.util.Locale;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.UserException;

/**
 * How a product with a kernel is cut.
 *
 * @param vectors columns of V that are multiplied at once
 * @param examples examples that pass through the graph at once
 */
record ProductPlan(int vectors, int examples) {
  /** More vectors at once are not faster: the share of the forward pass is small by then. */
  private static final int MOST_VECTORS = 16;

  /** Examples times vectors beyond which a CPU's caches make larger pieces slower, not faster. */
  private static final int MOST_PAIRS = 128;

  /** But with fewer examples at once, products of matrices become slow. */
  private static final int ENOUGH_EXAMPLES = 32;

  /** The sum so far, what a batch adds to it, and the new sum. */
  private static final int PARAMETER_SETS = 3;

  /**
   * The largest pieces that fit.
   *
   * @param m columns of V
   * @param memory bytes that the product may hold
   * @throws UserException if not even one vector and one example fit; the message says how much
   *     they need
   */
  static ProductPlan of(GraphModel model, int m, long memory) {
    int bytes = model.precision().bytes();
    long parameters = PARAMETER_SETS * model.parameterCount() * bytes;
    long activations = Activations.perExample(model) * bytes;
    for (int vectors = Math.min(m, MOST_VECTORS); vectors > 0; vectors--) {
      // The value and, for every vector, a tangent or cotangent of it on its way into the next.
      long perExample = (1 + 2L * vectors) * activations;
      long examples = (memory - vectors * parameters) / perExample;
      boolean enough = model.batch() == 0 ? examples > 0 : examples >= model.batch();
      if (enough) {
        long most = Math.min(examples, Math.max(ENOUGH_EXAMPLES, MOST_PAIRS / vectors));
        return new ProductPlan(vectors, model.batch() == 0 ? (int) most : model.batch());
      }
    }
    long least = parameters + 3 * Math.max(1, model.batch()) * activations;
    throw new UserException(
        String.format(
            Locale.ROOT,
            "a product with the kernel of %s needs about %,d KiB of memory, %,d KiB are allowed;"
                + " allow more",
            model.name(),
            (least + 1023) >> 10,
            memory >> 10));
  }
}
