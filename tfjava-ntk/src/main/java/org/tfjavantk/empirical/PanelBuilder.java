package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.tensorflow.Tensor;
import org.tfjavantk.empirical.Lane.Slot;
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
  private final PanelMemory memory;
  private final List<NativeArray> arrays = new ArrayList<>();
  private final List<Factor> factors = new ArrayList<>();
  private boolean finished;

  PanelBuilder(List<Part> parts, int outputs, int examples, PanelMemory memory) {
    this.parts = parts;
    this.outputs = outputs;
    this.precision = memory.precision();
    this.examples = examples;
    this.memory = memory;
    int width = parts.stream().filter(this::kept).mapToInt(PanelBuilder::size).sum();
    NativeArray matrix = width == 0 ? null : allocate((long) examples * outputs * width);
    int column = 0;
    for (Part part : parts) {
      if (kept(part)) {
        factors.add(new Rows(matrix, column, size(part), width));
        column += size(part);
      } else {
        factors.add(ingredients(part));
      }
    }
  }

  private boolean kept(Part part) {
    return part.keepsGradients(outputs);
  }

  private static int size(Part part) {
    return part.parameter().spec().size();
  }

  private Factor ingredients(Part part) {
    LinearLayer layer = part.layer().orElseThrow();
    return new Ingredients(
        allocate((long) examples * layer.inputs()), allocate(examples * layer.cotangents(outputs)));
  }

  private NativeArray allocate(long length) {
    NativeArray array = memory.take(length);
    arrays.add(array);
    return array;
  }

  /**
   * Takes the factors of n examples, the first of which is the given one of the panel. Several
   * threads may bring examples, each its own.
   */
  void add(int first, int n, Fetched fetched) {
    int k = 0;
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).layer().isEmpty()) {
        append((Rows) factors.get(i), first, n, view(fetched.get(k++)));
        continue;
      }
      NativeArray a = view(fetched.get(k++));
      NativeArray deltas = view(fetched.get(k++));
      LinearLayer layer = parts.get(i).layer().get();
      if (factors.get(i) instanceof Ingredients to) {
        to.inputs().copy((long) first * layer.inputs(), a, 0, a.length());
        to.cotangents().copy(first * layer.cotangents(outputs), deltas, 0, deltas.length());
      } else {
        form(layer, new Ingredients(a, deltas), first, n, (Rows) factors.get(i));
      }
    }
  }

  private NativeArray view(Tensor tensor) {
    return NativeArray.view(tensor, precision);
  }

  /** Copies the gradients (o, size) of some examples to rows of the matrix. */
  private void append(Rows to, int first, int n, NativeArray gradients) {
    for (int row = 0; row < n * outputs; row++) {
      long at = to.at((long) first * outputs + row);
      to.array().copy(at, gradients, (long) row * to.width(), to.width());
    }
  }

  private void form(LinearLayer layer, Ingredients of, int first, int n, Rows to) {
    Gradients gradients = new Gradients(layer, outputs);
    long size = (long) outputs * to.width();
    Queue<Lane> free = new ConcurrentLinkedQueue<>();
    try {
      Blas.alone(
          () ->
              IntStream.range(0, n)
                  .parallel()
                  .forEach(
                      e -> {
                        Lane own = free.poll();
                        Lane lane = own != null ? own : new Lane(precision);
                        NativeArray formed = lane.memory(Slot.GRADIENTS, size);
                        gradients.form(of, e, 0, layer.patch(), lane, formed, 0);
                        append(to, first + e, 1, formed);
                        free.add(lane);
                      }));
    } finally {
      free.forEach(Lane::close);
    }
  }

  /** The panel, which the caller closes. */
  Panel finish() {
    finished = true;
    return new Panel(examples, List.copyOf(factors), List.copyOf(arrays), memory);
  }

  /** Frees what was not finished. */
  @Override
  public void close() {
    if (!finished) {
      arrays.forEach(memory::give);
    }
  }
}
