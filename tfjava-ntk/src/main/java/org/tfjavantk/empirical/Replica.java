package org.tfjavantk.empirical;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;

/**
 * A model on its device, with the operations that compute factors there.
 *
 * @param factors what is fetched
 */
record Replica(GraphModel model, List<Operand<TFloating>> factors) {
  static Replica of(GraphModel model, List<Part> parts, OutputChoice choice) {
    return new Replica(
        model, Factors.of(model, parts, choice).stream().flatMap(List::stream).toList());
  }

  /** The factors of n examples, row-major in x. */
  Fetched run(double[] x, int n) {
    return model.run(x, n, factors);
  }
}
