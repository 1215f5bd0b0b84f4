package org.tfjavantk.linalg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class BlasTest {
  /** A product beside {@code eachAlone} waits, and then has as many threads as it had before. */
  @Test
  void productsOfOtherThreadsDoNotSeeTheOneThread() throws InterruptedException {
    int threads = Blas.threads();
    CountDownLatch inside = new CountDownLatch(1);
    Set<Integer> seen = ConcurrentHashMap.newKeySet();
    Thread other =
        new Thread(
            () -> {
              inside.countDown();
              Blas.product(() -> seen.add(-Blas.threads()));
            });
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    Blas.eachAlone(
        50,
        i -> {
          if (i == 0) {
            other.start();
            await(inside);
          }
          Blas.product(() -> seen.add(Blas.threads()));
          done.add(i);
        });
    other.join();
    assertEquals(50, done.size());
    assertEquals(Set.of(1, -threads), seen);
    assertEquals(threads, Blas.threads());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(2, TimeUnit.MINUTES));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aFailureGivesTheThreadsBack() {
    int threads = Blas.threads();
    assertThrows(
        ArithmeticException.class,
        () ->
            Blas.eachAlone(
                3,
                i -> {
                  throw new ArithmeticException();
                }));
    assertEquals(threads, Blas.threads());
    Blas.product(() -> assertEquals(threads, Blas.threads()));
  }
}
