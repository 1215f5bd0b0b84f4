package org.tfjavantk.data;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.tfjavantk.random.RandomStream;

/** Runs a {@link Generator}, on all cores; the examples don't depend on how many there are. */
final class GeneratedPart {
  private GeneratedPart() {}

  /**
   * The first {@code count} examples of a part. Each has a class of {@code kept} drawn by its
   * frequency, or the classes in turn if {@code stratified}.
   *
   * @param kept the generator's classes that occur, in the order of their new labels
   */
  static RawPart make(
      Generator generator, long seed, String part, int count, int[] kept, boolean stratified) {
    String name = "data/" + generator.name() + "/" + part;
    RandomStream values = RandomStream.of(seed, name);
    RandomStream choices = RandomStream.of(seed, name + "/labels");
    int[] frequencies = generator.frequencies();
    int total = Arrays.stream(kept).map(c -> frequencies[c]).sum();
    byte[][] rows = new byte[count][];
    int[] labels = new int[count];
    IntStream.range(0, count)
        .parallel()
        .forEach(
            i -> {
              int label = i % kept.length;
              if (!stratified) {
                int left = choices.integer(i, total);
                label = 0;
                while (left >= frequencies[kept[label]]) {
                  left -= frequencies[kept[label++]];
                }
              }
              labels[i] = label;
              rows[i] = generator.example(values, i, kept[label]);
            });
    return new RawPart(generator.type(), generator.shape(), rows, labels);
  }
}
