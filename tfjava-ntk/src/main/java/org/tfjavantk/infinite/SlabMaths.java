package org.tfjavantk.infinite;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fastest arithmetic in float32 that there is: with the Vector API where Java was started with
 * it, else in plain loops.
 */
final class SlabMaths {
  private static final Logger LOG = LoggerFactory.getLogger(SlabMaths.class);
  private static final String MODULE = "jdk.incubator.vector";
  private static final Supplier<SlabMath<float[]>> FLOATS = fastest();

  private SlabMaths() {}

  /** One for each thread. */
  static SlabMath<float[]> floats() {
    return FLOATS.get();
  }

  private static Supplier<SlabMath<float[]>> fastest() {
    if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
      try {
        // By name: the class is compiled apart and cannot be loaded without the module.
        Class<?> vectors = Class.forName(SlabMaths.class.getPackageName() + ".VectorFloats");
        var create =
            MethodHandles.lookup().findConstructor(vectors, MethodType.methodType(void.class));
        return () -> created(create);
      } catch (ReflectiveOperationException | LinkageError e) {
        LOG.debug("no Vector API", e);
      }
    }
    LOG.warn(
        "Convolutional kernels are computed without the Vector API, at half the speed:"
            + " start Java with --add-modules {}",
        MODULE);
    return Floats::new;
  }

  @SuppressWarnings("unchecked")
  private static SlabMath<float[]> created(MethodHandle create) {
    try {
      return (SlabMath<float[]>) create.invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
