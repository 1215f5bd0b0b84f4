package org.tfjavantk.graphs.load;

import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.tensorflow.proto.NodeDef;

/**
 * Recognises a dropout that keeps everything, as in a TensorFlow 1 graph whose rate is a
 * placeholder with a default: its random numbers change nothing.
 */
final class Dropouts {
  /** u (high - low) + low is a product in a sum. */
  private static final int DEEPEST = 3;

  private static final Set<String> SUMS = Set.of("Add", "AddV2");

  private Dropouts() {}

  /**
   * Whether every entry of a node's output is 1, or true, whatever the random numbers are: u >= 0,
   * and floor(1 + u), for u in [0, 1).
   *
   * @param constant the value of a tensor, NaN if it is no constant
   */
  static boolean keepsAll(Frame frame, NodeDef node, ToDoubleFunction<Endpoint> constant) {
    List<Endpoint> inputs = frame.inputs(node);
    if (node.getOp().equals("GreaterEqual")) {
      return isUniform(inputs.get(0), constant, DEEPEST)
          && constant.applyAsDouble(inputs.get(1)) <= 0;
    }
    Endpoint sum = Frame.origin(inputs.get(0));
    NodeDef added = node(sum);
    if (added == null || !SUMS.contains(added.getOp())) {
      return false;
    }
    List<Endpoint> terms = sum.frame().inputs(added);
    return isUniform(terms.get(1), constant, DEEPEST) && constant.applyAsDouble(terms.get(0)) == 1;
  }

  /** u, or u (high - low) + low with low = 0 and high = 1. */
  private static boolean isUniform(
      Endpoint tensor, ToDoubleFunction<Endpoint> constant, int depth) {
    Endpoint origin = Frame.origin(tensor);
    NodeDef node = node(origin);
    if (node == null || depth == 0) {
      return false;
    }
    List<Endpoint> inputs = origin.frame().inputs(node);
    return switch (node.getOp()) {
      case "RandomUniform" -> true;
      case "Mul" ->
          isUniform(inputs.get(0), constant, depth - 1)
              && constant.applyAsDouble(inputs.get(1)) == 1;
      case "Add", "AddV2" ->
          isUniform(inputs.get(0), constant, depth - 1)
              && constant.applyAsDouble(inputs.get(1)) == 0;
      default -> false;
    };
  }

  private static NodeDef node(Endpoint endpoint) {
    return endpoint.argument() ? null : endpoint.frame().node(endpoint.node());
  }
}
