package org.tfjavantk.cli.run.steps;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.data.Examples;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.store.TileSums;

/** Computes a little of a kernel in closed form, to say what all of it takes. */
final class ClosedFormPilot {
  /** No size is tried after one that took so many seconds. */
  private static final double ENOUGH = 0.5;

  /** Two threads have something to do from the first size on. */
  private static final int FIRST = 2;

  private ClosedFormPilot() {}

  /**
   * Seconds for a pair of examples, from tiles that grow until one takes half a second or is as
   * large as the kernel's own.
   *
   * @param matrices how many there are
   */
  static double pairSeconds(ClosedForm form, Examples examples, int matrices) {
    int most = Math.min(form.plan().tile(), examples.count());
    int side = Math.min(FIRST, most);
    while (true) {
      long start = System.nanoTime();
      form.tiled(examples, examples, sums(side, matrices)).compute((tile, done, total) -> {});
      double seconds = 1e-9 * (System.nanoTime() - start);
      if (seconds >= ENOUGH || side == most) {
        return seconds / ((double) side * side);
      }
      side = Math.min(2 * side, most);
    }
  }

  private static List<TileSink> sums(int side, int matrices) {
    KernelLayout layout = new KernelLayout(side, side, 1, side, false, StorageType.FLOAT64);
    List<TileSink> sums = new ArrayList<>();
    for (int k = 0; k < matrices; k++) {
      sums.add(new TileSums(layout));
    }
    return sums;
  }
}
