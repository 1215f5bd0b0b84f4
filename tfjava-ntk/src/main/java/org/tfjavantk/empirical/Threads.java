package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;

/** Threads that live as long as a call. */
final class Threads {
  private Threads() {}

  /**
   * Runs each piece of work in a thread of its own and waits for all of them, also when
   * interrupted.
   *
   * @param work must not throw
   */
  static void run(String name, List<Runnable> work) {
    List<Thread> threads = new ArrayList<>();
    for (Runnable piece : work) {
      Thread thread = new Thread(piece, name + "-" + threads.size());
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
