package org.tfjavantk.sampling;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.ParameterSpec;

/** The parameters that a network's output is linear in, given the others. */
final class LastLayer {
  private LastLayer() {}

  /**
   * The weights and the bias of the last layer, with the variance of an entry at initialisation:
   * they are independent with mean zero, so that f = Σ_θ θ ∂f/∂θ over them has, given all other
   * parameters, the covariance E f(x) f(z) = Σ_θ E θ² ∂f(x)/∂θ ∂f(z)/∂θ. Empty where a network does
   * not end in one layer with weights and linear ones behind it.
   *
   * @return variances by the parameters' names
   */
  static Map<String, Double> variances(Network network, int... inputShape) {
    List<Layer> layers = new ArrayList<>(network.layers());
    Collections.reverse(layers);
    Layer last = layers.stream().filter(layer -> !isLinear(layer)).findFirst().orElse(null);
    Map<String, Double> variances = new LinkedHashMap<>();
    if (!hasWeights(last)) {
      return variances;
    }
    List<ParameterSpec> all = network.shape(inputShape).parameters();
    String name = all.get(all.size() - 1).name();
    String prefix = name.substring(0, name.lastIndexOf('/') + 1);
    for (ParameterSpec spec : all) {
      if (spec.name().equals(prefix + "kernel") || spec.name().equals(prefix + "bias")) {
        variances.put(spec.name(), spec.initializer().meanSquare());
      }
    }
    return variances;
  }

  private static boolean hasWeights(Layer layer) {
    return layer instanceof Layer.Dense
        || layer instanceof Layer.Conv
        || layer instanceof Layer.ConvTranspose
        || layer instanceof Layer.ConvLocal
        || layer instanceof Layer.SelfAttention;
  }

  /** Whether the output is linear in the input, dropout's given what is dropped. */
  private static boolean isLinear(Layer layer) {
    return layer instanceof Layer.AveragePool
        || layer instanceof Layer.SumPool
        || layer instanceof Layer.GlobalAveragePool
        || layer instanceof Layer.GlobalSumPool
        || layer instanceof Layer.Flatten
        || layer instanceof Layer.Scale
        || layer instanceof Layer.Slice
        || layer instanceof Layer.Resize
        || layer instanceof Layer.Dropout;
  }
}
