package org.tfjavantk.cli.report;

/** A picture as data: what is drawn, not how. */
public sealed interface Plot permits LinePlot, HeatMap {
  /** Stands above the picture. */
  String title();

  /** Width in logical pixels; a PNG has twice as many. */
  int width();

  /** Height in logical pixels; a PNG has twice as many. */
  int height();
}
