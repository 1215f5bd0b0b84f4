package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.transform.Paths;

/**
 * Follows the examples of a batch through a model's graph: which axis of every tensor counts them,
 * and which operations, if any, make an example depend on others.
 */
final class ExampleAxis {
  private final Map<Output<?>, Extent> extents = new HashMap<>();

  private ExampleAxis() {}

  static ExampleAxis of(GraphModel model) {
    ExampleAxis axis = new ExampleAxis();
    List<Operand<?>> inputs = new ArrayList<>();
    model.inputs().forEach(input -> inputs.add(input.placeholder()));
    inputs.forEach(input -> axis.extents.put(input.asOutput(), Extent.axis(0)));
    for (GraphOperation op : Paths.between(inputs, List.of(model.output()))) {
      axis.visit(op);
    }
    return axis;
  }

  /** Where the examples are in a tensor. */
  Extent of(Operand<?> tensor) {
    return extents.getOrDefault(tensor.asOutput(), Extent.NONE);
  }

  private void visit(GraphOperation op) {
    List<Extent> inputs = new ArrayList<>();
    Extent first = Extent.NONE;
    for (Operand<?> input : op.inputs()) {
      Extent extent = of(input);
      inputs.add(extent);
      boolean worse = extent.kind().compareTo(first.kind()) > 0;
      first = worse ? extent : first;
    }
    boolean dependent = first.kind() != Extent.Kind.NONE;
    if (!dependent) {
      return;
    }
    for (int k = 0; k < op.numOutputs(); k++) {
      Extent extent = first;
      if (first.known()) {
        extent = AxisRules.output(op, inputs, k);
      } else if (AxisRules.onlyShape(op)) {
        extent = Extent.NONE;
      }
      extents.putIfAbsent(op.output(k), extent);
    }
  }
}
