package org.tfjavantk.graphs;

import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;

/**
 * What a {@link GraphModel} is made of.
 *
 * @param name names it in reports
 * @param graph which the model will close
 * @param inputs in the order in which an example holds their values
 * @param output f of shape (n, o), in inference mode
 * @param variables parameters and other state, in running order
 * @param batch the number of examples that the graph takes at a time, 0 if it takes any
 */
public record ModelParts(
    String name,
    Graph graph,
    List<ModelInput> inputs,
    Operand<TFloating> output,
    List<Parameter> variables,
    int batch) {
  public ModelParts {
    inputs = List.copyOf(inputs);
    variables = List.copyOf(variables);
  }
}
