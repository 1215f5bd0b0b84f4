package org.tfjavantk.linalg;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Classes that use the Vector API. They are compiled apart, because it is a module that incubates,
 * and can be loaded only where Java was started with it.
 */
public final class VectorApi {
  private static final Logger LOG = LoggerFactory.getLogger(VectorApi.class);
  private static final String MODULE = "jdk.incubator.vector";
  private static final boolean PRESENT = present();

  private VectorApi() {}

  private static boolean present() {
    boolean present = ModuleLayer.boot().findModule(MODULE).isPresent();
    if (!present) {
      LOG.warn(
          "Kernels of convolutions are computed without the Vector API, at half the speed:"
              + " start Java with --add-modules {}",
          MODULE);
    }
    return present;
  }

  /**
   * Creates objects of a class; empty without the Vector API.
   *
   * @param lookup of a class in the same package
   * @param name of the class, which has a constructor without parameters
   * @param type what it implements
   */
  public static <T> Optional<Supplier<T>> creator(
      MethodHandles.Lookup lookup, String name, Class<T> type) {
    if (!PRESENT) {
      return Optional.empty();
    }
    try {
      // By name: the class cannot be loaded without the module.
      Class<?> found = Class.forName(lookup.lookupClass().getPackageName() + "." + name);
      MethodHandle create = lookup.findConstructor(found, MethodType.methodType(void.class));
      return Optional.of(() -> type.cast(created(create)));
    } catch (ReflectiveOperationException | LinkageError e) {
      LOG.debug("no Vector API", e);
      return Optional.empty();
    }
  }

  private static Object created(MethodHandle create) {
    try {
      return create.invoke();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
