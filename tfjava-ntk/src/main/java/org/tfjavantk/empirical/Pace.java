package org.tfjavantk.empirical;

import java.util.List;
import org.tfjavantk.store.Tile;

/**
 * How fast a kernel was seen to be computed.
 *
 * @param setup seconds that the first use of the graphs takes more than others
 * @param round examples whose factors are computed at the same time, by all devices
 * @param factors seconds by examples, up to a round
 * @param diagonal seconds of the contraction of a panel with itself, by its examples
 * @param across seconds of the contraction of two panels, by their examples
 * @param copying seconds of a tile by its entries, in all matrices
 * @param writing likewise
 */
record Pace(
    double setup,
    int round,
    CostCurve factors,
    CostCurve diagonal,
    CostCurve across,
    CostCurve copying,
    CostCurve writing) {

  /** Counts the entries of a tile in all matrices. */
  interface Entries {
    double of(int rowExamples, int columnExamples);
  }

  /** The factors of a panel: full rounds, and what is left. */
  double panel(int examples) {
    int rest = examples % round;
    return examples / round * factors.at(round) + (rest == 0 ? 0 : factors.at(rest));
  }

  /** Goes through the tiles in their order. */
  Forecast forecast(List<TileJob> jobs, int panels, Entries entries) {
    double loading = 0;
    double contraction = 0;
    double copies = 0;
    double waiting = 0;
    for (TileJob job : jobs) {
      double written = 0;
      for (PanelOrder.Visit visit : PanelOrder.visits(job, panels)) {
        Tile tile = visit.tile();
        int n1 = job.rows(tile);
        int n2 = job.columns(tile);
        double load = visit.loads().stream().mapToDouble(this::panel).sum();
        double contract = job.alone(tile) ? diagonal.at(n1) : across.at(n1, n2);
        double copy = copying.at(entries.of(n1, n2));
        loading += load;
        contraction += contract;
        copies += copy;
        // A tile is given to the writer when the one before has been written.
        waiting += Math.max(0, written - (load + contract + copy));
        written = writing.at(entries.of(n1, n2));
      }
      waiting += written;
    }
    return new Forecast(setup, loading, contraction, copies, waiting);
  }
}
