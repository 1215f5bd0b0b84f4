package org.tfjavantk.tile;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Work that several workers take from one queue. */
public final class Queues {
  private Queues() {}

  /** What a worker does. */
  public interface Job<W> {
    void run(W worker, int number);
  }

  /**
   * Does the jobs 0 to count - 1, each by the next worker that is free; a single worker works in
   * the caller's thread. What fails first ends the work and is thrown.
   */
  public static <W> void work(int count, List<W> workers, Job<W> job) {
    AtomicInteger next = new AtomicInteger();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    List<Thread> threads = new ArrayList<>();
    for (W worker : workers) {
      Runnable work =
          () -> {
            try {
              for (int k = next.getAndIncrement();
                  k < count && failure.get() == null;
                  k = next.getAndIncrement()) {
                job.run(worker, k);
              }
            } catch (RuntimeException | Error e) {
              failure.compareAndSet(null, e);
            }
          };
      if (workers.size() == 1) {
        work.run();
      } else {
        Thread thread = new Thread(work, "device-" + threads.size());
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
      }
    }
    threads.forEach(Queues::join);
    if (failure.get() instanceof RuntimeException e) {
      throw e;
    }
    if (failure.get() instanceof Error e) {
      throw e;
    }
  }

  /** Waits for a thread, even if somebody interrupts: what it works on must not be freed. */
  private static void join(Thread thread) {
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
