package org.tfjavantk.empirical;

/**
 * What tiles are expected to take, in seconds.
 *
 * @param setup the first use of the graphs, which prepares them
 * @param factors of the examples, as often as they are computed
 * @param contraction of all tiles
 * @param copying of tiles out of native memory
 * @param writing what is waited for it; most of it is done while the next tile is computed
 */
public record Forecast(
    double setup, double factors, double contraction, double copying, double writing) {
  /** Everything. */
  public double total() {
    return setup + prepared();
  }

  /** Everything, where the graphs have been used before. */
  public double prepared() {
    return factors + contraction + copying + writing;
  }
}
