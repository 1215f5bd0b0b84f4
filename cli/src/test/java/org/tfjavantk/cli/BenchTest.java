package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.tfjavantk.cli.files.Json;

/** {@code ntk bench}. */
class BenchTest {
  private final Commands commands = new Commands();

  private Map<String, Object> line(Object... arguments) {
    commands.done(arguments);
    assertEquals(1, commands.out.toString().lines().count(), commands.out::toString);
    return Json.object(commands.out.toString());
  }

  private static double number(Map<String, Object> line, String name) {
    return Commands.number(line, name);
  }

  @Test
  void solversAreTimedInOneLine() {
    Map<String, String> methods =
        Map.of(
            "cholesky", "Cholesky in float64",
            "float32", "Cholesky in float32, refined in float64",
            "eigen", "eigendecomposition in float64",
            "out_of_core", "Cholesky in float64 on disk",
            "nystrom", "conjugate gradients with NYSTROM of rank 37");
    for (String solver : methods.keySet()) {
      Map<String, Object> line =
          line("bench", "solve", "--n", "150", "--lambdas", "7", "--solver", solver);
      assertEquals(methods.get(solver), line.get("method"));
      assertEquals(solver, line.get("solver"));
      assertEquals(7L, line.get("lambdas"));
      for (String name : List.of("seconds", "gflops", "peak_rss_bytes", "residual")) {
        assertTrue(number(line, name) > 0, () -> name + " in " + line);
      }
      assertTrue(number(line, "residual") < (solver.equals("nystrom") ? 1e-5 : 1e-9));
    }
  }

  @Test
  void aKernelIsTimedInOneLine() {
    Map<String, Object> line =
        line(
            "bench",
            "empirical",
            "--network",
            "two_layer",
            "--width",
            "16",
            "--n",
            "20",
            "--memory",
            "1GiB");
    assertEquals("two_layer", line.get("network"));
    assertEquals(20L, line.get("n"));
    assertEquals(10L, line.get("outputs"));
    assertEquals(3072L * 16 + 16 + 160 + 10, line.get("parameters"));
    assertEquals("float32", line.get("precision"));
    assertEquals(1L << 30, line.get("memory"));
    for (String name :
        List.of(
            "seconds",
            "setup_seconds",
            "factor_seconds",
            "contraction_seconds",
            "contraction_percent_of_peak",
            "ms_per_pair",
            "flops",
            "gflops",
            "gemm_peak_gflops",
            "gemm_tensorflow_gflops",
            "percent_of_peak",
            "planned_bytes",
            "tile",
            "batch",
            "trace")) {
      assertTrue(number(line, name) > 0, () -> name + " in " + line);
    }
    for (String name :
        List.of("checksum", "device", "threads", "version", "commit", "tensorflow", "switches")) {
      assertTrue(line.containsKey(name), () -> name + " in " + line);
    }
    boolean linux = Files.isReadable(Path.of("/proc/self/status"));
    assertTrue(!linux || number(line, "peak_rss_bytes") > 50e6, line::toString);
    double gflops = number(line, "flops") / number(line, "seconds") / 1e9;
    assertEquals(gflops, number(line, "gflops"), 1e-9 * gflops);
    double percent = 100 * gflops / number(line, "gemm_peak_gflops");
    assertEquals(percent, number(line, "percent_of_peak"), 1e-9 * percent);
    assertEquals(1e3 * number(line, "seconds") / 210, number(line, "ms_per_pair"), 1e-9);
    assertTrue(
        number(line, "factor_seconds") + number(line, "contraction_seconds")
            <= number(line, "seconds"),
        line::toString);
    double parts =
        number(line, "flops_forward")
            + number(line, "flops_cotangents")
            + number(line, "flops_gradients")
            + number(line, "flops_contraction");
    assertEquals(number(line, "flops"), parts, 1e-9 * parts);
  }

  @Test
  void theSeedAndNothingElseMakesTheKernel() {
    Object[] job = {"bench", "empirical", "--network", "logistic", "--n", "9", "--precision"};
    double[] traces = new double[3];
    for (int k = 0; k < 3; k++) {
      Object[] all = java.util.Arrays.copyOf(job, job.length + 3);
      all[job.length] = k == 1 ? "FLOAT32" : "float64";
      all[job.length + 1] = "--seed";
      all[job.length + 2] = k == 2 ? 2 : 1;
      traces[k] = number(line(all), "trace");
    }
    assertEquals(traces[0], traces[1], 1e-5 * traces[0]);
    assertTrue(Math.abs(traces[0] - traces[2]) > 1e-3 * traces[0], "the seed has no effect");
    // Of a logistic regression each of the 10 outputs of an example x has |x|² + 1.
    assertEquals(10 * 9 * 3073, traces[0], 0.05 * traces[0]);
  }

  @Test
  void withoutFormingTheKernelTheSolutionIsThatOfTheStoredOne() {
    for (String network : new String[] {"logistic", "lenet"}) {
      Map<String, Object> found =
          line("bench", "matrix-free", "--network", network, "--n", 12, "--rank", 30);
      assertEquals(120L, found.get("rows"));
      assertTrue(number(found, "relative_difference") < 1e-4, found::toString);
      assertTrue(number(found, "residual") < 1e-7, found::toString);
    }
    says(
        commands.refused("bench", "matrix-free", "--network", "lenet", "--n", "4", "--ridge", "0"),
        "--ridge 0");
  }

  @Test
  void whatCannotBeTimedIsRefused() {
    String[] start = {"bench", "empirical", "--network"};
    says(
        commands.refused(start[0], start[1], start[2], "lanet", "--n", "4"),
        "no network 'lanet'",
        "did you mean 'lenet'",
        "resnet18",
        "mlp");
    says(commands.refused(start[0], start[1], start[2], "saved_model", "--n", "4"), "resnet9");
    says(
        commands.refused(start[0], start[1], start[2], "lenet", "--width", "4", "--n", "4"),
        "--width",
        "lenet");
    says(commands.refused(start[0], start[1], start[2], "lenet", "--n", "0"), "--n 0");
    says(
        commands.refused(start[0], start[1], start[2], "lenet", "--n", "4", "--precision", "half"),
        "--precision",
        "float64");
    String small =
        commands.refused(start[0], start[1], start[2], "lenet", "--n", "4", "--memory", "1MiB");
    says(small, "--memory is too small", "1,024 KiB are allowed");
    assertFalse(small.contains("empirical_kernel"), small);
    says(
        commands.refused(start[0], start[1], start[2], "lenet", "--n", "4", "--memory", "much"),
        "--memory",
        "much");
  }

  @Test
  void widthsGoWhereANetworkHasThem() {
    for (String name : NamedNetwork.names()) {
      assertEquals(10, NamedNetwork.of(name, 0, 10).shape(32, 32, 3).output()[0], name);
    }
    assertEquals(
        NamedNetwork.of("mlp", 8, 10).shape(32, 32, 3).parameters().stream()
            .mapToInt(spec -> spec.size())
            .sum(),
        3072 * 8 + 8 + 64 + 8 + 80 + 10);
  }

  private static void says(String text, String... parts) {
    for (String part : parts) {
      assertTrue(text.contains(part), () -> "lacks '" + part + "': " + text);
    }
  }
}
