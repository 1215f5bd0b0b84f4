package org.tfjavantk.cli.run.steps;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Lines of numbers. */
final class Csv {
  private final StringBuilder text = new StringBuilder();

  Csv(String... columns) {
    text.append(String.join(",", columns)).append('\n');
  }

  /** A line; what is NaN stays empty. */
  void line(double... values) {
    text.append(
            Arrays.stream(values)
                .mapToObj(value -> Double.isNaN(value) ? "" : Double.toString(value))
                .collect(Collectors.joining(",")))
        .append('\n');
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
