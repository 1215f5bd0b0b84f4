package org.tfjavantk.regression;

/**
 * How well outputs fit labels.
 *
 * @param meanSquaredError squared distance of the outputs to the centred one-hot label: summed over
 *     the classes, averaged over the examples
 * @param accuracy the part of the examples whose largest output is that of the label (the first of
 *     equally large ones counts)
 */
public record Scores(double meanSquaredError, double accuracy) {

  /** Scores outputs of {@code labels.length} examples x classes, row-major. */
  static Scores of(double[] outputs, int[] labels, int classes) {
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
    return new Scores(error / labels.length, (double) right / labels.length);
  }
}
