package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.infinite.SlabMath.Spread;
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
  private final List<Spread<A>> spreads = new ArrayList<>();

  /**
   * @param channels of the pixels; 0 where the level does not read them
   */
  RolledSide(Level level, int channels, SlabMath<A> math) {
    grid = level.grid();
    this.channels = channels;
    pixels = math.zeros(channels * channel());
    for (int i = 0; i < level.convs().size(); i++) {
      spreads.add(new Spread<>(math.zeros(channel()), math.zeros(channel())));
    }
  }

  A pixels() {
    return pixels;
  }

  /** Values of one channel. */
  int channel() {
    return grid.positions() + grid.values();
  }

  Spread<A> spread(int conv) {
    return spreads.get(conv);
  }

  /** Where the values of an offset along the height begin. */
  int at(int dy) {
    return dy * grid.columns();
  }

  void roll(A from, List<Spread<A>> fromSpreads, int dx) {
    for (int c = 0; c < channels; c++) {
      roll(from, c * grid.length(), pixels, c * channel(), dx);
    }
    for (int i = 0; i < spreads.size(); i++) {
      roll(fromSpreads.get(i).deviation(), 0, spreads.get(i).deviation(), 0, dx);
      roll(fromSpreads.get(i).inverse(), 0, spreads.get(i).inverse(), 0, dx);
    }
  }

  private void roll(A from, int fromAt, A to, int toAt, int dx) {
    int columns = grid.columns();
    int first = fromAt + grid.border();
    for (int y = 0; y < grid.rows(); y++) {
      int row = y * columns;
      System.arraycopy(from, first + row + dx, to, toAt + row, columns - dx);
      System.arraycopy(from, first + row, to, toAt + row + columns - dx, dx);
    }
    System.arraycopy(to, toAt, to, toAt + grid.positions(), grid.positions());
  }
}
