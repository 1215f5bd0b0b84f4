package org.tfjavantk.empirical;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The panels that were used last; of so many as may exist at a time, but for the last two. */
final class PanelCache implements AutoCloseable {
  /**
   * Whose panel it is.
   *
   * @param columns whether of the columns' examples, where these are not the rows'
   * @param tile the row or column of tiles
   */
  record Key(boolean columns, int tile) {}

  private final int capacity;
  private final Map<Key, Panel> panels = new LinkedHashMap<>(16, 0.75f, true);

  PanelCache(int capacity) {
    this.capacity = Math.max(2, capacity);
  }

  /** The panel; one that was asked for just before stays. */
  Panel get(Key key, Supplier<Panel> compute) {
    Panel panel = panels.get(key);
    if (panel == null) {
      // Room is made first, so that there are never more than may be.
      Iterator<Panel> oldest = panels.values().iterator();
      while (panels.size() >= capacity) {
        oldest.next().close();
        oldest.remove();
      }
      panel = compute.get();
      panels.put(key, panel);
    }
    return panel;
  }

  @Override
  public void close() {
    panels.values().forEach(Panel::close);
    panels.clear();
  }
}
