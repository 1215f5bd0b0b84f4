package org.tfjavantk.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.report.RunPlots.Curve;

class PlotsTest {
  @TempDir private Path folder;

  private BufferedImage drawn(Plot plot) throws IOException {
    Optional<ReportSection.Picture> picture = new PlotWriter(folder, true).write("p", plot, "c");
    String svg = Files.readString(folder.resolve(picture.orElseThrow().svg()));
    assertTrue(svg.contains("<svg"), "an SVG beside the PNG");
    BufferedImage image = ImageIO.read(folder.resolve("plots/p.png").toFile());
    assertEquals(2 * plot.width(), image.getWidth());
    assertEquals(2 * plot.height(), image.getHeight());
    return image;
  }

  private static long pixels(BufferedImage image, int rgb) {
    return Arrays.stream(
            image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
        .filter(pixel -> (pixel & 0xffffff) == rgb)
        .count();
  }

  private static double[] range(int count) {
    return IntStream.rangeClosed(1, count).asDoubleStream().toArray();
  }

  @Test
  void everySeriesIsDrawnInItsColour() throws IOException {
    double[] epochs = range(5);
    BufferedImage image =
        drawn(
            RunPlots.accuracy(
                epochs,
                List.of(
                    new Curve("training", new double[] {0.2, 0.5, 0.7, 0.8, 0.9}),
                    new Curve("test", new double[] {0.2, 0.4, 0.5, 0.5, 0.6}))));
    assertTrue(pixels(image, 0x2563eb) > 500, "the first curve");
    assertTrue(pixels(image, 0xd97706) > 500, "the second curve");
  }

  @Test
  void awkwardDataAreDrawnInTime() {
    double[] nothing = {};
    List<LinePlot> plots =
        List.of(
            RunPlots.loss(nothing, List.of(new Curve("none", nothing))),
            RunPlots.loss(range(1), List.of(new Curve("one", new double[] {0.5}))),
            RunPlots.loss(range(2), List.of(new Curve("flat", new double[] {0.693147, 0.693147}))),
            RunPlots.loss(range(2), List.of(new Curve("near", new double[] {0.693147, 0.6931471}))),
            RunPlots.loss(range(2), List.of(new Curve("zero", new double[] {0, 0}))),
            RunPlots.loss(
                range(3), List.of(new Curve("gaps", new double[] {Double.NaN, 1e30, 1e-30}))),
            RunPlots.spectrum(new double[] {1, 1, 1}),
            RunPlots.spectrum(new double[] {-1, 0}),
            RunPlots.spectrum(new double[] {1e300, 1e-300, -1e-310}),
            RunPlots.errorByRidge(
                new double[] {0}, List.of(new Curve("zero ridge", new double[] {1})), 0));
    for (LinePlot plot : plots) {
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(20), () -> drawn(plot), plot::toString);
    }
  }

  @Test
  void negativeEigenvaluesAreShownApart() {
    LinePlot plot = RunPlots.spectrum(new double[] {-1e-3, 5, 2, 0});
    assertEquals("positive eigenvalues", plot.series().get(0).name());
    assertEquals(2, plot.series().get(0).x().length);
    LinePlot.Series negative = plot.series().get(1);
    assertEquals("1 negative: absolute value", negative.name());
    assertEquals(4, negative.x()[0]);
    assertEquals(1e-3, negative.y()[0]);
  }

  @Test
  void aHeatMapShowsItsCells() throws IOException {
    double[][] values = {{0, 1}, {1, 0}};
    BufferedImage image = drawn(Plots.heatMap("K", values, 2, 2, "value"));
    long yellow = pixels(image, 0xfde725);
    long purple = pixels(image, 0x440154);
    assertTrue(yellow > 50_000 && purple > 50_000, yellow + " and " + purple);
  }

