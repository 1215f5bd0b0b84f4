package org.tfjavantk.infinite;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fastest arithmetic there is: with the Vector API where Java was started with it, else plain
 * loops.
 */
final class SlabMaths {
  private static final Logger LOG = LoggerFactory.getLogger(SlabMaths.class);
  private static final String MODULE = "jdk.incubator.vector";
  private static final Provider PROVIDER = provider();

  private SlabMaths() {}

  /** Both precisions. */
  interface Provider {
    SlabMath<float[]> floats();

    SlabMath<double[]> doubles();
  }

  static SlabMath<float[]> floats() {
    return PROVIDER.floats();
  }

  static SlabMath<double[]> doubles() {
    return PROVIDER.doubles();
  }

  private static Provider provider() {
    if (ModuleLayer.boot().findModule(MODULE).isPresent()) {
      try {
        // By name: the class is compiled apart and cannot be loaded without the module.
        return (Provider)
            Class.forName(SlabMaths.class.getPackageName() + ".VectorSlabs")
                .getDeclaredConstructor()
                .newInstance();
      } catch (ReflectiveOperationException | LinkageError e) {
        LOG.debug("no Vector API", e);
      }
    }
    LOG.warn(
        "Convolutional kernels are computed without vector instructions, several times slower:"
            + " start Java with --add-modules {}",
        MODULE);
    return new Provider() {
      @Override
      public SlabMath<float[]> floats() {
        return new PlainFloats();
      }

      @Override
      public SlabMath<double[]> doubles() {
        return new PlainDoubles();
      }
    };
  }
}
