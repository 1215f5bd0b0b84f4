package org.tfjavantk.cli.report;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.Processor;
import de.erichseifert.vectorgraphics2d.Processors;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** Turns a {@link Plot} into the bytes of a PNG or an SVG file. */
class PlotRenderer {
  private static final int PIXELS = 2;

  /** A PNG with two pixels for each logical one. */
  byte[] png(Plot plot) throws IOException {
    BufferedImage image =
        new BufferedImage(
            PIXELS * plot.width(), PIXELS * plot.height(), BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    try {
      graphics.scale(PIXELS, PIXELS);
      paint(plot, graphics);
    } finally {
      graphics.dispose();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }

  /** An SVG document. */
  byte[] svg(Plot plot) throws IOException {
    VectorGraphics2D graphics = new VectorGraphics2D();
    paint(plot, graphics);
    Processor processor = Processors.get("svg");
    Document document =
        processor.getDocument(
            graphics.getCommands(), new PageSize(0, 0, plot.width(), plot.height()));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    document.writeTo(bytes);
    return bytes.toByteArray();
  }

  private static void paint(Plot plot, Graphics2D graphics) {
    if (plot instanceof LinePlot lines) {
      LineChart.of(lines).paint(graphics, plot.width(), plot.height());
    } else if (plot instanceof HeatMap map) {
      new HeatMapPainter(map).paint(graphics);
    }
  }
}
