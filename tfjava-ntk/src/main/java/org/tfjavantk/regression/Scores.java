package org.tfjavantk.regression;

/**
 * How well outputs fit labels.
 *
 * @param meanSquaredError squared distance of the outputs to the centred one-hot label: summed over
 *     the classes, averaged over the examples
 * @param accuracy the part of the examples whose largest output is that of the label (the first of
 *     equally large ones counts)
 * @param rSquared {@code 1 − Σ ‖f − y‖² / Σ ‖y − ȳ‖²} with ȳ the mean target of these examples; NaN
 *     where all targets are the same
 */
public record Scores(double meanSquaredError, double accuracy, double rSquared) {

  /** Of something that is an error alone. */
  static Scores error(double error) {
    return new Scores(error, Double.NaN, Double.NaN);
  }

  /** Scores outputs of {@code labels.length} examples x classes, row-major. */
  public static Scores of(double[] outputs, int[] labels, int classes) {
    double error = 0;
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      int best = 0;
      for (int c = 0; c < classes; c++) {
        double output = outputs[i * classes + c];
        double difference = output - Targets.value(labels[i], c, classes);
        error += difference * difference;
        if (output > outputs[i * classes + best]) {
          best = c;
        }
      }
      right += best == labels[i] ? 1 : 0;
    }
    double mean = error / labels.length;
    double variance = variance(labels, classes);
    return new Scores(
        mean, (double) right / labels.length, variance == 0 ? Double.NaN : 1 - mean / variance);
  }

  /** The mean of {@code ‖y − ȳ‖²} of one-hot labels: 1 minus the sum of the squared frequencies. */
  private static double variance(int[] labels, int classes) {
    double[] frequencies = new double[classes];
    for (int label : labels) {
      frequencies[label] += 1.0 / labels.length;
    }
    double squares = 0;
    boolean alike = false;
    for (double frequency : frequencies) {
      squares += frequency * frequency;
      alike |= frequency > 1 - 0.5 / labels.length;
    }
    return alike ? 0 : 1 - squares;
  }
}
