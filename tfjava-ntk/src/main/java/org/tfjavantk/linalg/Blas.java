package org.tfjavantk.linalg;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas;

/**
 * Settings of the native library. It starts with as many threads as the JVM has processors, which
 * respects the quota of a container (OpenBLAS itself counts those of the host, and its threads wait
 * by spinning), unless the environment variable {@code OPENBLAS_NUM_THREADS} says otherwise.
 */
public final class Blas {
  private static final String VARIABLE = "OPENBLAS_NUM_THREADS";

  static {
    setThreads(threadsFrom(System.getenv(VARIABLE), Runtime.getRuntime().availableProcessors()));
  }

  private static int alone;
  private static int before;

  private Blas() {}

  static int threadsFrom(String variable, int processors) {
    boolean given = variable != null && variable.strip().matches("[1-9][0-9]{0,3}");
    return given ? Integer.parseInt(variable.strip()) : processors;
  }

  /** Loads the library and its settings, once. */
  static void load() {
    // The static initializer did it.
  }

  /** Threads that products, factorizations and eigenvalues use, but for work {@link #alone}. */
  public static synchronized int threads() {
    return alone > 0 ? before : openblas.blas_get_num_threads();
  }

  /** Sets the number of threads, for the whole process. */
  public static void setThreads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads);
    }
    // The call leaves a pointer to a function behind.
    try (PointerScope scope = new PointerScope()) {
      scope.getClass();
      openblas.blas_set_num_threads(threads);
    }
  }

  /**
   * Does work whose products run on the threads that call them, and on no others; meanwhile this
   * holds for the whole process.
   */
  public static void alone(Runnable work) {
    synchronized (Blas.class) {
      if (alone == 0) {
        before = threads();
        setThreads(1);
      }
      alone++;
    }
    try {
      work.run();
    } finally {
      synchronized (Blas.class) {
        if (--alone == 0) {
          setThreads(before);
        }
      }
    }
  }
}
