package org.tfjavantk.linalg;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.bytedeco.openblas.global.openblas;

/**
 * Settings of the native library. It starts with as many threads as the JVM has processors, which
 * respects the quota of a container (OpenBLAS itself counts those of the host, and its threads wait
 * by spinning), unless the environment variable {@code OPENBLAS_NUM_THREADS} says otherwise.
 */
public final class Blas {
  private static final String VARIABLE = "OPENBLAS_NUM_THREADS";

  /**
   * Held while a product runs and while there is {@link #eachAlone}: the number of threads belongs
   * to the process, and a product that is cut otherwise is rounded otherwise. The library itself
   * does one product with several threads after the other, so nothing is lost.
   */
  private static final ReentrantLock PRODUCTS = new ReentrantLock();

  /** Whether this thread works for {@link #eachAlone}. */
  private static final ThreadLocal<Boolean> ALONE = ThreadLocal.withInitial(() -> false);

  static {
    setThreads(threadsFrom(System.getenv(VARIABLE), Runtime.getRuntime().availableProcessors()));
  }

  private Blas() {}

  static int threadsFrom(String variable, int processors) {
    boolean given = variable != null && variable.strip().matches("[1-9][0-9]{0,3}");
    return given ? Integer.parseInt(variable.strip()) : processors;
  }

  /** Loads the library and its settings, once. */
  static void load() {
    // The static initializer did it.
  }

  /** Threads that products, factorizations and eigenvalues use. */
  public static int threads() {
    return openblas.blas_get_num_threads();
  }

  /**
   * Calls {@code work} for 0 … n-1, shared out among the threads of the machine; each product in it
   * takes one thread. For many small products. Other threads' products wait meanwhile, so that they
   * are computed with as many threads as ever.
   */
  public static void eachAlone(int n, IntConsumer work) {
    PRODUCTS.lock();
    try {
      int before = threads();
      setThreads(1);
      try {
        IntStream.range(0, n).parallel().forEach(i -> alone(i, work));
      } finally {
        setThreads(before);
      }
    } finally {
      PRODUCTS.unlock();
    }
  }

  private static void alone(int i, IntConsumer work) {
    ALONE.set(true);
    try {
      work.accept(i);
    } finally {
      ALONE.remove();
    }
  }

  /** Runs a product, after those of other threads. */
  static void product(Runnable product) {
    if (ALONE.get()) {
      product.run();
      return;
    }
    PRODUCTS.lock();
    try {
      product.run();
    } finally {
      PRODUCTS.unlock();
    }
  }

  /** Sets the number of threads, for the whole process. */
  public static void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads);
    }
    openblas.blas_set_num_threads(threads);
  }
}
