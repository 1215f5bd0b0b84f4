package org.tfjavantk.deepnarrow;

import java.util.Locale;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;

/**
 * What is known of a step of gradient descent before the first is taken.
 *
 * @param step the dimensionless step {@code h = η L C²}
 * @param largest {@code K / λmax(Θ̂ / n)}, which h must stay below: above, the loss grows
 */
public record StepCheck(double step, double largest) {
  /** Part of a target's scale that float32 must resolve. */
  private static final double RESOLUTION = 1e-4;

  /** Distance from 1 to the next float32. */
  private static final double FLOAT32_EPSILON = 0x1p-23;

  /** {@code h / largest}; stable below 1. */
  public double ratio() {
    return step / largest;
  }

  public boolean stable() {
    return ratio() < 1;
  }

  /** One sentence with the numbers. */
  public String words() {
    return String.format(
        Locale.ROOT,
        "dimensionless step η L C² = %.4g, %.3g of the largest stable one (%.4g)",
        step,
        ratio(),
        largest);
  }

  /**
   * Refuses a step that is not stable.
   *
   * @param field stands before the message
   * @throws UserException if it isn't
   */
  public void require(String field) {
    if (!stable()) {
      throw new UserException(
          field
              + ": "
              + words()
              + ": the loss would grow. Lower the learning rate by a factor of "
              + String.format(Locale.ROOT, "%.2g", 1.1 * ratio())
              + " or more, or give force: true");
    }
  }

  /**
   * Refuses a scale at which float32 cannot hold what is learned: the output is a difference of
   * numbers of size C, and steps of size η C are added to weights of 1.
   *
   * @param field stands before the message
   * @param target size of what is to be learned
   * @throws UserException if {@code C ε > 1e-4 target} or {@code η C target < ε}
   */
  public static void requireResolution(
      String field, DeepNarrow network, double learningRate, double target, Precision precision) {
    if (precision == Precision.FLOAT64) {
      return;
    }
    double scale = network.scales().scale();
    boolean coarse = scale * FLOAT32_EPSILON > RESOLUTION * target;
    boolean lost = learningRate * scale * target < FLOAT32_EPSILON;
    if (coarse || lost) {
      throw new UserException(
          String.format(
              Locale.ROOT,
              "%s: float32 cannot resolve this training at scale %.4g: %s. Take precision: FLOAT64,"
                  + " or give force: true",
              field,
              scale,
              coarse
                  ? String.format(
                      Locale.ROOT,
                      "the output is a difference of numbers of that size, exact to %.2g",
                      scale * FLOAT32_EPSILON)
                  : String.format(
                      Locale.ROOT,
                      "steps of %.2g vanish beside weights of 1",
                      learningRate * scale * target)));
    }
  }
}
