package org.tfjavantk.tile;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** A thread that writes the last tile while the next one is computed. */
final class WriteBehind implements AutoCloseable {
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread writer = new Thread(work, "tile-writer");
            writer.setDaemon(true);
            return writer;
          });

  private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);

  /** Starts to write, once the write before has ended; throws what that one threw. */
  void write(Runnable what) {
    settle();
    last = CompletableFuture.runAsync(what, thread);
  }

  /** Waits until the last write has ended; throws what it threw. */
  void settle() {
    try {
      last.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw e;
    }
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
