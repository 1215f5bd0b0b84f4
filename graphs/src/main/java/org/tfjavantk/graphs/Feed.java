package org.tfjavantk.graphs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;

/** Runs a model on examples. */
final class Feed {
  private Feed() {}

  /** One run for all examples. */
  static Fetched run(
      GraphModel model,
      double[] x,
      int n,
      Map<Operand<?>, Tensor> others,
      List<? extends Operand<?>> fetches) {
    List<Tensor> open = new ArrayList<>();
    try {
      Session.Runner runner = model.session().runner();
      int offset = 0;
      for (ModelInput input : model.inputs()) {
        open.add(tensor(input, x, n, offset, model.exampleSize()));
        runner.feed(input.placeholder(), open.get(open.size() - 1));
        offset += input.size();
      }
      others.forEach(runner::feed);
      fetches.forEach(runner::fetch);
      List<Tensor> values = new ArrayList<>();
      runner.run().forEach(entry -> values.add(entry.getValue()));
      return new Fetched(values);
    } finally {
      open.forEach(Tensor::close);
    }
  }

  /** The values of one input of n examples; they start at {@code offset} in each. */
  static Tensor tensor(ModelInput input, double[] x, int n, int offset, int exampleSize) {
    double[] values = x;
    if (input.size() != exampleSize) {
      values = new double[n * input.size()];
      for (int i = 0; i < n; i++) {
        System.arraycopy(x, i * exampleSize + offset, values, i * input.size(), input.size());
      }
    }
    long[] shape = new long[input.shape().length + 1];
    shape[0] = n;
    for (int i = 1; i < shape.length; i++) {
      shape[i] = input.shape()[i - 1];
    }
    try {
      return Tensors.of(values, input.placeholder().type(), shape);
    } catch (ArithmeticException e) {
      throw new UserException(
          "input "
              + input.name()
              + " of the model: "
              + e.getMessage()
              + "; check the data, and dataset.preprocess: by default it divides bytes by 255",
          e);
    }
  }

  /**
   * Runs of {@code batch} examples each. The last one is filled up with its first example, and what
   * comes of those is left out.
   */
  static Fetched runInBatches(
      GraphModel model, double[] x, int n, int batch, List<? extends Operand<?>> fetches) {
    int size = model.exampleSize();
    List<List<Tensor>> pieces = new ArrayList<>();
    fetches.forEach(fetch -> pieces.add(new ArrayList<>()));
    try {
      for (int from = 0; from < n; from += batch) {
        double[] some = new double[batch * size];
        for (int i = 0; i < batch; i++) {
          System.arraycopy(x, (from + i < n ? from + i : from) * size, some, i * size, size);
        }
        List<Tensor> values = run(model, some, batch, Map.of(), fetches).tensors();
        for (int k = 0; k < values.size(); k++) {
          pieces.get(k).add(values.get(k));
        }
      }
      return new Fetched(
          pieces.stream().map(piece -> Tensors.concatenated(piece, n, batch)).toList());
    } finally {
      pieces.forEach(piece -> piece.forEach(Tensor::close));
    }
  }
}