  @Test
  void bothSignsGetColoursAroundZero() {
    HeatMapPainter.Range both = HeatMapPainter.Range.of(new double[][] {{-1, 0.5}, {0.2, 2}});
    assertEquals(ColourMap.DIVERGING, both.colours());
    assertEquals(-2, both.low());
    assertEquals(2, both.high());
    HeatMapPainter.Range one = HeatMapPainter.Range.of(new double[][] {{-0.01, 0.5}, {0.2, 2}});
    assertEquals(ColourMap.SEQUENTIAL, one.colours());
    assertFalse(one.above());
  }

  @Test
  void outliersAreCutOffAndTheBarSaysSo() {
    double[][] values = new double[40][40];
    for (double[] row : values) {
      Arrays.setAll(row, c -> c);
    }
    values[3][3] = 1e6;
    HeatMapPainter.Range range = HeatMapPainter.Range.of(values);
    assertTrue(range.above());
    assertFalse(range.below());
    assertEquals(39, range.high());
    assertEquals(ColourMap.BLANK, range.colour(Double.NaN));
    assertNotEquals(range.colour(0), range.colour(39));
  }

  @Test
  void aMapWithoutValuesIsRefused() {
    assertThrows(
        IllegalArgumentException.class, () -> Plots.heatMap("K", new double[0][0], 1, 1, "v"));
    assertThrows(
        IllegalArgumentException.class,
        () -> Plots.heatMap("K", new double[][] {{1}, {1, 2}}, 2, 2, "v"));
  }

  @Test
  void blockMeansAverageEveryEntryOnce() {
    BlockMeans blocks = new BlockMeans(5, 3, 2);
    double sum = 0;
    for (int r = 0; r < 5; r++) {
      for (int c = 0; c < 3; c++) {
        blocks.add(r, c, 10 * r + c);
        sum += 10 * r + c;
      }
    }
    double[][] means = blocks.means();
    assertEquals(2, means.length);
    // Rows 0 to 2 and 3 to 4; columns 0 to 1 and 2.
    assertEquals(10.5, means[0][0]);
    assertEquals(12, means[0][1]);
    assertEquals(sum, 6 * means[0][0] + 3 * means[0][1] + 4 * means[1][0] + 2 * means[1][1], 1e-12);
    assertTrue(Double.isNaN(new BlockMeans(2, 2, 2).means()[1][0]));
  }

  @Test
  void withoutFontsPlotsAreLeftOut() throws IOException {
    PlotRenderer fontless =
        new PlotRenderer() {
          @Override
          byte[] png(Plot plot) {
            throw new NoClassDefFoundError("Could not initialize class sun.awt.X11FontManager");
          }
        };
    PlotWriter writer = new PlotWriter(folder, true, fontless);
    LinePlot plot = Plots.lines("t", "x", "y");
    assertEquals(Optional.empty(), writer.write("p", plot, "c"));
    assertTrue(writer.unable());
    assertFalse(Files.exists(folder.resolve("plots")));
  }

  @Test
  void otherMistakesInDrawingAreNotHidden() {
    PlotRenderer broken =
        new PlotRenderer() {
          @Override
          byte[] png(Plot plot) {
            throw new IllegalStateException("a mistake of ours");
          }
        };
    assertThrows(
        IllegalStateException.class,
        () -> new PlotWriter(folder, true, broken).write("p", Plots.lines("t", "x", "y"), "c"));
  }

  @Test
  void unwantedPlotsAreNotDrawn() throws IOException {
    PlotWriter writer = new PlotWriter(folder, false);
    assertEquals(Optional.empty(), writer.write("p", Plots.lines("t", "x", "y"), "c"));
    assertFalse(writer.unable());
  }

  @Test
  void anSvgNeedsNoFontAndNoOtherFile() throws IOException {
    for (Plot plot :
        List.of(
            Plots.lines("λ and ≥", "x", "y"),
            Plots.heatMap("λ", new double[][] {{0, 1}}, 1, 2, "v"))) {
      String svg = new String(new PlotRenderer().svg(plot), StandardCharsets.UTF_8);
      assertFalse(svg.contains("<text"), "text is drawn as outlines");
      assertFalse(svg.replaceAll("xlink:href=\"data:[^\"]*\"", "").contains("href="), svg);
    }
  }
}
