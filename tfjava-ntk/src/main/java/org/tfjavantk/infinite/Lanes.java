package org.tfjavantk.infinite;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.tfjavantk.linalg.Blas;

/** Work in pieces that several threads take, each thread with a memory of its own. */
final class Lanes {
  private Lanes() {}

  interface Job<W> {
    void run(W memory, int piece);
  }

  /**
   * Does the pieces 0 to count - 1, begun in this order, on as many threads as linear algebra uses.
   * What fails first ends the work and is thrown.
   */
  static <W> void work(int count, Supplier<W> memory, Job<W> job) {
    AtomicInteger next = new AtomicInteger();
    AtomicBoolean failed = new AtomicBoolean();
    IntStream.range(0, Math.min(count, Blas.threads()))
        .parallel()
        .forEach(
            lane -> {
              W own = memory.get();
              try {
                for (int i = next.getAndIncrement();
                    i < count && !failed.get();
                    i = next.getAndIncrement()) {
                  job.run(own, i);
                }
              } catch (RuntimeException | Error e) {
                failed.set(true);
                throw e;
              }
            });
  }
}
