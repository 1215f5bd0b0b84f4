package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.tensorflow.Tensor;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.Blas;
import org.tfjavantk.linalg.NativeArray;

/**
 * Collects what {@link Factors} computed, batch by batch, in a {@link Panel}. Gradients that are
 * not in slices lie side by side in one matrix, so that they are contracted in one product.
 */
final class PanelBuilder implements AutoCloseable {
  private final List<Part> parts;
  private final int outputs;
  private final Precision precision;
  private final int examples;
  private final List<NativeArray> memory = new ArrayList<>();
  private final List<Factor> factors = new ArrayList<>();
  private boolean finished;

  PanelBuilder(List<Part> parts, int outputs, Precision precision, int examples) {
    this.parts = parts;
    this.outputs = outputs;
    this.precision = precision;
    this.examples = examples;
    int width = parts.stream().filter(this::inMatrix).mapToInt(PanelBuilder::size).sum();
    NativeArray matrix = width == 0 ? null : allocate((long) examples * outputs * width);
    int column = 0;
    for (Part part : parts) {
      if (inMatrix(part)) {
        factors.add(Rows.matrix(matrix, column, size(part), width));
        column += size(part);
      } else {
        factors.add(part.keepsGradients(outputs) ? slices(part) : ingredients(part));
      }
    }
  }

  private boolean inMatrix(Part part) {
    return part.keepsGradients(outputs) && !part.sliced();
  }

  private static int size(Part part) {
    return part.parameter().spec().size();
  }

  private Factor slices(Part part) {
    LinearLayer layer = part.layer().orElseThrow();
    int rows = examples * outputs;
    NativeArray array = allocate((long) rows * size(part));
    return Rows.slices(array, 0, rows, layer.channels(), layer.patch());
  }

  private Factor ingredients(Part part) {
    LinearLayer layer = part.layer().orElseThrow();
    return new Ingredients(
        allocate((long) examples * layer.inputs()), allocate(examples * layer.cotangents(outputs)));
  }

  private NativeArray allocate(long length) {
    NativeArray array = NativeArray.allocate(precision, length);
    memory.add(array);
    return array;
  }

  /** Takes the factors of n examples, the first of which is the given one of the panel. */
  void add(int first, int n, Fetched fetched) {
    int k = 0;
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).layer().isEmpty()) {
        append((Rows) factors.get(i), first, n, view(fetched.get(k++)));
        continue;
      }
      NativeArray a = view(fetched.get(k++));
      List<NativeArray> deltas = new ArrayList<>();
      for (int c = 0; c < outputs; c++) {
        deltas.add(view(fetched.get(k++)));
      }
      LinearLayer layer = parts.get(i).layer().get();
      if (factors.get(i) instanceof Ingredients ingredients) {
        ingredients.inputs().copy((long) first * layer.inputs(), a, 0, a.length());
        long size = layer.cotangents(outputs);
        NativeArray to = ingredients.cotangents();
        parallel(n, e -> interleave(layer, deltas, e, to, (first + e) * size));
      } else {
        form(layer, a, deltas, first, n, (Rows) factors.get(i));
      }
    }
  }

  private NativeArray view(Tensor tensor) {
    return NativeArray.view(tensor, precision);
  }

  /** Copies gradients (n·o, size) to rows of the matrix. */
  private void append(Rows to, int first, int n, NativeArray gradients) {
    for (int row = 0; row < n * outputs; row++) {
      long at = to.view(0, (long) first * outputs + row).offset();
      to.array().copy(at, gradients, (long) row * to.width(), to.width());
    }
  }

  /** Copies the cotangents of an example, (D, C) for every output, to (D, o, C). */
  private void interleave(
      LinearLayer layer, List<NativeArray> deltas, int example, NativeArray into, long at) {
    int channels = layer.channels();
    long from = (long) example * layer.positions() * channels;
    for (int p = 0; p < layer.positions(); p++) {
      for (int c = 0; c < outputs; c++) {
        long to = at + ((long) p * outputs + c) * channels;
        into.copy(to, deltas.get(c), from + (long) p * channels, channels);
      }
    }
  }

  private void form(
      LinearLayer layer, NativeArray a, List<NativeArray> deltas, int first, int n, Rows to) {
    Gradients gradients = new Gradients(layer, outputs);
    Queue<NativeArray> patches = new ConcurrentLinkedQueue<>();
    Queue<NativeArray> cotangents = new ConcurrentLinkedQueue<>();
    long size = layer.cotangents(outputs);
    int rows = layer.patch();
    try {
      Blas.alone(
          () ->
              parallel(
                  n,
                  e -> {
                    NativeArray scratch = take(patches, gradients.scratch(rows));
                    NativeArray together = take(cotangents, size);
                    interleave(layer, deltas, e, together, 0);
                    long input = (long) e * layer.inputs();
                    gradients.form(a, input, together, 0, 0, rows, scratch, to, first + e);
                    patches.add(scratch);
                    cotangents.add(together);
                  }));
    } finally {
      patches.forEach(NativeArray::close);
      cotangents.forEach(NativeArray::close);
    }
  }

  private NativeArray take(Queue<NativeArray> free, long length) {
    NativeArray array = free.poll();
    return array != null ? array : NativeArray.allocate(precision, length);
  }

  private static void parallel(int n, IntConsumer work) {
    IntStream.range(0, n).parallel().forEach(work);
  }

  /** The panel, which the caller closes. */
  Panel finish() {
    finished = true;
    return new Panel(examples, List.copyOf(factors), List.copyOf(memory));
  }

  /** Frees what was not finished. */
  @Override
  public void close() {
    if (!finished) {
      memory.forEach(NativeArray::close);
    }
  }
}
