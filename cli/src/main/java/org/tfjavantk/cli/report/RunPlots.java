package org.tfjavantk.cli.report;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.tfjavantk.cli.report.LinePlot.Look;

/** The pictures that every run of the main job shows. */
public final class RunPlots {
  private RunPlots() {}

  /** One curve: its name in the legend and its values. */
  public record Curve(String name, double[] values) {}

  /** Loss by epoch, logarithmic where it falls by more than a factor of twenty. */
  public static LinePlot loss(double[] epochs, List<Curve> curves) {
    LinePlot plot = with(Plots.lines("Loss", "epoch", "loss"), epochs, curves);
    double[] positive =
        curves.stream()
            .flatMapToDouble(c -> Arrays.stream(c.values()))
            .filter(v -> v > 0)
            .sorted()
            .toArray();
    boolean wide = positive.length > 0 && positive[positive.length - 1] > 20 * positive[0];
    return wide ? plot.logY() : plot;
  }

  /** Accuracy, a fraction, by epoch. */
  public static LinePlot accuracy(double[] epochs, List<Curve> curves) {
    return with(Plots.lines("Accuracy", "epoch", "accuracy"), epochs, curves).inPercent();
  }

  /**
   * Eigenvalues against their rank, both logarithmic, the largest first. Negative ones are shown by
   * their absolute value at their own rank, as points of another colour; zeros are not shown.
   */
  public static LinePlot spectrum(double[] eigenvalues) {
    double[] falling = eigenvalues.clone();
    Arrays.sort(falling);
    for (int i = 0, j = falling.length - 1; i < j; i++, j--) {
      double swap = falling[i];
      falling[i] = falling[j];
      falling[j] = swap;
    }
    int[] positive = IntStream.range(0, falling.length).filter(i -> falling[i] > 0).toArray();
    int[] negative = IntStream.range(0, falling.length).filter(i -> falling[i] < 0).toArray();
    LinePlot plot =
        Plots.lines("Spectrum", "rank", "eigenvalue")
            .logX()
            .logY()
            .series(
                negative.length == 0 ? "eigenvalues" : "positive eigenvalues",
                ranks(positive),
                Arrays.stream(positive).mapToDouble(i -> falling[i]).toArray(),
                positive.length > 60 ? Look.LINE : Look.DOTTED_LINE);
    if (negative.length == 0) {
      return plot;
    }
    return plot.series(
        String.format(Locale.ROOT, "%,d negative: absolute value", negative.length),
        ranks(negative),
        Arrays.stream(negative).mapToDouble(i -> -falling[i]).toArray(),
        Look.POINTS);
  }

  /** Accuracy, a fraction, by ridge, with the chosen ridge marked. */
  public static LinePlot accuracyByRidge(double[] ridges, List<Curve> curves, double chosen) {
    return byRidge("Accuracy by ridge", "accuracy", ridges, curves, chosen).inPercent();
  }

  /** Mean squared error by ridge, both logarithmic, with the chosen ridge marked. */
  public static LinePlot errorByRidge(double[] ridges, List<Curve> curves, double chosen) {
    return byRidge("Error by ridge", "mean squared error", ridges, curves, chosen).logY();
  }

  /** Mean squared error by the time of a flow, both logarithmic. */
  public static LinePlot errorByTime(double[] times, List<Curve> curves) {
    return with(
        Plots.lines("Error by time", "time t", "mean squared error").logX().logY(), times, curves);
  }

  /**
   * Distances by width, both logarithmic, with the slope of 1 / sqrt(width) through the first point
   * of the first curve.
   */
  public static LinePlot convergence(double[] widths, List<Curve> curves) {
    LinePlot empty =
        Plots.lines("Finite against infinite width", "width", "relative distance").logX().logY();
    double start = curves.get(0).values()[0] * Math.sqrt(widths[0]);
    double[] slope = Arrays.stream(widths).map(width -> start / Math.sqrt(width)).toArray();
    return with(empty, widths, curves).series("1 / sqrt(width)", widths, slope, Look.DASHED);
  }

  private static LinePlot byRidge(
      String title, String yLabel, double[] ridges, List<Curve> curves, double chosen) {
    LinePlot plot = Plots.lines(title, "ridge λ", yLabel).logX();
    return with(plot, ridges, curves).mark(chosen, "chosen: " + Numbers.brief(chosen));
  }

  private static LinePlot with(LinePlot empty, double[] x, List<Curve> curves) {
    LinePlot plot = empty;
    for (Curve curve : curves) {
      plot =
          plot.series(
              curve.name(), x, curve.values(), x.length > 60 ? Look.LINE : Look.DOTTED_LINE);
    }
    return plot;
  }

  private static double[] ranks(int[] places) {
    return Arrays.stream(places).mapToDouble(i -> i + 1.0).toArray();
  }
}
