package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Tensors;

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
  private final GraphModel model;
  private final List<Part> parts;
  private final List<Operand<TFloating>> factors;
  private final Set<Operand<TFloating>> opaque;
  private final Graph contractionGraph;
  private final Session contractionSession;
  private final Contraction contraction;

  private EmpiricalNtk(GraphModel model, UnaryOperator<Part> change) {
    this.model = model;
    Independence.requireByGraph(model);
    Map<Parameter, List<Use>> uses =
        Uses.of(model).stream()
            .collect(
                Collectors.groupingBy(Use::parameter, LinkedHashMap::new, Collectors.toList()));
    parts = new ArrayList<>();
    uses.forEach(
        (parameter, own) -> parts.add(change.apply(Part.of(parameter, own, model.outputs()))));
    List<List<Operand<TFloating>>> byPart = Factors.of(model, parts);
    factors = byPart.stream().flatMap(List::stream).toList();
    opaque = new HashSet<>();
    for (int k = 0; k < parts.size(); k++) {
      if (parts.get(k).opaque()) {
        opaque.addAll(byPart.get(k));
      }
    }
    Graph graph = new Graph();
    try {
      contraction = new Contraction(graph, parts, model.outputs(), model.type());
      contractionSession = new Session(graph, model.device().config());
    } catch (RuntimeException | Error e) {
      graph.close();
      throw e;
    }
    contractionGraph = graph;
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

  /** Parameters whose use in the graph was not recognised; their gradients are taken one by one. */
  public List<String> unrecognised() {
    return parts.stream().filter(Part::opaque).map(part -> part.parameter().name()).toList();
  }

  /**
   * How to cut the kernel of {@code examples} examples.
   *
   * @param memory bytes that the computation may hold
   * @param tile examples on the side of a tile, 0 to choose
   * @throws org.tfjavantk.graphs.UserException if the memory does not suffice for one tile
   */
  public TilePlan plan(int examples, long memory, int tile) {
    int o = model.outputs();
    int bytes = model.precision().bytes();
    long kept = parts.stream().mapToLong(part -> part.kept(o)).sum();
    long temporary = parts.stream().mapToLong(part -> part.temporary(o)).sum();
    // TensorFlow may work on all parts at once.
    long pair = parts.stream().mapToLong(part -> part.contracted(o)).sum();
    long stored = (long) o * o * bytes;
    return TilePlan.choose(
        examples, kept * bytes, temporary * bytes, pair * bytes, stored, memory, tile);
  }

  /**
   * The whole kernel between two small sets, in one piece.
   *
   * @param x1 n1 examples, row-major
   * @return n1·o × n2·o, row-major
   */
  public double[] matrix(double[] x1, int n1, double[] x2, int n2) {
    try (Panel rows = panel(x1, n1);
        Panel columns = panel(x2, n2);
        Tensor block = contract(rows, columns)) {
      return Tensors.toDoubles(block);
    }
  }

  /** The part of each parameter in {@link #matrix}, by the parameter's name. */
  public Map<String, double[]> matrixByParameter(double[] x1, int n1, double[] x2, int n2) {
    Map<String, double[]> byName = new LinkedHashMap<>();
    try (Panel rows = panel(x1, n1);
        Panel columns = panel(x2, n2)) {
      for (int k = 0; k < parts.size(); k++) {
        try (Tensor block = contract(rows, columns, contraction.block(k))) {
          byName.put(parts.get(k).parameter().name(), Tensors.toDoubles(block));
        }
      }
    }
    return byName;
  }

  /** The factors of n examples, row-major in x. The caller closes them. */
  Panel panel(double[] x, int n) {
    List<Operand<TFloating>> batched = factors.stream().filter(f -> !opaque.contains(f)).toList();
    List<Tensor> open = new ArrayList<>(run(x, n, batched));
    try {
      Iterator<Tensor> computed = List.copyOf(open).iterator();
      List<Tensor> all = new ArrayList<>();
      for (Operand<TFloating> factor : factors) {
        if (opaque.contains(factor)) {
          open.add(oneByOne(x, n, factor));
          all.add(open.get(open.size() - 1));
        } else {
          all.add(computed.next());
        }
      }
      return new Panel(n, all);
    } catch (RuntimeException | Error e) {
      open.forEach(Tensor::close);
      throw e;
    }
  }

  /** The gradients (n·o, size) of an opaque part: (o, size) for every example, below each other. */
  private Tensor oneByOne(double[] x, int n, Operand<TFloating> factor) {
    int length = x.length / n;
    double[] all = null;
    int columns = 0;
    for (int i = 0; i < n; i++) {
      double[] example = Arrays.copyOfRange(x, i * length, (i + 1) * length);
      try (Tensor rows = run(example, 1, List.of(factor)).get(0)) {
        columns = (int) rows.shape().get(1);
        double[] values = Tensors.toDoubles(rows);
        all = all == null ? new double[n * values.length] : all;
        System.arraycopy(values, 0, all, i * values.length, values.length);
      }
    }
    return Tensors.of(all, model.precision(), (long) n * model.outputs(), columns);
  }

  private List<Tensor> run(double[] x, int n, List<Operand<TFloating>> fetches) {
    return fetches.isEmpty() ? List.of() : model.run(x, n, fetches).tensors();
  }

  /** The kernel (n1·o × n2·o) between two panels. The caller closes it. */
  Tensor contract(Panel rows, Panel columns) {
    return contract(rows, columns, contraction.total());
  }

  private Tensor contract(Panel rows, Panel columns, Operand<TFloating> block) {
    Session.Runner runner = contractionSession.runner();
    feed(runner, contraction.rows(), rows);
    feed(runner, contraction.columns(), columns);
    try (TInt32 n2 = TInt32.scalarOf(columns.examples())) {
      return runner.feed(contraction.columnExamples(), n2).fetch(block).run().get(0);
    }
  }

  private static void feed(
      Session.Runner runner, List<Operand<TFloating>> placeholders, Panel panel) {
    for (int k = 0; k < placeholders.size(); k++) {
      runner.feed(placeholders.get(k), panel.factors().get(k));
    }
  }

  /** The model whose kernel this is. */
  public GraphModel model() {
    return model;
  }

  @Override
  public void close() {
    contractionSession.close();
    contractionGraph.close();
  }
}
