package org.tfjavantk.empirical;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;

/**
 * Memory of panels that were closed, for those that come: to touch new memory for the first time
 * can cost more than what is computed in it.
 */
final class PanelMemory implements AutoCloseable {
  private final Precision precision;
  private final TreeMap<Long, Deque<NativeArray>> free = new TreeMap<>();

  PanelMemory(Precision precision) {
    this.precision = precision;
  }

  Precision precision() {
    return precision;
  }

  /** An array of at least this length, and not much longer, which holds anything. */
  synchronized NativeArray take(long length) {
    Map.Entry<Long, Deque<NativeArray>> entry = free.ceilingEntry(length);
    if (entry == null || entry.getKey() / 2 > length) {
      return NativeArray.allocate(precision, length);
    }
    NativeArray array = entry.getValue().pop();
    if (entry.getValue().isEmpty()) {
      free.remove(entry.getKey());
    }
    return array;
  }

  synchronized void give(NativeArray array) {
    free.computeIfAbsent(array.length(), length -> new ArrayDeque<>()).push(array);
  }

  @Override
  public synchronized void close() {
    free.values().forEach(arrays -> arrays.forEach(NativeArray::close));
    free.clear();
  }
}
