package org.tfjavantk.empirical;

import java.util.List;
import org.tensorflow.GraphOperation;
import org.tensorflow.ndarray.Shape;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.ModelInput;
import org.tfjavantk.transform.Paths;

/** How much a model computes on its way from the inputs to the output. */
final class Activations {
  private Activations() {}

  /** Values of all tensors between the inputs and the output, of one example. */
  static long perExample(GraphModel model) {
    var inputs = model.inputs().stream().map(ModelInput::placeholder).toList();
    long values = 0;
    for (GraphOperation op : Paths.between(inputs, List.of(model.output()))) {
      for (int k = 0; k < op.numOutputs(); k++) {
        values += size(op.output(k).shape());
      }
    }
    return Math.max(1, model.batch() > 0 ? values / model.batch() : values);
  }

  /** Entries of one example: a length that is not known is that of the batch. */
  private static long size(Shape shape) {
    long size = shape.isUnknown() ? 0 : 1;
    for (int i = 0; i < shape.numDimensions(); i++) {
      size *= Math.max(1, shape.get(i));
    }
    return size;
  }
}
