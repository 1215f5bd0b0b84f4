package org.tfjavantk.cli.report;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;

/**
 * Draws a {@link HeatMap}. The colours run from the smallest value to the largest, or symmetrically
 * around zero where both signs matter. A few values far outside would leave one colour for all the
 * others: then the colours cover all but the outermost half percent on either side, and the colour
 * bar says so with "≤" and "≥".
 */
final class HeatMapPainter {
  private static final Color INK = new Color(0x374151);
  private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 14);
  private static final Font TEXT = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
  private static final int BAR_WIDTH = 16;
  private static final int BAR_GAP = 20;

  private final HeatMap map;
  private final Range range;

  HeatMapPainter(HeatMap map) {
    this.map = map;
    this.range = Range.of(map.values());
  }

  /** The values between which the colours run, and whether some lie outside. */
  record Range(double low, double high, boolean below, boolean above, ColourMap colours) {
    static Range of(double[][] values) {
      double[] sorted =
          Arrays.stream(values)
              .flatMapToDouble(Arrays::stream)
              .filter(Double::isFinite)
              .sorted()
              .toArray();
      if (sorted.length == 0) {
        return new Range(0, 1, false, false, ColourMap.SEQUENTIAL);
      }
      double min = sorted[0];
      double max = sorted[sorted.length - 1];
      double low = sorted[(int) Math.floor(0.005 * (sorted.length - 1))];
      double high = sorted[(int) Math.ceil(0.995 * (sorted.length - 1))];
      boolean outliers = max - min > 1.5 * (high - low) && high > low;
      double from = outliers ? low : min;
      double to = outliers ? high : max;
      if (from < 0 && to > 0 && Math.min(-from, to) > 0.1 * Math.max(-from, to)) {
        double reach = Math.max(-from, to);
        return new Range(-reach, reach, min < -reach, max > reach, ColourMap.DIVERGING);
      }
      return new Range(from, to, min < from, max > to, ColourMap.SEQUENTIAL);
    }

    Color colour(double value) {
      if (!Double.isFinite(value)) {
        return ColourMap.BLANK;
      }
      return colours.at(high > low ? (value - low) / (high - low) : 0.5);
    }
  }

  void paint(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, map.width(), map.height());
    double perPixel =
        Math.max(map.columns() / (map.width() - 190.0), map.rows() / (map.height() - 90.0));
    int width = Math.max(8, (int) Math.round(map.columns() / perPixel));
    int height = Math.max(8, (int) Math.round(map.rows() / perPixel));
    int left = (map.width() - 130 - width) / 2 + 20;
    int top = 40;
    g.setColor(INK);
    g.setFont(TITLE);
    centred(
        g,
        map.title(),
        Math.max(left + width / 2, g.getFontMetrics().stringWidth(map.title()) / 2 + 8),
        24);
    g.drawImage(image(), left, top, width, height, null);
    g.setFont(TEXT);
    axes(g, left, top, width, height);
    bar(g, left + width + BAR_GAP, top, height);
  }

  private BufferedImage image() {
    double[][] values = map.values();
    BufferedImage image =
        new BufferedImage(values[0].length, values.length, BufferedImage.TYPE_INT_RGB);
    for (int r = 0; r < values.length; r++) {
      for (int c = 0; c < values[r].length; c++) {
        image.setRGB(c, r, range.colour(values[r][c]).getRGB());
      }
    }
    return image;
  }

  private void axes(Graphics2D g, int left, int top, int width, int height) {
    g.setColor(INK);
    g.drawRect(left, top, width, height);
    FontMetrics metrics = g.getFontMetrics();
    for (double tick : Ticks.linear(0, map.columns(), Math.max(1, width / 70))) {
      int x = left + (int) Math.round(tick / map.columns() * width);
      g.drawLine(x, top + height, x, top + height + 4);
      centred(g, Numbers.brief(tick), x, top + height + 6 + metrics.getAscent());
    }
    for (double tick : Ticks.linear(0, map.rows(), Math.max(1, height / 70))) {
      int y = top + (int) Math.round(tick / map.rows() * height);
      g.drawLine(left - 4, y, left, y);
      String text = Numbers.brief(tick);
      write(g, text, left - 8 - metrics.stringWidth(text), y + metrics.getAscent() / 2 - 1);
    }
  }

  private void bar(Graphics2D g, int left, int top, int height) {
    BufferedImage colours = new BufferedImage(1, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      colours.setRGB(0, y, range.colours().at(1 - (y + 0.5) / height).getRGB());
    }
    g.drawImage(colours, left, top, BAR_WIDTH, height, null);
    g.setColor(INK);
    g.drawRect(left, top, BAR_WIDTH, height);
    FontMetrics metrics = g.getFontMetrics();
    int widest = 0;
    List<Double> ticks = Ticks.linear(range.low(), range.high(), 6);
    for (double tick : ticks) {
      double part = (tick - range.low()) / (range.high() - range.low());
      int y = top + (int) Math.round((1 - (range.high() > range.low() ? part : 0.5)) * height);
      boolean crowded =
          range.above() && y < top + metrics.getHeight()
              || range.below() && y > top + height - metrics.getHeight();
      if (!crowded) {
        g.drawLine(left + BAR_WIDTH, y, left + BAR_WIDTH + 4, y);
        widest = Math.max(widest, besideBar(g, left, y, Numbers.brief(tick)));
      }
    }
    if (range.above()) {
      widest = Math.max(widest, besideBar(g, left, top + 2, "≥ " + Numbers.brief(range.high())));
    }
    if (range.below()) {
      int bottom = top + height - 2;
      widest = Math.max(widest, besideBar(g, left, bottom, "≤ " + Numbers.brief(range.low())));
    }
    upwards(g, map.valueLabel(), left + BAR_WIDTH + 22 + widest, top + height / 2);
  }

  /** Writes {@code text} to the right of the bar, centred at height y; its width comes back. */
  private static int besideBar(Graphics2D g, int left, int y, String text) {
    write(g, text, left + BAR_WIDTH + 8, y + g.getFontMetrics().getAscent() / 2 - 1);
    return g.getFontMetrics().stringWidth(text);
  }

  /** As outlines, so that an SVG looks the same where the font is missing. */
  private static void write(Graphics2D g, String text, int x, int y) {
    g.fill(
        g.getFont()
            .createGlyphVector(g.getFontRenderContext(), text)
            .getOutline((float) x, (float) y));
  }

  private static void centred(Graphics2D g, String text, int x, int y) {
    write(g, text, x - g.getFontMetrics().stringWidth(text) / 2, y);
  }

  private static void upwards(Graphics2D g, String text, int x, int y) {
    AffineTransform before = g.getTransform();
    g.rotate(Math.PI / 2, x, y);
    centred(g, text, x, y);
    g.setTransform(before);
  }
}
