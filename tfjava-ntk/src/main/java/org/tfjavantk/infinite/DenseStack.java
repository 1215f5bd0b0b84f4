package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Shapes;

/**
 * Dense layers in the NTK parametrization on vectors, each with a ReLU or without.
 *
 * @param inputs d
 * @param layers in running order
 */
record DenseStack(int inputs, List<Dense> layers) {
  /**
   * K ← w K + b, Θ ← K + w Θ, then the ReLU.
   *
   * @param weights w = W_std²
   * @param bias b = b_std²
   */
  record Dense(double weights, double bias, boolean relu) {}

  /** The network as such a stack, if it is one. */
  static Optional<DenseStack> of(Network network, int... inputShape) {
    List<Layer> layers = network.layers();
    boolean flat = !layers.isEmpty() && layers.get(0) instanceof Layer.Flatten;
    if (!flat && inputShape.length != 1) {
      return Optional.empty();
    }
    List<Dense> stack = new ArrayList<>();
    for (Layer layer : layers.subList(flat ? 1 : 0, layers.size())) {
      if (layer instanceof Layer.Dense dense
          && dense.parametrization() instanceof Parametrization.Ntk p) {
        double bias = dense.bias() ? p.biasStd() * p.biasStd() : 0;
        stack.add(new Dense(p.weightStd() * p.weightStd(), bias, false));
      } else if (layer instanceof Layer.Nonlinearity f
          && f.activation() instanceof Activation.Relu
          && !stack.isEmpty()
          && !stack.get(stack.size() - 1).relu()) {
        Dense last = stack.remove(stack.size() - 1);
        stack.add(new Dense(last.weights(), last.bias(), true));
      } else {
        return Optional.empty();
      }
    }
    return Optional.of(new DenseStack(Shapes.size(inputShape), stack));
  }
}
