package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.StorageType;
import org.tfjavantk.store.Tile;

/** Predictions, worked out by hand. */
class PaceTest {
  private static final Pace.Entries ENTRIES = (n1, n2) -> 4.0 * n1 * n2;

  /** Writing takes no time. */
  private static Pace pace(CostCurve writing) {
    return new Pace(
        7,
        3,
        new CostCurve(1, 10, 0),
        new CostCurve(0, 100, 0),
        new CostCurve(0, 0, 1000),
        new CostCurve(0, 0.5, 0),
        writing);
  }

  private static TileJob job(int rows, int columns, boolean symmetric) {
    return TileJob.all(new KernelLayout(rows, columns, 2, 4, symmetric, StorageType.FLOAT32));
  }

  @Test
  void aSymmetricKernelOfTwoRowsOfTiles() {
    Forecast forecast = pace(CostCurve.NONE).forecast(List.of(job(7, 7, true)), 4, ENTRIES);
    assertEquals(7, forecast.setup());
    // A panel of 4 in a round of 3 and one of 1, a panel of 3.
    assertEquals(31 + 11 + 31, forecast.factors());
    assertEquals(100 * (4 + 3) + 1000 * 4 * 3, forecast.contraction());
    assertEquals(0.5 * 4 * (16 + 12 + 9), forecast.copying());
    assertEquals(0, forecast.writing());
    assertEquals(forecast.total(), 7 + forecast.prepared());
    assertEquals(
        forecast.prepared(), forecast.factors() + forecast.contraction() + forecast.copying());
  }

  @Test
  void tilesThatAreThereTakeNothing() {
    KernelLayout layout = job(7, 7, true).layout();
    Forecast last =
        pace(CostCurve.NONE)
            .forecast(List.of(new TileJob(layout, List.of(new Tile(1, 1)))), 4, ENTRIES);
    assertEquals(31, last.factors());
    assertEquals(300, last.contraction());
    assertEquals(
        0,
        pace(CostCurve.NONE)
            .forecast(List.of(new TileJob(layout, List.of())), 4, ENTRIES)
            .prepared());
  }

  @Test
  void panelsThatAreNotKeptAreComputedAgain() {
    // 1 x 2 and 2 x 1 tiles of different examples.
    assertEquals(
        3 * 42, pace(CostCurve.NONE).forecast(List.of(job(4, 8, false)), 2, ENTRIES).factors());
    assertEquals(
        4 * 42 + 2 * 42,
        pace(CostCurve.NONE)
            .forecast(List.of(job(4, 8, false), job(8, 4, false)), 2, ENTRIES)
            .factors());
  }

  /** Only what the next tile does not cover, and the last, is waited for. */
  @Test
  void writingIsWaitedForWhereItTakesLonger() {
    List<TileJob> jobs = List.of(job(8, 4, false));
    double tile = 0.5 * 64 + 1000 * 16;
    double second = tile + 42;
    assertEquals(5, pace(new CostCurve(5, 0, 0)).forecast(jobs, 4, ENTRIES).writing(), 1e-9);
    double slow = second + 100;
    assertEquals(
        100 + slow, pace(new CostCurve(slow, 0, 0)).forecast(jobs, 4, ENTRIES).writing(), 1e-9);
  }
}
