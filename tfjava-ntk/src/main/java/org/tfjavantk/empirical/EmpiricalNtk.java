package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;

/**
 * The empirical (finite-width) neural tangent kernel of a model at its present parameters θ,
 *
 * <p>Θ[(x, c), (x', c')] = Σ_k ∂f_c(x)/∂θ_k · ∂f_c'(x')/∂θ_k, the (n·o × n'·o) matrix J(x) J(x')ᵀ,
 *
 * <p>rows and columns example-major, then output. It is contracted parameter by parameter from
 * factors that are read off the graph (see {@link Use} and {@link Route}); J itself is never held
 * as a whole. Jacot, Gabriel, Hongler, "Neural tangent kernel", NeurIPS 2018.
 *
 * <p>The model must be in inference mode, so that examples don't depend on each other; {@link
 * Independence} tells. Holds native memory: close it before the model. Not thread-safe.
 */
public final class EmpiricalNtk implements AutoCloseable {
  /** The copies of a tile: contracted, in Java's heap, waiting to be written, as it is on disk. */
  private static final long BLOCKS = 4;

  /** Memory for kernels of a few examples. */
  private static final long SMALL = 1L << 30;

  private final GraphModel model;
  private final List<Part> parts;
  private final List<Operand<TFloating>> factors;
  private final Scratch scratch;

  private EmpiricalNtk(GraphModel model, UnaryOperator<Part> change) {
    this.model = model;
    this.scratch = new Scratch(model.precision());
    Independence.requireByGraph(model);
    Map<Parameter, List<Use>> uses =
        Uses.of(model).stream()
            .collect(
                Collectors.groupingBy(Use::parameter, LinkedHashMap::new, Collectors.toList()));
    parts = new ArrayList<>();
    uses.forEach(
        (parameter, own) -> parts.add(change.apply(Part.of(parameter, own, model.outputs()))));
    factors = Factors.of(model, parts).stream().flatMap(List::stream).toList();
  }

  /**
   * Prepares the kernel of the model. The model's parameters may change later.
   *
   * @throws org.tfjavantk.graphs.UserException if the graph mixes the examples of a batch, or if an
   *     operation has no derivative; the message names it
   */
  public static EmpiricalNtk of(GraphModel model) {
    return new EmpiricalNtk(model, UnaryOperator.identity());
  }

  /** As {@link #of}, with some parts contracted in another way; all ways agree. */
  static EmpiricalNtk of(GraphModel model, UnaryOperator<Part> change) {
    return new EmpiricalNtk(model, change);
  }

  /**
   * Parameters whose use in the graph was not recognised: their Jacobians are taken of every
   * example alone, which takes more time and memory.
   */
  public List<String> unrecognised() {
    return parts.stream().filter(Part::opaque).map(part -> part.parameter().name()).toList();
  }

  /** How the part of each parameter is computed, in the order of the graph's uses. */
  public List<ParameterRoute> routes() {
    return parts.stream().map(ParameterRoute::of).toList();
  }

  /**
   * What the kernel between n₁ and n₂ examples takes.
   *
   * @param symmetric the n₂ examples are the n₁: their factors count once, and so does each of the
   *     n₁ (n₁ + 1) / 2 pairs
   */
  public Work work(int n1, int n2, boolean symmetric) {
    if (symmetric && n1 != n2) {
      throw new IllegalArgumentException("symmetric between " + n1 + " and " + n2 + " examples");
    }
    double examples = symmetric ? n1 : (double) n1 + n2;
    double pairs = symmetric ? n1 * (n1 + 1.0) / 2 : (double) n1 * n2;
    return WorkCount.ofOne(model, parts).times(examples, pairs);
  }

  /**
   * How to cut the kernel of {@code examples} examples.
   *
   * @param memory bytes that the computation may hold
   * @param tile examples on the side of a tile, 0 to choose
   * @param symmetric whether only the kernel of the examples with themselves is wanted
   * @throws org.tfjavantk.graphs.UserException if the memory does not suffice for one tile
   */
  public TilePlan plan(int examples, long memory, int tile, boolean symmetric) {
    int o = model.outputs();
    int bytes = model.precision().bytes();
    long kept = bytes * parts.stream().mapToLong(part -> part.kept(o)).sum();
    long temporary = bytes * parts.stream().mapToLong(part -> part.temporary(o)).sum();
    if (parts.stream().anyMatch(Part::opaque)) {
      temporary += bytes * (1 + 2L * o) * Activations.perExample(model);
    }
    long perBatch = temporary;
    long stored = (long) o * o * bytes;
    TilePlan.Costs costs =
        (n, batch, alone) ->
            (alone ? 1L : 2L) * n * kept
                + Math.max(
                    batch * perBatch,
                    Contraction.temporary(parts, o, bytes, n, alone, budget(memory)))
                + BLOCKS * n * n * stored;
    return TilePlan.choose(examples, symmetric, stored, costs, memory, tile);
  }

  /** What gradients may take that are formed for a moment. */
  private static long budget(long memory) {
    return memory / 6;
  }

  /**
   * The whole kernel between two small sets, in one piece.
   *
   * @param x1 n1 examples, row-major
   * @return n1·o × n2·o, row-major
   */
  public double[] matrix(double[] x1, int n1, double[] x2, int n2) {
    try (Panel rows = panel(x1, n1, n1);
        Panel columns = panel(x2, n2, n2);
        NativeArray block = contract(rows, columns, SMALL)) {
      return doubles(block);
    }
  }

  /** The part of each parameter in {@link #matrix}, by the parameter's name. */
  public Map<String, double[]> matrixByParameter(double[] x1, int n1, double[] x2, int n2) {
    Map<String, double[]> byName = new LinkedHashMap<>();
    try (Panel rows = panel(x1, n1, n1);
        Panel columns = panel(x2, n2, n2)) {
      for (int k = 0; k < parts.size(); k++) {
        try (NativeArray block = contraction(SMALL).block(k, rows, columns)) {
          byName.put(parts.get(k).parameter().name(), doubles(block));
        }
      }
    }
    return byName;
  }

  private static double[] doubles(NativeArray block) {
    int n = Math.toIntExact(block.length());
    double[] values = new double[n];
    if (block.precision() == Precision.FLOAT64) {
      block.get(0, values, n);
      return values;
    }
    float[] floats = new float[n];
    block.get(0, floats, n);
    for (int i = 0; i < n; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** The factors of n examples, row-major in x, computed in batches. The caller closes them. */
  Panel panel(double[] x, int n, int batch) {
    int size = model.exampleSize();
    try (PanelBuilder builder = new PanelBuilder(parts, model.outputs(), model.precision(), n)) {
      for (int from = 0; from < n; from += batch) {
        int count = Math.min(batch, n - from);
        double[] some = n == count ? x : Arrays.copyOfRange(x, from * size, (from + count) * size);
        try (Fetched fetched = model.run(some, count, factors)) {
          builder.add(from, count, fetched);
        }
      }
      return builder.finish();
    }
  }

  /**
   * The kernel (n1·o × n2·o) between two panels; of a panel with itself only the numbers on and
   * above the diagonal are right. The caller closes it.
   *
   * @param memory the budget of {@link #plan}
   */
  NativeArray contract(Panel rows, Panel columns, long memory) {
    return contraction(memory).block(rows, columns);
  }

  private Contraction contraction(long memory) {
    return new Contraction(parts, model.outputs(), model.precision(), budget(memory), scratch);
  }

  /** The model whose kernel this is. */
  public GraphModel model() {
    return model;
  }

  @Override
  public void close() {
    scratch.close();
  }
}
