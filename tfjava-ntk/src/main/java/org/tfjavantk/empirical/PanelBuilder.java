package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Tensor;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/** Collects what {@link Factors} computed, batch by batch, in a {@link Panel}. */
final class PanelBuilder implements AutoCloseable {
  private final List<Part> parts;
  private final int outputs;
  private final Precision precision;
  private final int examples;
  private final List<List<NativeArray>> factors = new ArrayList<>();
  private boolean finished;

  PanelBuilder(List<Part> parts, int outputs, Precision precision, int examples) {
    this.parts = parts;
    this.outputs = outputs;
    this.precision = precision;
    this.examples = examples;
    for (Part part : parts) {
      List<NativeArray> arrays = new ArrayList<>();
      factors.add(arrays);
      for (long perExample : sizes(part)) {
        arrays.add(NativeArray.allocate(precision, examples * perExample));
      }
    }
  }

  /** The numbers that each array of a part holds for one example. */
  private List<Long> sizes(Part part) {
    long kept = part.kept(outputs);
    if (part.keepsGradients(outputs)) {
      return List.of(kept);
    }
    long inputs =
        part.convolution()
            .map(conv -> (long) Geometry.of(conv).inputs())
            .orElse((long) part.parameter().spec().shape()[0]);
    return List.of(inputs, kept - inputs);
  }

  /** Takes the factors of n examples, the first of which is the given one of the panel. */
  void add(int first, int n, Fetched fetched) {
    int k = 0;
    for (int i = 0; i < parts.size(); i++) {
      List<NativeArray> own = factors.get(i);
      if (parts.get(i).convolution().isEmpty()) {
        for (NativeArray array : own) {
          append(array, first, n, fetched.get(k++));
        }
        continue;
      }
      Use.Conv conv = parts.get(i).convolution().get();
      Tensor a = fetched.get(k++);
      List<NativeArray> deltas = new ArrayList<>();
      for (int c = 0; c < outputs; c++) {
        deltas.add(NativeArray.view(fetched.get(k++), precision));
      }
      if (parts.get(i).keepsGradients(outputs)) {
        gradients(conv, NativeArray.view(a, precision), deltas, first, n, own.get(0));
      } else {
        append(own.get(0), first, n, a);
        long size = deltas.get(0).length() / n;
        for (int c = 0; c < outputs; c++) {
          for (int e = 0; e < n; e++) {
            long row = (long) (first + e) * outputs + c;
            own.get(1).copy(row * size, deltas.get(c), e * size, size);
          }
        }
      }
    }
  }

  private void append(NativeArray array, int first, int n, Tensor values) {
    NativeArray view = NativeArray.view(values, precision);
    array.copy(view.length() / n * first, view, 0, view.length());
  }

  private void gradients(
      Use.Conv conv, NativeArray a, List<NativeArray> deltas, int first, int n, NativeArray into) {
    try (Gradients form = new Gradients(conv, outputs, precision)) {
      long size = (long) form.rows() * form.channels();
      form.form(
          n,
          a,
          (e, c) -> new View(deltas.get(c), (long) e * form.cotangent(), form.channels()),
          0,
          form.rows(),
          into,
          (long) first * outputs * size);
    }
  }

  /** The panel, which the caller closes. */
  Panel finish() {
    finished = true;
    return new Panel(examples, factors);
  }

  /** Frees what was not finished. */
  @Override
  public void close() {
    if (!finished) {
      factors.forEach(arrays -> arrays.forEach(NativeArray::close));
    }
  }
}
