package org.tfjavantk.graphs;

import java.util.List;
import org.tensorflow.Tensor;

/** Tensors that a model computed, in the order of the fetches. Close it, or close each of them. */
public final class Fetched implements AutoCloseable {
  private final List<Tensor> tensors;

  Fetched(List<Tensor> tensors) {
    this.tensors = List.copyOf(tensors);
  }

  /** The value of a fetch. */
  public Tensor get(int k) {
    return tensors.get(k);
  }

  /** All values. */
  public List<Tensor> tensors() {
    return tensors;
  }

  @Override
  public void close() {
    tensors.forEach(Tensor::close);
  }
}
