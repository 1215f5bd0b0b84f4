package org.tfjavantk.infinite;

import java.lang.invoke.MethodHandles;
import java.util.Optional;
import java.util.function.Supplier;
import org.tfjavantk.linalg.VectorApi;

/**
 * The fastest arithmetic in float32 that there is: with the Vector API where Java was started with
 * it, else in plain loops.
 */
final class SlabMaths {
  @SuppressWarnings("rawtypes")
  private static final Optional<Supplier<SlabMath>> VECTORS =
      VectorApi.creator(MethodHandles.lookup(), "VectorFloats", SlabMath.class);

  private SlabMaths() {}

  /** One for each thread. */
  @SuppressWarnings("unchecked")
  static SlabMath<float[]> floats() {
    return VECTORS.isPresent() ? VECTORS.get().get() : new Floats();
  }
}
