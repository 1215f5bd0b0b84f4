package org.tfjavantk.empirical;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;

/**
 * How far stored values Θ̃ are from the kernel Θ in float64, on the entries of some examples with
 * each other.
 *
 * @param examples how many examples
 * @param entries how many entries
 * @param relative ‖Θ̃ − Θ‖ / ‖Θ‖ in the Frobenius norm over these entries
 * @param largest max |Θ̃ − Θ| / max |Θ|
 */
public record SampledError(int examples, long entries, double relative, double largest) {
  private static final long MEMORY = 1L << 30;

  /**
   * Compares symmetric kernels of all groups and outputs.
   *
   * @param exact the kernel in float64, at the same parameters
   * @param x the examples
   * @param stores the {@link EmpiricalNtk#matrices matrices}, complete
   * @param count how many examples, spread over all
   * @param divisor what the stored entries were divided by
   */
  public static SampledError of(
      EmpiricalNtk exact, Examples x, List<KernelStore> stores, int count, double divisor) {
    if (exact.model().precision() != Precision.FLOAT64) {
      throw new IllegalArgumentException("exact is in " + exact.model().precision());
    }
    int n = Math.min(count, x.count());
    int[] chosen =
        IntStream.range(0, n)
            .map(k -> n == 1 ? 0 : (int) ((long) k * (x.count() - 1) / (n - 1)))
            .toArray();
    double[] values = new double[n * x.size()];
    for (int k = 0; k < n; k++) {
      x.read(chosen[k], values, k * x.size());
    }
    Sums sums = new Sums();
    try (Panel left = exact.panel(values, n, n);
        Panel right = exact.panel(values, n, n)) {
      int matrix = 0;
      for (int group = 0; group < exact.groups().size(); group++) {
        try (NativeArray block = exact.contract(group, left, right, MEMORY)) {
          int per = stores.get(matrix).layout().outputs();
          int entries = n * per * n * per;
          for (long at = 0; at < block.length(); at += entries) {
            double[] expected = new double[entries];
            NativeArray one = NativeArray.allocate(Precision.FLOAT64, entries);
            try (one) {
              one.copy(0, block, at, entries);
              one.get(0, expected, entries);
            }
            sums.add(expected, divisor, sample(stores.get(matrix++), chosen));
          }
        }
      }
    }
    return sums.error(n);
  }

  /** The stored entries of some examples with each other, row-major. */
  private static double[] sample(KernelStore store, int[] chosen) {
    KernelLayout layout = store.layout();
    int per = layout.outputs();
    int side = chosen.length * per;
    double[] sample = new double[side * side];
    Map<Long, double[]> tiles = new LinkedHashMap<>();
    for (int a = 0; a < chosen.length; a++) {
      for (int b = a; b < chosen.length; b++) {
        int i = chosen[a] / layout.tileExamples();
        int j = chosen[b] / layout.tileExamples();
        double[] tile = tiles.computeIfAbsent((long) i << 32 | j, key -> store.readTile(i, j));
        int row = (chosen[a] - layout.firstExample(i)) * per;
        int column = (chosen[b] - layout.firstExample(j)) * per;
        for (int k = 0; k < per * per; k++) {
          int r = k / per;
          int c = k % per;
          double value = tile[(row + r) * layout.columnsOfTile(j) + column + c];
          sample[(a * per + r) * side + b * per + c] = value;
          sample[(b * per + c) * side + a * per + r] = value;
        }
      }
    }
    return sample;
  }

  /** As JSON values. */
  public Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("float64_sample_examples", examples);
    fields.put("float64_sample_entries", entries);
    fields.put("float64_relative_error", relative);
    fields.put("float64_largest_error", largest);
    return fields;
  }

  private static final class Sums {
    private long entries;
    private double squares;
    private double errors;
    private double largest;
    private double largestError;

    void add(double[] expected, double divisor, double[] actual) {
      for (int k = 0; k < expected.length; k++) {
        double value = expected[k] / divisor;
        double error = actual[k] - value;
        entries++;
        squares += value * value;
        errors += error * error;
        largest = Math.max(largest, Math.abs(value));
        largestError = Math.max(largestError, Math.abs(error));
      }
    }

    SampledError error(int examples) {
      return new SampledError(
          examples, entries, Math.sqrt(errors / squares), largestError / largest);
    }
  }
}
