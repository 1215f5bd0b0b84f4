package org.tfjavantk.train;

import java.util.concurrent.CompletableFuture;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TInt32;
import org.tfjavantk.data.Augmentation;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.random.RandomStream;

/** Examples in batches, the next one prepared while the last one is used. */
final class Batches {
  /** A batch in native memory. */
  record Batch(Tensor x, TInt32 y, int size) implements AutoCloseable {
    @Override
    public void close() {
      x.close();
      y.close();
    }
  }

  /** A random change to every example. */
  record Change(Augmentation augmentation, double[] outside, RandomStream stream) {
    void apply(double[] x, int offset, int[] shape, long draw) {
      augmentation.apply(x, offset, shape, outside, stream, draw);
    }
  }

  /** What to do with a batch. */
  interface Consumer {
    /**
     * @param number of the batch in the epoch, from 0
     * @param done examples of the epoch that are done with this batch
     */
    void accept(Batch batch, int number, int done);
  }

  private final GraphModel model;
  private final Examples examples;
  private final int batchSize;

  Batches(GraphModel model, Examples examples, int batchSize) {
    this.model = model;
    this.examples = examples;
    this.batchSize = batchSize;
  }

  /** How many batches an epoch has; the last may be smaller. */
  int count() {
    return (int) (((long) examples.count() + batchSize - 1) / batchSize);
  }

  /** All examples in their own order. */
  void forEach(Consumer consumer) {
    forEach(null, null, 0, consumer);
  }

  /**
   * All examples in the given order, augmented.
   *
   * @param order a permutation, or null for the examples' own order
   * @param change null for none
   * @param firstDraw example i of the order uses draw firstDraw + i of the change's stream
   */
  void forEach(int[] order, Change change, long firstDraw, Consumer consumer) {
    int batches = count();
    CompletableFuture<Batch> next = null;
    try {
      next = prepare(0, order, change, firstDraw);
      for (int b = 0; b < batches; b++) {
        try (Batch batch = next.join()) {
          next = b + 1 < batches ? prepare(b + 1, order, change, firstDraw) : null;
          consumer.accept(batch, b, from(b) + batch.size());
        }
      }
    } catch (java.util.concurrent.CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    } finally {
      if (next != null) {
        next.thenAccept(Batch::close);
      }
    }
  }

  /** The first example of a batch. */
  private int from(int b) {
    return Math.toIntExact((long) b * batchSize);
  }

  private CompletableFuture<Batch> prepare(int b, int[] order, Change change, long firstDraw) {
    return CompletableFuture.supplyAsync(
        () -> {
          int from = from(b);
          int size = Math.min(batchSize, examples.count() - from);
          int length = examples.size();
          int[] shape = examples.shape();
          double[] x = new double[size * length];
          int[] y = new int[size];
          for (int k = 0; k < size; k++) {
            int i = order == null ? from + k : order[from + k];
            examples.read(i, x, k * length);
            y[k] = examples.label(i);
            if (change != null) {
              change.apply(x, k * length, shape, firstDraw + from + k);
            }
          }
          TInt32 labels =
              TInt32.tensorOf(Shape.of(size), t -> t.copyFrom(DataBuffers.of(y, true, false)));
          return new Batch(model.inputTensor(x, size), labels, size);
        });
  }
}
