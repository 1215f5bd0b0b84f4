package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.infinite.SlabPlan.Level;

/**
 * The values of the second image of a pair at q = p + offset. They are rolled along the rows once
 * for every dx, and written twice, one copy below the other: with dy they then begin dy rows
 * further on.
 */
final class RolledSide<A> {
  private final Grid grid;
  private final int channels;
  private final A pixels;
  private final List<A> deviations = new ArrayList<>();

  /**
   * @param channels of the pixels; 0 where the level does not read them
   */
  RolledSide(Level level, int channels, SlabMath<A> math) {
    grid = level.grid();
    this.channels = channels;
    pixels = math.zeros(channels * channel());
    for (int i = 0; i < level.convs().size(); i++) {
      deviations.add(math.zeros(channel()));
    }
  }

  A pixels() {
    return pixels;
  }

  /** Values of one channel. */
  int channel() {
    return grid.border() + grid.positions() + grid.values();
  }

  A deviation(int conv) {
    return deviations.get(conv);
  }

  /** How much further on than in the grid the values of an offset along the height lie. */
  int shift(int dy) {
    return dy * grid.columns();
  }

  void roll(A from, List<A> fromDeviations, int dx) {
    for (int c = 0; c < channels; c++) {
      roll(from, c * grid.length(), pixels, c * channel(), dx);
    }
    for (int i = 0; i < deviations.size(); i++) {
      roll(fromDeviations.get(i), 0, deviations.get(i), 0, dx);
    }
  }

  private void roll(A from, int fromAt, A to, int toAt, int dx) {
    int columns = grid.columns();
    int source = fromAt + grid.border();
    int target = toAt + grid.border();
    for (int row = 0; row < grid.positions(); row += columns) {
      System.arraycopy(from, source + row + dx, to, target + row, columns - dx);
      System.arraycopy(from, source + row, to, target + row + columns - dx, dx);
    }
    System.arraycopy(to, target, to, target + grid.positions(), grid.positions());
  }
}
