package org.tfjavantk.cli.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.run.PeakMemory;
import org.tfjavantk.data.Examples;
import org.tfjavantk.empirical.EmpiricalNtk;
import org.tfjavantk.empirical.MatrixFreeNtk;
import org.tfjavantk.empirical.TilePlan;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.Memory;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.solve.Certificate;
import org.tfjavantk.solve.CholeskySolver;
import org.tfjavantk.solve.ConjugateGradients;
import org.tfjavantk.solve.KernelSource;
import org.tfjavantk.solve.Preconditioners;
import org.tfjavantk.solve.Solution;
import org.tfjavantk.solve.Solver;
import org.tfjavantk.solve.StoreSource;
import org.tfjavantk.solve.TangentSource;
import org.tfjavantk.store.KernelLayout;
import org.tfjavantk.store.KernelStore;
import org.tfjavantk.store.StorageType;

/**
 * Solves {@code (Θ + λ I) x = b} for the full empirical kernel Θ of a network with random
 * parameters on random images 32 x 32 x 3, twice: by preconditioned conjugate gradients without
 * ever forming Θ, and by Cholesky's factorization of the stored kernel. λ is {@code ridge} times
 * the mean of Θ's diagonal, b of independent normal numbers.
 *
 * @param n examples
 * @param ridge relative to the diagonal
 * @param rank of the Nyström preconditioner
 */
public record MatrixFreeBench(
    Network network, Precision precision, int n, double ridge, int rank, long seed) {
  private static final int[] IMAGE = {32, 32, 3};
  private static final double TOLERANCE = 1e-8;
  private static final int ITERATIONS = 5000;
  private static final int FEW = 16;
  private static final long MEMORY = 1L << 30;

  /**
   * Runs both.
   *
   * @return what was measured, by name: {@code matrix_free_seconds}, {@code kernel_seconds}, {@code
   *     direct_seconds}, {@code relative_difference} = ‖x − x'‖ / ‖x'‖
   */
  public Map<String, Object> run() {
    try (GraphModel model = network.build(IMAGE, precision, seed, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      int rows = n * model.outputs();
      Memory.require(2 * Matrix.bytes(rows, rows), "kernel and factor", "take less with --n");
      Examples examples = new NormalExamples(n, IMAGE, seed);
      double[] x = new double[n * examples.size()];
      for (int k = 0; k < n; k++) {
        examples.read(k, x, k * examples.size());
      }
      double lambda = ridge * meanDiagonal(ntk, x);
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("network", network.name());
      fields.put("n", n);
      fields.put("rows", rows);
      fields.put("precision", precision.name());
      fields.put("lambda", lambda);
      try (Matrix b = rightHandSide(rows)) {
        TangentSource source =
            new TangentSource(MatrixFreeNtk.of(model, MEMORY), x, n, model.outputs());
        try (Solution.Solved iterated = iterate(source, lambda, b, fields);
            Solution.Solved direct = factor(ntk, examples, lambda, b, fields)) {
          fields.put("relative_difference", difference(iterated.x(), direct.x()));
        }
      }
      fields.put("peak_rss_bytes", PeakMemory.bytes());
      EmpiricalBench.addProgram(fields);
      return fields;
    }
  }

  private double meanDiagonal(EmpiricalNtk ntk, double[] x) {
    int few = Math.min(n, FEW);
    int side = few * ntk.model().outputs();
    double[] theta = ntk.matrix(x, few, x, few);
    double sum = 0;
    for (int i = 0; i < side; i++) {
      sum += theta[i * side + i];
    }
    return sum / side;
  }

  private Matrix rightHandSide(int rows) {
    RandomStream random = RandomStream.of(seed, "bench/right-hand-side");
    Matrix b = new Matrix(rows, 1);
    for (int i = 0; i < rows; i++) {
      b.set(i, 0, random.normal(i));
    }
    return b;
  }

  private Solution.Solved iterate(
      KernelSource source, double lambda, Matrix b, Map<String, Object> fields) {
    long start = System.nanoTime();
    var settings =
        ConjugateGradients.Settings.of(
            TOLERANCE, ITERATIONS, Preconditioners.Kind.NYSTROM, Math.min(rank, source.size()));
    try (Solver solver = ConjugateGradients.of(source, settings)) {
      Solution.Solved solved = solver.solve(lambda, b).orThrow();
      Certificate certificate = solved.certificate();
      fields.put("matrix_free_seconds", (System.nanoTime() - start) * 1e-9);
      fields.put("method", certificate.method());
      fields.put("iterations", certificate.iterations());
      fields.put("residual", certificate.worstResidual());
      return solved;
    }
  }

  private Solution.Solved factor(
      EmpiricalNtk ntk, Examples examples, double lambda, Matrix b, Map<String, Object> fields) {
    try {
      Path folder = Files.createTempDirectory("ntk-bench-matrix-free");
      try {
        long start = System.nanoTime();
        Matrix theta = stored(ntk, examples, folder.resolve("kernel.zarr"));
        fields.put("kernel_seconds", (System.nanoTime() - start) * 1e-9);
        start = System.nanoTime();
        try (Solver solver = CholeskySolver.inPlace(theta, "the kernel")) {
          Solution.Solved solved = solver.solve(lambda, b).orThrow();
          fields.put("direct_seconds", (System.nanoTime() - start) * 1e-9);
          fields.put("condition", solved.certificate().condition());
          return solved;
        }
      } finally {
        AtomicFiles.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the files of the benchmark", e);
    }
  }

  private Matrix stored(EmpiricalNtk ntk, Examples examples, Path path) {
    TilePlan plan = ntk.plan(n, MEMORY, 0, true);
    KernelLayout layout =
        new KernelLayout(
            n, n, ntk.model().outputs(), Math.min(n, plan.tile()), true, StorageType.FLOAT64);
    KernelStore store = KernelStore.openOrCreate(path, layout, Map.of());
    ntk.tiled(examples, null, List.of(store), plan, 1).compute((tile, done, total) -> {});
    return new StoreSource(store).dense();
  }

  private static double difference(Matrix found, Matrix exact) {
    double errors = 0;
    double squares = 0;
    for (int i = 0; i < exact.rows(); i++) {
      double error = found.get(i, 0) - exact.get(i, 0);
      errors += error * error;
      squares += exact.get(i, 0) * exact.get(i, 0);
    }
    return Math.sqrt(errors / squares);
  }
}
