package org.tfjavantk.empirical;

import java.util.List;
import org.tfjavantk.linalg.NativeArray;

/**
 * Has the memory of a panel provided by a thread of its own while TensorFlow computes what will be
 * copied there. A system provides memory when it is first written, and a virtual machine may take
 * seconds for a GiB.
 */
final class MemoryAhead implements AutoCloseable {
  private final Thread thread;
  private volatile boolean stopped;

  /** Starts with what belongs to the first of the examples, in all arrays. */
  MemoryAhead(List<NativeArray> arrays, int examples) {
    List<NativeArray> all = List.copyOf(arrays);
    thread = new Thread(() -> provide(all, examples), "memory of a panel");
    thread.setDaemon(true);
    thread.start();
  }

  private void provide(List<NativeArray> arrays, int examples) {
    for (int e = 0; e < examples && !stopped; e++) {
      for (NativeArray array : arrays) {
        long each = array.length() / examples;
        array.provide(e * each, each);
      }
    }
  }

  /** Ends. What was not provided is when it is written. */
  @Override
  public void close() {
    stopped = true;
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
