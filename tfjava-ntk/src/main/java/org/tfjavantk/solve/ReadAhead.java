package org.tfjavantk.solve;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ObjIntConsumer;

/**
 * Loads the next piece of a sequence while the present one is worked on, in two buffers by turns.
 */
final class ReadAhead {
  private ReadAhead() {}

  /**
   * Calls {@code use(buffer, k)} for k from 0 to {@code count} - 1 in order, in this thread, each
   * after {@code load(buffer, k)}, in another.
   */
  static <B> void run(int count, B one, B other, ObjIntConsumer<B> load, ObjIntConsumer<B> use) {
    if (count == 0) {
      return;
    }
    ExecutorService reader =
        Executors.newSingleThreadExecutor(
            work -> {
              Thread thread = new Thread(work, "read-ahead");
              thread.setDaemon(true);
              return thread;
            });
    try {
      Future<?> loaded = reader.submit(() -> load.accept(one, 0));
      for (int k = 0; k < count; k++) {
        await(loaded);
        int next = k + 1;
        B ahead = next % 2 == 0 ? one : other;
        if (next < count) {
          loaded = reader.submit(() -> load.accept(ahead, next));
        }
        use.accept(k % 2 == 0 ? one : other, k);
      }
    } finally {
      reader.shutdown();
      // The buffers are the caller's to free: nobody may write to them any more.
      awaitEnd(reader);
    }
  }

  private static void awaitEnd(ExecutorService reader) {
    boolean interrupted = false;
    while (!reader.isTerminated()) {
      try {
        reader.awaitTermination(1, java.util.concurrent.TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(Future<?> loaded) {
    try {
      loaded.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while reading ahead", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      if (e.getCause() instanceof Error cause) {
        throw cause;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
