package org.tfjavantk.deepnarrow;

import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.UserException;

/**
 * A function of one angle to be learned from points on the unit circle: inputs {@code (cos γ, sin
 * γ)}, targets {@code y(γ) = Σ_w amplitude sin(frequency γ + phase)}.
 *
 * @param angles γ of the training points, ascending
 * @param anchor γ of the point whose kernel with all others is watched
 */
public record CircleTask(double[] angles, double anchor, List<Wave> target) {
  /** One term of the target. */
  public record Wave(double amplitude, double frequency, double phase) {
    /** {@code cos γ sin γ = ½ sin 2γ}. */
    public static final Wave PRODUCT = new Wave(0.5, 2, 0);
  }

  public CircleTask {
    angles = angles.clone();
    target = List.copyOf(target);
  }

  /** The published task: 200 points in the first quadrant, the anchor in its middle. */
  public static CircleTask published() {
    return new CircleTask(grid(220, 10, 0, Math.PI / 2), Math.PI / 4, List.of(Wave.PRODUCT));
  }

  /**
   * {@code count} equispaced angles from {@code from} to {@code to}, both included, without the
   * first and last {@code trim}.
   *
   * @throws UserException if fewer than two are left
   */
  public static double[] grid(int count, int trim, double from, double to) {
    if (count - 2L * trim < 2) {
      throw new UserException(
          "a grid of %d angles without the first and last %d leaves fewer than 2"
              .formatted(count, trim));
    }
    return IntStream.range(trim, count - trim)
        .mapToDouble(i -> from + (to - from) * i / (count - 1))
        .toArray();
  }

  /** The training points. */
  public double[][] points() {
    return points(angles);
  }

  /** The anchor alone. */
  public double[][] anchorPoint() {
    return points(anchor);
  }

  private static double[][] points(double... angles) {
    return IntStream.range(0, angles.length)
        .mapToObj(i -> new double[] {Math.cos(angles[i]), Math.sin(angles[i])})
        .toArray(double[][]::new);
  }

  /** y of every training point, as a row of one value. */
  public double[][] targets() {
    return IntStream.range(0, angles.length)
        .mapToObj(i -> new double[] {target(angles[i])})
        .toArray(double[][]::new);
  }

  private double target(double angle) {
    return target.stream()
        .mapToDouble(w -> w.amplitude * Math.sin(w.frequency * angle + w.phase))
        .sum();
  }
}
