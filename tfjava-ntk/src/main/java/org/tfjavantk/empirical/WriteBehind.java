package org.tfjavantk.empirical;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A thread that writes a worker's last tile while the worker computes the next one. */
final class WriteBehind implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread writer = new Thread(work, "tile-writer");
            writer.setDaemon(true);
            return writer;
          });

  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  /** Starts to write, once the write before has ended. What is written must not throw. */
  void write(Runnable what) {
    settle();
    last = CompletableFuture.runAsync(what, thread);
  }

  /** Waits until the last write has ended. */
  void settle() {
    last.join();
  }

  /** Waits until the thread has ended. */
  @Override
  public void close() {
    thread.shutdown();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = thread.awaitTermination(1, TimeUnit.DAYS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
