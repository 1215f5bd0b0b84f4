package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Blas;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.store.Tile;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.tile.Queues;
import org.tfjavantk.tile.TileEngine;
import org.tfjavantk.tile.TileExamples;
import org.tfjavantk.tile.TiledKernel;

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
  /** Memory for kernels of a few examples. */
  private static final long SMALL = 1L << 30;

  private final List<Replica> replicas = new ArrayList<>();
  private final GraphModel model;
  private final List<Part> parts;
  private final List<ParameterGroup> groups;
  private final OutputChoice choice;
  private final int outputs;
  private final List<Lane> lanes;
  private final PanelMemory memory;
  private final boolean onDevice;
  private final AtomicLong factorNanos = new AtomicLong();
  private final AtomicLong contractionNanos = new AtomicLong();

  private EmpiricalNtk(
      List<GraphModel> models,
      OutputChoice choice,
      List<ParameterGroup> groups,
      Place place,
      UnaryOperator<Part> change) {
    this.model = models.get(0);
    this.onDevice = place.isDevice(model);
    this.choice = choice;
    this.outputs = choice.functions(model.outputs());
    this.lanes = Stream.generate(() -> new Lane(model.precision())).limit(Blas.threads()).toList();
    this.memory = new PanelMemory(model.precision());
    for (GraphModel own : models) {
      Independence.requireByGraph(own);
      replicas.add(Replica.of(own, parts(own, change), choice));
    }
    this.parts = parts(model, change);
    this.groups = groups.isEmpty() ? List.of(everything()) : List.copyOf(groups);
    this.groups.forEach(this::members);
  }

  private List<Part> parts(GraphModel of, UnaryOperator<Part> change) {
    Map<Parameter, List<Use>> uses =
        Uses.of(of).stream()
            .collect(
                Collectors.groupingBy(Use::parameter, LinkedHashMap::new, Collectors.toList()));
    List<Part> parts = new ArrayList<>();
    uses.forEach(
        (parameter, own) ->
            parts.add(change.apply(Part.of(parameter, own, outputs, choice.pairing()))));
    return parts;
  }

  private ParameterGroup everything() {
    return new ParameterGroup(
        "all parameters", parts.stream().map(part -> part.parameter().name()).toList());
  }

  /**
   * Prepares the kernel of the model. The model's parameters may change later.
   *
   * @throws org.tfjavantk.graphs.UserException if the graph mixes the examples of a batch, or if an
   *     operation has no derivative; the message names it
   */
  public static EmpiricalNtk of(GraphModel model) {
    return of(model, OutputChoice.FULL);
  }

  /** As {@link #of(GraphModel)}, of functions of the outputs, or without some pairs of them. */
  public static EmpiricalNtk of(GraphModel model, OutputChoice choice) {
    return of(List.of(model), choice, List.of());
  }

  /**
   * As {@link #of(GraphModel)}, on several devices, and of groups of parameters.
   *
   * @param models the same model on each device, with the same parameters
   * @param groups whose parts of the kernel are wanted, each alone; empty for one group of all
   * @throws org.tfjavantk.graphs.UserException if a group names a parameter that does not exist
   */
  public static EmpiricalNtk of(
      List<GraphModel> models, OutputChoice choice, List<ParameterGroup> groups) {
    return of(models, choice, groups, Place.AUTO);
  }

  /**
   * As {@link #of(List, OutputChoice, List)}, contracted at some place.
   *
   * @throws org.tfjavantk.graphs.UserException if the device cannot: see {@link Place}
   */
  public static EmpiricalNtk of(
      List<GraphModel> models, OutputChoice choice, List<ParameterGroup> groups, Place place) {
    return new EmpiricalNtk(models, choice, groups, place, UnaryOperator.identity());
  }

  /** As {@link #of}, with some parts contracted in another way; all ways agree. */
  static EmpiricalNtk of(GraphModel model, OutputChoice choice, UnaryOperator<Part> change) {
    return new EmpiricalNtk(List.of(model), choice, List.of(), Place.AUTO, change);
  }

  /** The groups of parameters, each of which has matrices of its own. */
  public List<ParameterGroup> groups() {
    return groups;
  }

  /** How many matrices the kernel consists of: those of each group in turn, one for each output. */
  public int matrices() {
    return groups.size() * choice.pairing().matrices(outputs);
  }

  /** The parts of a group. */
  private List<Integer> members(ParameterGroup group) {
    List<Integer> members = new ArrayList<>();
    for (String name : group.parameters()) {
      int k = 0;
      while (k < parts.size() && !parts.get(k).parameter().name().equals(name)) {
        k++;
      }
      if (k == parts.size()) {
        throw new UserException(
            "the network has no parameter "
                + name
                + "; it has "
                + parts.stream().map(part -> part.parameter().name()).toList());
      }
      members.add(k);
    }
    return members;
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
    return WorkCount.ofOne(model, parts, choice).times(examples, pairs);
  }

  /** The operations that tiles take with this plan. */
  public Operations operations(TileJob job, TilePlan plan) {
    List<Part> forms =
        parts.stream()
            .filter(part -> part.route() == Route.JACOBIAN && !part.keepsGradients(outputs))
            .toList();
    double formed = WorkCount.ofOne(model, forms, choice).gradients();
    Work one = WorkCount.ofOne(model, parts, choice);
    double contraction = 0;
    for (Tile tile : job.tiles()) {
      double n1 = job.rows(tile);
      double n2 = job.columns(tile);
      boolean alone = job.alone(tile);
      contraction += one.contraction() * (alone ? n1 * (n1 + 1) / 2 : n1 * n2);
      contraction += formed * (alone ? n1 : n1 + n2);
    }
    long loaded = PanelOrder.examples(job, plan.panels());
    return new Operations((one.factors() - formed) * loaded, contraction);
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
    int bytes = model.precision().bytes();
    long kept = bytes * parts.stream().mapToLong(part -> part.kept(outputs)).sum();
    long temporary = bytes * parts.stream().mapToLong(part -> part.temporary(outputs)).sum();
    if (parts.stream().anyMatch(Part::opaque)) {
      temporary += bytes * (1 + 2L * model.outputs()) * Activations.perExample(model);
    }
    long perBatch = temporary;
    long stored = choice.pairing().entries(1, 1, outputs) * bytes;
    // What was contracted, and the tiles of all matrices, one while another is being written.
    long copies = 2L + 2L * groups.size();
    TilePlan.Costs costs =
        new TilePlan.Costs() {
          @Override
          public long panel(int n) {
            return n * kept;
          }

          @Override
          public long batch(int n) {
            return n * perBatch;
          }

          @Override
          public long contraction(int n, boolean alone) {
            return Contraction.temporary(
                parts,
                choice.pairing(),
                outputs,
                model.precision(),
                n,
                alone,
                budget(memory),
                lanes.size());
          }

          @Override
          public long tile(int n) {
            return copies * n * n * stored;
          }
        };
    return TilePlan.choose(examples, symmetric, stored, costs, memory, tile, replicas.size());
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
        NativeArray block = contract(0, rows, columns, SMALL)) {
      return doubles(block);
    }
  }

  /** The part of each parameter in {@link #matrix}, by the parameter's name. */
  public Map<String, double[]> matrixByParameter(double[] x1, int n1, double[] x2, int n2) {
    Map<String, double[]> byName = new LinkedHashMap<>();
    try (Panel rows = panel(x1, n1, n1);
        Panel columns = panel(x2, n2, n2)) {
      for (int k = 0; k < parts.size(); k++) {
        try (NativeArray block = contract(List.of(k), rows, columns, SMALL)) {
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
    return panel(x, n, batch, 1);
  }

  /** As the plan has it: devices take batches from one queue. */
  Panel panel(double[] x, int n, TilePlan plan) {
    return panel(x, n, plan.batch(), plan.atOnce());
  }

  private Panel panel(double[] x, int n, int batch, int atOnce) {
    int size = model.exampleSize();
    long start = System.nanoTime();
    try (PanelBuilder builder = new PanelBuilder(parts, outputs, n, memory)) {
      Queues.work(
          (n + batch - 1) / batch,
          replicas.subList(0, atOnce),
          (replica, k) -> {
            int from = k * batch;
            int count = Math.min(batch, n - from);
            double[] some =
                n == count ? x : Arrays.copyOfRange(x, from * size, (from + count) * size);
            try (Fetched fetched = replica.run(some, count)) {
              builder.add(from, count, fetched);
            }
          });
      return builder.finish();
    } finally {
      factorNanos.addAndGet(System.nanoTime() - start);
    }
  }

  /**
   * The kernel between two panels, as {@link Pairing} describes; of a panel with itself only the
   * numbers on and above the diagonal are right. The caller closes it.
   *
   * @param budget the memory of {@link #plan}
   */
  NativeArray contract(int group, Panel rows, Panel columns, long budget) {
    return contract(members(groups.get(group)), rows, columns, budget);
  }

  private NativeArray contract(List<Integer> which, Panel rows, Panel columns, long budget) {
    long start = System.nanoTime();
    try {
      return new Contraction(choice.pairing(), outputs, model.precision(), budget(budget), lanes)
          .block(parts, which, rows, columns);
    } finally {
      contractionNanos.addAndGet(System.nanoTime() - start);
    }
  }

  /** Entries of the tile of n₁ x n₂ examples, in all matrices of all groups. */
  long entries(int n1, int n2) {
    return groups.size() * choice.pairing().entries(n1, n2, outputs);
  }

  /** Rows and columns of one matrix of the tile of n x n examples. */
  int side(int n) {
    return n * choice.pairing().rows(outputs);
  }

  /** Frees the memory of panels that were closed. */
  void release() {
    memory.close();
  }

  /** Seconds in which factors were computed since this was made. */
  public double factorSeconds() {
    return factorNanos.get() * 1e-9;
  }

  /** Seconds in which factors were contracted, and gradients formed for it, since this was made. */
  public double contractionSeconds() {
    return contractionNanos.get() * 1e-9;
  }

  /** Whether devices contract. */
  public boolean onDevice() {
    return onDevice;
  }

  /**
   * The kernel of examples, to be computed tile by tile into stores of one layout, one for each
   * {@link #matrices matrix}.
   *
   * @param columns null for the symmetric kernel of the rows with themselves
   * @param plan from {@link #plan}
   * @param divisor every entry is divided by this
   */
  public TiledKernel tiled(
      Examples rows,
      Examples columns,
      List<? extends TileSink> stores,
      TilePlan plan,
      double divisor) {
    if (stores.size() != matrices()) {
      throw new IllegalArgumentException(stores.size() + " stores for " + matrices() + " matrices");
    }
    return new TiledKernel(examples -> engines(examples, plan), rows, columns, stores, divisor);
  }

  /** {@link #tiled} of a single matrix. */
  public TiledKernel tiled(
      Examples rows, Examples columns, TileSink store, TilePlan plan, double divisor) {
    return tiled(rows, columns, List.of(store), plan, divisor);
  }

  /** What computes tiles: one for all devices, or one on each where the devices contract. */
  List<TileEngine> engines(TileExamples examples, TilePlan plan) {
    if (!onDevice) {
      return List.of(new ProcessorEngine(this, examples, plan));
    }
    List<List<Integer>> members = groups.stream().map(this::members).toList();
    List<TileEngine> engines = new ArrayList<>();
    for (Replica replica : replicas) {
      DeviceContraction contraction =
          new DeviceContraction(
              replica.model(), choice.pairing(), outputs, plan.tile(), budget(plan.memory()));
      engines.add(new DeviceEngine(replica, parts, members, contraction, examples, plan.batch()));
    }
    return engines;
  }

  /** The model whose kernel this is. */
  public GraphModel model() {
    return model;
  }

  @Override
  public void close() {
    lanes.forEach(Lane::close);
    memory.close();
  }
}
