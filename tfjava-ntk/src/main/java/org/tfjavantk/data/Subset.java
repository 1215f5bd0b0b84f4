package org.tfjavantk.data;

import java.util.Arrays;
import java.util.List;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/** Draws places out of a pool of places of a source part. */
final class Subset {
  private final int[] labels;
  private final List<String> classNames;
  private final Draw draw;

  /**
   * @param labels of all examples of the part, new labels; -1 where the class isn't kept
   * @param classNames by new label
   */
  Subset(int[] labels, List<String> classNames, Draw draw) {
    this.labels = labels;
    this.classNames = classNames;
    this.draw = draw;
  }

  /** All places with a class that is kept. */
  int[] pool() {
    int[] pool = new int[labels.length];
    int n = 0;
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] >= 0) {
        pool[n++] = i;
      }
    }
    return Arrays.copyOf(pool, n);
  }

  /** Puts the pool in the order in which the examples are taken. */
  int[] ordered(int[] pool, RandomStream stream) {
    if (draw == Draw.FIRST) {
      return pool.clone();
    }
    int[] permutation = stream.permutation(pool.length);
    int[] order = Arrays.stream(permutation).map(i -> pool[i]).toArray();
    return draw == Draw.RANDOM ? order : alternating(order);
  }

  /** One of every class in turn; a class that runs out is passed over. */
  private int[] alternating(int[] order) {
    int classes = classNames.size();
    int[][] byClass = new int[classes][];
    for (int c = 0; c < classes; c++) {
      int wanted = c;
      byClass[c] = Arrays.stream(order).filter(i -> labels[i] == wanted).toArray();
    }
    int[] result = new int[order.length];
    int n = 0;
    for (int round = 0; n < result.length; round++) {
      for (int[] places : byClass) {
        if (round < places.length) {
          result[n++] = places[round];
        }
      }
    }
    return result;
  }

  /**
   * The first {@code count} of an ordered pool.
   *
   * @param field of the config, for the message
   * @throws UserException if there are fewer, or under STRATIFIED too few of a class
   */
  int[] take(int[] ordered, int count, String field, String shortage) {
    if (count > ordered.length) {
      throw new UserException(
          "%s: asks for %,d examples, there are %,d%s"
              .formatted(field, count, ordered.length, because(shortage)));
    }
    int[] taken = Arrays.copyOf(ordered, count);
    if (draw == Draw.STRATIFIED) {
      checkStratified(ordered, taken, field, shortage);
    }
    return taken;
  }

  private void checkStratified(int[] ordered, int[] taken, String field, String shortage) {
    int classes = classNames.size();
    int[] found = new int[classes];
    for (int i : taken) {
      found[labels[i]]++;
    }
    for (int c = 0; c < classes; c++) {
      int needed = taken.length / classes + (c < taken.length % classes ? 1 : 0);
      if (found[c] < needed) {
        int most = smallestClass(ordered) * classes;
        throw new UserException(
            "%s: %,d examples with draw: STRATIFIED need %,d of class %d (%s), there are %,d; ask for at most %,d, or draw: RANDOM%s"
                .formatted(
                    field,
                    taken.length,
                    needed,
                    c,
                    classNames.get(c),
                    found[c],
                    most,
                    because(shortage)));
      }
    }
  }

  private int smallestClass(int[] places) {
    int[] counts = new int[classNames.size()];
    for (int i : places) {
      counts[labels[i]]++;
    }
    return Arrays.stream(counts).min().orElse(0);
  }

  private static String because(String shortage) {
    return shortage.isEmpty() ? "" : " (" + shortage + ")";
  }
}
