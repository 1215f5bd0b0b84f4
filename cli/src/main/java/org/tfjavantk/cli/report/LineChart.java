package org.tfjavantk.cli.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.function.IntToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * A {@link LinePlot} as a chart of XChart. No formatter for the ticks is set: with one, XChart
 * 3.8.8 labels a logarithmic axis as if it were linear, and never ends where two labels read the
 * same.
 */
final class LineChart {
  private static final Color INK = new Color(0x374151);
  private static final Color GRID = new Color(0xeceef1);

  /** Told apart by the colour-blind, too. */
  private static final Color[] PALETTE = {
    new Color(0x2563eb),
    new Color(0xd97706),
    new Color(0x059669),
    new Color(0xdb2777),
    new Color(0x7c3aed),
    new Color(0x0891b2),
    new Color(0x6b7280),
  };

  private static final BasicStroke SOLID =
      new BasicStroke(2f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  private static final BasicStroke THIN =
      new BasicStroke(0.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);
  private static final BasicStroke DASHED =
      new BasicStroke(
          1.5f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {5f, 4f}, 0f);
  private static final BasicStroke THIN_DASHED =
      new BasicStroke(
          1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1f, new float[] {3f, 3f}, 0f);

  private LineChart() {}

  /** The smallest and largest of the values, widened so that points don't sit on the frame. */
  private record Limits(double low, double high) {
    static Limits of(DoubleStream values, boolean log) {
      DoubleSummaryStatistics all = values.summaryStatistics();
      if (all.getCount() == 0) {
        return log ? new Limits(0.1, 10) : new Limits(0, 1);
      }
      if (log) {
        double low = Math.log10(all.getMin());
        double high = Math.log10(all.getMax());
        double margin = Math.max(0.04 * (high - low), 0.05);
        return new Limits(
            Math.max(Math.pow(10, low - margin), Double.MIN_NORMAL),
            Math.min(Math.pow(10, high + margin), Double.MAX_VALUE));
      }
      double span = all.getMax() - all.getMin();
      double margin = span > 0 ? 0.05 * span : Math.max(1e-9, 0.1 * Math.abs(all.getMax()));
      return new Limits(all.getMin() - margin, all.getMax() + margin);
    }

    double span() {
      return high - low;
    }

    /** Less than a decade needs more labels than powers of ten. */
    boolean narrow() {
      return high / low < 10;
    }
  }

  static XYChart of(LinePlot plot) {
    XYChart chart =
        new XYChartBuilder()
            .width(plot.width())
            .height(plot.height())
            .title(plot.title())
            .xAxisTitle(plot.xLabel())
            .yAxisTitle(plot.percent() ? plot.yLabel() + " (%)" : plot.yLabel())
            .build();
    Limits x =
        Limits.of(
            DoubleStream.concat(
                plot.series().stream().flatMapToDouble(s -> drawn(plot, s).map(i -> s.x()[i])),
                plot.marks().stream()
                    .mapToDouble(LinePlot.Mark::x)
                    .filter(v -> fits(v, plot.xLog()))),
            plot.xLog());
    Limits y =
        Limits.of(
            plot.series().stream()
                .flatMapToDouble(s -> drawn(plot, s).map(i -> shown(plot, s.y()[i]))),
            plot.yLog());
    style(chart.getStyler(), plot, x, y);
    int colour = -1;
    for (LinePlot.Series series : plot.series()) {
      colour += series.sibling() ? 0 : 1;
      add(chart, plot, series, PALETTE[Math.max(0, colour) % PALETTE.length]);
    }
    for (LinePlot.Mark mark : plot.marks()) {
      if (fits(mark.x(), plot.xLog())) {
        double[] at = {mark.x(), mark.x()};
        XYSeries line = chart.addSeries(mark.label(), at, new double[] {y.low(), y.high()});
        line.setMarker(SeriesMarkers.NONE);
        line.setLineColor(INK);
        line.setLineStyle(THIN_DASHED);
      }
    }
    return chart;
  }

  private static Drawn drawn(LinePlot plot, LinePlot.Series series) {
    return new Drawn(
        IntStream.range(0, series.x().length)
            .filter(i -> fits(series.x()[i], plot.xLog()) && fits(series.y()[i], plot.yLog()))
            .toArray());
  }

  /** The places of a series that can be drawn. */
  private record Drawn(int[] places) {
    DoubleStream map(IntToDoubleFunction value) {
      return Arrays.stream(places).mapToDouble(value);
    }
  }

  /**
   * Whether x counts something, such as epochs, so that ticks between whole numbers mean nothing.
   */
  private static boolean whole(LinePlot plot) {
    return !plot.xLog()
        && plot.series().stream()
            .flatMapToDouble(series -> Arrays.stream(series.x()))
            .allMatch(x -> x == Math.rint(x));
  }

  private static double shown(LinePlot plot, double y) {
    return plot.percent() ? 100 * y : y;
  }

  private static boolean fits(double value, boolean log) {
    return Double.isFinite(value) && (!log || value >= Double.MIN_NORMAL);
  }

  private static void add(XYChart chart, LinePlot plot, LinePlot.Series series, Color colour) {
    Drawn drawn = drawn(plot, series);
    if (drawn.places().length == 0) {
      return;
    }
    XYSeries line =
        chart.addSeries(
            series.name(),
            drawn.map(i -> series.x()[i]).toArray(),
            drawn.map(i -> shown(plot, series.y()[i])).toArray());
    Marker marker =
        switch (series.look()) {
          case LINE, DASHED -> SeriesMarkers.NONE;
          case DOTTED_LINE, POINTS -> SeriesMarkers.CIRCLE;
        };
    line.setMarker(marker);
    line.setMarkerColor(colour);
    line.setLineColor(colour);
    boolean dashed = series.look() == LinePlot.Look.DASHED;
    line.setLineStyle(series.sibling() ? (dashed ? THIN_DASHED : THIN) : (dashed ? DASHED : SOLID));
    line.setShowInLegend(!series.sibling());
    if (series.look() == LinePlot.Look.POINTS) {
      line.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
    }
  }

  private static void style(XYStyler styler, LinePlot plot, Limits x, Limits y) {
    Font text = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
    styler.setBaseFont(text);
    styler.setChartTitleFont(text.deriveFont(Font.BOLD, 14f));
    styler.setLegendFont(text);
    styler.setAxisTickLabelsFont(text);
    styler.setAxisTitleFont(text);
    styler.setChartFontColor(INK);
    styler.setAxisTickLabelsColor(INK);
    styler.setXAxisTitleColor(INK);
    styler.setYAxisTitleColor(INK);
    styler.setChartBackgroundColor(Color.WHITE);
    styler.setPlotBackgroundColor(Color.WHITE);
    styler.setPlotBorderColor(GRID);
    styler.setPlotGridLinesColor(GRID);
    styler.setPlotGridLinesStroke(new BasicStroke(1f));
    styler.setAxisTickMarksColor(GRID);
    styler.setPlotContentSize(1);
    styler.setMarkerSize(6);
    styler.setChartPadding(12);
    styler.setChartTitlePadding(8);
    styler.setLegendPosition(Styler.LegendPosition.OutsideS);
    styler.setLegendLayout(Styler.LegendLayout.Horizontal);
    styler.setLegendBorderColor(Color.WHITE);
    styler.setLegendSeriesLineLength(22);
    styler.setLegendVisible(plot.series().size() + plot.marks().size() > 1);
    styler.setXAxisMin(x.low());
    styler.setXAxisMax(x.high());
    styler.setYAxisMin(y.low());
    styler.setYAxisMax(y.high());
    styler.setXAxisLogarithmic(plot.xLog());
    styler.setYAxisLogarithmic(plot.yLog());
    styler.setXAxisLogarithmicDecadeOnly(!x.narrow());
    styler.setYAxisLogarithmicDecadeOnly(!y.narrow());
    styler.setXAxisTickMarkSpacingHint(whole(plot) ? (int) Math.max(70, 500 / x.span()) : 70);
    styler.setYAxisTickMarkSpacingHint(40);
  }
}
