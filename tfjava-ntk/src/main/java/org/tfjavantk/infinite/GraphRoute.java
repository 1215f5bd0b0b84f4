package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;

/**
 * Stacks of convolutions with ReLU, by {@link CovarianceGraph}: the way of GPUs. As in {@link
 * SlabKernel}, images that are nearly parallel are paired in float64, and so are all where only p =
 * q counts.
 */
final class GraphRoute implements KernelRoute<List<SlabExample>> {
  /** Bytes that a run of the graph may take. */
  static final long MEMORY = 1 << 30;

  private static final int MOST = 256;

  private final SlabStack stack;
  private final SlabPlan plan;
  private final Precision precision;
  private final DeviceChoice device;
  private final SlabRoute examples;
  private final Map<Precision, CovarianceGraph> graphs = new EnumMap<>(Precision.class);

  GraphRoute(SlabStack stack, Precision precision, DeviceChoice device) {
    this.stack = stack;
    this.device = device;
    plan = SlabPlan.of(stack);
    this.precision = plan.mixes() ? precision : Precision.FLOAT64;
    examples = new SlabRoute(stack, precision);
  }

  @Override
  public List<SlabExample> side(double[] x, int count) {
    return examples.side(x, count);
  }

  @Override
  public void tile(
      List<SlabExample> rows, List<SlabExample> columns, boolean alone, KernelTarget target) {
    for (int column = 0; column < columns.size(); column++) {
      List<Integer> near = new ArrayList<>();
      List<Integer> others = new ArrayList<>();
      for (int row = 0; row < (alone ? column + 1 : rows.size()); row++) {
        boolean parallel = cosine(rows.get(row), columns.get(column)) > SlabKernel.NEAR;
        (parallel ? near : others).add(row);
      }
      compute(precision, others, rows, columns, column, target);
      compute(Precision.FLOAT64, near, rows, columns, column, target);
    }
  }

  private void compute(
      Precision precision,
      List<Integer> which,
      List<SlabExample> rows,
      List<SlabExample> columns,
      int column,
      KernelTarget target) {
    long pair = CovarianceGraph.bytesOfPair(stack, precision);
    double pairs = plan.pairs(stack.top());
    int batch = (int) Math.max(1, Math.min(MOST, MEMORY / pair));
    for (int from = 0; from < which.size(); from += batch) {
      List<Integer> some = which.subList(from, Math.min(which.size(), from + batch));
      CovarianceGraph graph =
          graphs.computeIfAbsent(precision, p -> new CovarianceGraph(stack, p, device));
      double[][] sums = graph.sums(some.stream().map(rows::get).toList(), columns.get(column));
      for (int i = 0; i < some.size(); i++) {
        double k = sums[0][i] / pairs;
        double theta = sums[1][i] / pairs;
        target.put(KernelKind.NNGP, some.get(i), column, new double[] {stack.nngp(k)}, 0, 1);
        target.put(KernelKind.NTK, some.get(i), column, new double[] {stack.ntk(k, theta)}, 0, 1);
      }
    }
  }

  private static double cosine(SlabExample x, SlabExample z) {
    double sum = 0;
    for (int i = 0; i < x.pixels().length; i++) {
      sum += x.pixels()[i] * z.pixels()[i];
    }
    return sum / Math.sqrt(x.squares() * z.squares());
  }

  @Override
  public void close() {
    graphs.values().forEach(CovarianceGraph::close);
  }
}
