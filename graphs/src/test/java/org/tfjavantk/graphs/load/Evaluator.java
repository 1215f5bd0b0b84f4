package org.tfjavantk.graphs.load;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.TInt64;
import org.tensorflow.types.TUint8;
import org.tensorflow.types.family.TType;

/** Runs a flat model as TensorFlow sees it. */
final class Evaluator {
  private Evaluator() {}

  /** The outputs by name, row-major, for inputs by name. */
  static Map<String, double[]> run(FlatModel model, Map<String, Npy> inputs) {
    try (Graph graph = new Graph()) {
      graph.importGraphDef(model.graph());
      Ops tf = Ops.create(graph);
      try (Session session = new Session(graph)) {
        List<Tensor> values = new ArrayList<>();
        Session.Runner assignments = session.runner();
        for (Variable variable : model.variables()) {
          Tensor value = tensor(variable.dtype(), variable.shape(), variable.values().doubles());
          values.add(value);
          Operand<TType> handle = typed(graph.operationOrThrow(variable.handle()).output(0));
          var placeholder = tf.placeholder(type(variable.dtype()));
          assignments.feed(placeholder, value).addTarget(tf.assignVariableOp(handle, placeholder));
        }
        assignments.run().close();
        values.forEach(Tensor::close);
        Map<String, Tensor> fed = new HashMap<>();
        Session.Runner runner = session.runner();
        for (Port port : model.inputs()) {
          Npy npy = inputs.get(port.name());
          Tensor tensor = tensor(port.dtype(), npy.shape(), npy.values());
          fed.put(port.name(), tensor);
          runner.feed(port.tensor(), tensor);
        }
        model.outputs().forEach(port -> runner.fetch(port.tensor()));
        Map<String, double[]> results = new LinkedHashMap<>();
        try (var result = runner.run()) {
          List<Port> outputs = model.outputs();
          for (int i = 0; i < outputs.size(); i++) {
            results.put(outputs.get(i).name(), Values.of(result.get(i)).doubles());
          }
        }
        fed.values().forEach(Tensor::close);
        return results;
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static Operand<TType> typed(Operand<?> operand) {
    return (Operand<TType>) operand;
  }

  private static Class<? extends TType> type(DataType dtype) {
    return switch (dtype) {
      case DT_FLOAT -> TFloat32.class;
      case DT_DOUBLE -> TFloat64.class;
      case DT_INT32 -> TInt32.class;
      case DT_INT64 -> TInt64.class;
      case DT_UINT8 -> TUint8.class;
      default -> throw new IllegalArgumentException(dtype.toString());
    };
  }

  private static Tensor tensor(DataType dtype, long[] shape, double[] values) {
    var bytes = Values.of(dtype, values).bytes();
    return Tensor.of(
        type(dtype),
        Shape.of(shape),
        bytes.remaining(),
        t -> {
          var data = t.asRawTensor().data();
          for (int i = 0; bytes.hasRemaining(); i++) {
            data.setByte(bytes.get(), i);
          }
        });
  }
}
