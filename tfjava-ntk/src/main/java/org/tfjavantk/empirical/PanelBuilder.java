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
  private final MemoryAhead ahead;

  /** Those that no thread works with. */
  private final Queue<Lane> lanes = new ConcurrentLinkedQueue<>();

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
    ahead = new MemoryAhead(arrays, examples);
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

  /** Takes one of the fetched examples as the panel's example of a number. */
  private interface Taker {
    void take(int fetched, int number, Lane lane);
  }

  /**
   * Takes the factors of n examples, the first of which is the given one of the panel. Several
   * threads may bring examples, each its own.
   */
  void add(int first, int n, Fetched fetched) {
    List<Taker> takers = new ArrayList<>();
    int k = 0;
    for (int i = 0; i < parts.size(); i++) {
      NativeArray one = view(fetched.get(k++));
      takers.add(
          parts.get(i).layer().isEmpty()
              ? gradients((Rows) factors.get(i), one)
              : layer(i, new Ingredients(one, view(fetched.get(k++)))));
    }
    Blas.alone(() -> IntStream.range(0, n).parallel().forEach(e -> take(takers, e, first + e)));
  }

  private void take(List<Taker> takers, int fetched, int number) {
    Lane free = lanes.poll();
    Lane lane = free != null ? free : new Lane(precision);
    try {
      takers.forEach(taker -> taker.take(fetched, number, lane));
    } finally {
      lanes.add(lane);
    }
  }

  private NativeArray view(Tensor tensor) {
    return NativeArray.view(tensor, precision);
  }

  private Taker gradients(Rows to, NativeArray gradients) {
    long size = (long) outputs * to.width();
    return (e, number, lane) -> append(to, number, gradients, e * size);
  }

  /** Copies the gradients (o, size) of an example to rows of the matrix. */
  private void append(Rows to, int number, NativeArray gradients, long from) {
    for (int c = 0; c < outputs; c++) {
      long at = to.at((long) number * outputs + c);
      to.array().copy(at, gradients, from + (long) c * to.width(), to.width());
    }
  }

  private Taker layer(int part, Ingredients from) {
    LinearLayer layer = parts.get(part).layer().orElseThrow();
    if (factors.get(part) instanceof Ingredients to) {
      return (e, number, lane) -> {
        copy(to.inputs(), number, from.inputs(), e, layer.inputs());
        copy(to.cotangents(), number, from.cotangents(), e, layer.cotangents(outputs));
      };
    }
    Rows to = (Rows) factors.get(part);
    Gradients gradients = new Gradients(layer, outputs);
    return (e, number, lane) -> {
      NativeArray formed = lane.memory(Slot.GRADIENTS, (long) outputs * to.width());
      gradients.form(from, e, 0, layer.patch(), lane, formed, 0);
      append(to, number, formed, 0);
    };
  }

  private static void copy(NativeArray to, int number, NativeArray from, int e, long size) {
    to.copy(number * size, from, e * size, size);
  }

  /** The panel, which the caller closes. */
  Panel finish() {
    ahead.close();
    finished = true;
    return new Panel(examples, List.copyOf(factors), List.copyOf(arrays), memory);
  }

  /** Frees what was not finished. */
  @Override
  public void close() {
    ahead.close();
    lanes.forEach(Lane::close);
    if (!finished) {
      arrays.forEach(memory::give);
    }
  }
}
