package org.tfjavantk.regression;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/** The parts of the training examples of which cross-validation leaves out one at a time. */
final class Folds {
  private static final String STREAM = "regression/folds";

  private Folds() {}

  /** Every example alone. */
  static List<int[]> single(int examples) {
    return IntStream.range(0, examples).mapToObj(e -> new int[] {e}).toList();
  }

  /**
   * {@code count} parts with as many of each class as can be, drawn with the seed.
   *
   * @throws UserException when there are fewer examples than parts
   */
  static List<int[]> draw(int[] labels, int classes, int count, long seed) {
    if (labels.length < count) {
      throw new UserException(
          "kernel_regression.folds is %d but there are %d training examples"
              .formatted(count, labels.length));
    }
    int[] order = RandomStream.of(seed, STREAM).permutation(labels.length);
    List<List<Integer>> folds = new ArrayList<>();
    for (int f = 0; f < count; f++) {
      folds.add(new ArrayList<>());
    }
    // Dealt out class after class, so that no two folds differ by more than one example.
    int next = 0;
    for (int c = 0; c < classes; c++) {
      for (int example : order) {
        if (labels[example] == c) {
          folds.get(next++ % count).add(example);
        }
      }
    }
    return folds.stream()
        .map(fold -> fold.stream().mapToInt(Integer::intValue).sorted().toArray())
        .toList();
  }
}
