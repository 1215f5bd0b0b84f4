package org.tfjavantk.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.run.Machine;
import org.tfjavantk.cli.run.PeakMemory;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Blas;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.solve.Certificate;
import org.tfjavantk.solve.CholeskySolver;
import org.tfjavantk.solve.ConjugateGradients;
import org.tfjavantk.solve.EigenSolver;
import org.tfjavantk.solve.FloatCholeskySolver;
import org.tfjavantk.solve.MatrixSource;
import org.tfjavantk.solve.Preconditioners;
import org.tfjavantk.solve.Solution;
import org.tfjavantk.solve.Solver;
import org.tfjavantk.solve.StoreSource;
import org.tfjavantk.solve.TiledPlan;
import org.tfjavantk.solve.TiledSolver;
import org.tfjavantk.store.KernelStore;

/**
 * Times the solution of {@code (K + λ I) X = B} for the kernel of {@link PolynomialKernel}, ten
 * right-hand sides and values of λ from 1e-3 to 1e3, evenly spaced in the logarithm.
 *
 * @param n rows
 * @param lambdas how many values of λ
 * @param solver by which method
 * @param memory bytes that the methods on disk may hold
 * @param directory where those on disk keep their files; null for a temporary one
 */
public record SolveBench(int n, int lambdas, Method solver, long memory, Path directory) {
  private static final int OUTPUTS = 10;
  private static final int FEW = 5;
  private static final double GIGA = 1e-9;
  private static final String MATRIX = "the matrix";

  /** What is timed. */
  public enum Method {
    CHOLESKY(false),
    FLOAT32(false),
    EIGEN(false),
    OUT_OF_CORE(true),
    CG(true),
    NYSTROM(true),
    PIVOTED(true);

    private final boolean onDisk;

    Method(boolean onDisk) {
      this.onDisk = onDisk;
    }
  }

  /**
   * Runs the job once.
   *
   * @return what was measured, by name: {@code seconds} is the solver alone, what it copies of the
   *     matrix and the certificates included; {@code setup_seconds} making the matrix
   * @throws UserException if the memory does not suffice or a solution fails
   */
  public Map<String, Object> run() {
    try {
      Path folder = directory;
      if (solver.onDisk && folder == null) {
        folder = Files.createTempDirectory("ntk-bench-solve");
      }
      try {
        return run(folder);
      } finally {
        if (folder != null && directory == null) {
          AtomicFiles.delete(folder);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the files of the benchmark", e);
    }
  }

  private Map<String, Object> run(Path folder) {
    Blas.threads();
    long begun = System.nanoTime();
    PolynomialKernel kernel = new PolynomialKernel(n);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("solver", solver.name().toLowerCase(Locale.ROOT));
    fields.put("n", n);
    fields.put("lambdas", lambdas);
    fields.put("right_hand_sides", OUTPUTS);
    try (Matrix b = rightHandSides()) {
      if (solver.onDisk) {
        KernelStore store = kernel.store(folder.resolve("kernel.zarr"));
        measure(fields, begun, b, () -> onDisk(store, folder));
        if (solver == Method.OUT_OF_CORE) {
          addPlan(fields, store);
        }
      } else {
        Memory.require(2 * Matrix.bytes(n, n), "the matrix and as much", "take less with --n");
        Matrix k = kernel.matrix();
        if (solver == Method.CHOLESKY) {
          // As in a regression, whose matrix nobody else wants; the solver closes it.
          measure(fields, begun, b, () -> CholeskySolver.inPlace(k, MATRIX));
        } else {
          try (k) {
            measure(fields, begun, b, () -> inMemory(new MatrixSource(k, MATRIX)));
          }
        }
      }
    }
    fields.put("threads", Blas.threads());
    Machine.Version version = Machine.Version.ofProgram();
    fields.put("version", version.number());
    fields.put("commit", version.commit());
    return fields;
  }

  private void addPlan(Map<String, Object> fields, KernelStore store) {
    TiledPlan plan = TiledPlan.of(store.layout(), memory);
    fields.put("memory", memory);
    fields.put("planned_bytes", plan.bytes());
    fields.put("planned_disk_bytes", plan.disk());
    fields.put("planned_read_bytes", plan.read());
  }

  private Matrix rightHandSides() {
    RandomStream random = RandomStream.of(0, "bench/right-hand-sides");
    Matrix b = new Matrix(n, OUTPUTS);
    double[] row = new double[OUTPUTS];
    for (int i = 0; i < n; i++) {
      long first = (long) i * OUTPUTS;
      Arrays.setAll(row, c -> random.normal(first + c));
      b.setRow(i, row);
    }
    return b;
  }

  private double[] ridges() {
    double[] ridges = new double[lambdas];
    Arrays.setAll(ridges, k -> Math.pow(10, lambdas == 1 ? -3 : -3 + 6.0 * k / (lambdas - 1)));
    return ridges;
  }

  private interface Opening {
    Solver open();
  }

  private Solver inMemory(MatrixSource source) {
    return solver == Method.FLOAT32 ? FloatCholeskySolver.of(source) : EigenSolver.of(source);
  }

  private Solver onDisk(KernelStore store, Path folder) {
    return switch (solver) {
      case CG -> iterative(store, Preconditioners.Kind.NONE);
      case NYSTROM -> iterative(store, Preconditioners.Kind.NYSTROM);
      case PIVOTED -> iterative(store, Preconditioners.Kind.PIVOTED_CHOLESKY);
      default -> new TiledSolver(store, folder, memory, (done, total) -> {});
    };
  }

  private Solver iterative(KernelStore store, Preconditioners.Kind kind) {
    int rank = Math.max(1, Math.min(n / 4, 1000));
    return ConjugateGradients.of(
        new StoreSource(store), ConjugateGradients.Settings.of(1e-6, 20_000, kind, rank));
  }

  private void measure(Map<String, Object> fields, long begun, Matrix b, Opening opening) {
    long before = PeakMemory.now();
    long start = System.nanoTime();
    double residual = 0;
    double condition = 0;
    int iterations = 0;
    String method = "";
    try (Solver opened = opening.open()) {
      List<Solution> solutions = opened.path(ridges(), b);
      for (Solution solution : solutions) {
        try (Solution.Solved solved = solution.orThrow()) {
          Certificate certificate = solved.certificate();
          residual = Math.max(residual, certificate.worstResidual());
          condition = Math.max(condition, certificate.condition());
          iterations += certificate.iterations();
          method = certificate.method();
        }
      }
    }
    double seconds = (System.nanoTime() - start) * 1e-9;
    fields.put("seconds", seconds);
    fields.put("setup_seconds", (start - begun) * 1e-9);
    fields.put("gflops", GIGA * operations(iterations) / seconds);
    fields.put("peak_rss_bytes", PeakMemory.bytes());
    fields.put("rss_before_bytes", before);
    fields.put("matrix_bytes", Matrix.bytes(n, n));
    fields.put("method", method);
    fields.put("residual", residual);
    fields.put("condition", condition);
    fields.put("iterations", iterations);
  }

  /** Of the factorizations or the products alone. */
  private double operations(int iterations) {
    double cube = (double) n * n * n;
    return switch (solver) {
      case CHOLESKY -> lambdas > FEW ? 4 * cube / 3 : lambdas * cube / 3;
      case FLOAT32, OUT_OF_CORE -> lambdas * cube / 3;
      case EIGEN -> 9 * cube;
      case CG, NYSTROM, PIVOTED -> 2.0 * n * n * OUTPUTS * iterations;
    };
  }
}
