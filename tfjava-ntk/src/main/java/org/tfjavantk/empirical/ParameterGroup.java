package org.tfjavantk.empirical;

import java.util.List;

/**
 * Parameters whose part of the kernel is wanted alone: Σ_k ∂f_c(x)/∂θ_k · ∂f_c'(x')/∂θ_k over these
 * k.
 *
 * @param name what it is called
 * @param parameters their names
 */
public record ParameterGroup(String name, List<String> parameters) {
  public ParameterGroup {
    parameters = List.copyOf(parameters);
  }
}
