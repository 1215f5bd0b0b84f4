package org.tfjavantk.cli.run.steps;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tfjavantk.cli.run.Fixture;
import org.tfjavantk.cli.run.RunExecutor;
import org.tfjavantk.config.ConfigReader;
import org.tfjavantk.config.Defaults;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.data.NpyFile;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.regression.FittedModel;
import org.tfjavantk.store.KernelExport;
import org.tfjavantk.store.KernelStore;

/** What is done with a kernel: every way of a regression, spectra, flows, processes; and files. */
class KernelUsesTest {
  private static final String CONFIG =
      """
      name: "uses"
      dataset { circle {} train: 24 test: 8 }
      network { two_layer { width: 8 } }
      """;
  private static final String KERNEL = "step { empirical_kernel { precision: FLOAT64 tile: 6 } }\n";

  private final Fixture fixture = new Fixture();
  @TempDir private Path folder;

  private Path execute(String name, String steps) throws IOException {
    Run run = Defaults.resolve(ConfigReader.parse("uses.textproto", CONFIG + steps, List.of()));
    Path directory = folder.resolve(name);
    new RunExecutor(StepRunners.all(), StepRunners.checks(), Fixture::environment, fixture.display)
        .execute(run, directory, false);
    return directory;
  }

  private static double[][] numbers(Path csv) throws IOException {
    return Files.readAllLines(csv).stream()
        .skip(1)
        .map(
            line ->
                java.util.Arrays.stream(line.split(",", -1))
                    .mapToDouble(s -> s.isEmpty() ? Double.NaN : Double.parseDouble(s))
                    .toArray())
        .toArray(double[][]::new);
  }

  private static double[] predictions(Path file) {
    NpyFile array = NpyFile.read(file);
    double[] values = new double[array.rows() * array.rowLength()];
    for (int i = 0; i < array.rows(); i++) {
      array.row(i, values, i * array.rowLength());
    }
    return values;
  }

  @Test
  void everySolverPredictsTheSame() throws IOException {
    String one = "ridge { values: 0.1 } choose_by: GCV";
    String solvers =
        KERNEL
            + "step { kernel_regression { "
            + one
            + " } }\n"
            + "step { kernel_regression { ridge { values: 0.1 } choose_by: LEAVE_ONE_OUT } }\n"
            + "step { kernel_regression { ridge { values: 0.1 } choose_by: K_FOLD folds: 3 } }\n"
            + "step { kernel_regression { ridge { values: 0.1 } choose_by: TEST } }\n"
            + "step { kernel_regression { ridge { values: 0.1 } solver { kind: OUT_OF_CORE } } }\n"
            + "step { kernel_regression { ridge { values: 0.1 } solver { kind: CONJUGATE_GRADIENTS"
            + " rank: 10 tolerance: 1e-12 } } }\n";
    Path run = execute("solvers", solvers);
    double[] expected = predictions(run.resolve("predictions.npy"));
    for (int k = 2; k <= 6; k++) {
      double[] found = predictions(run.resolve("predictions" + k + ".npy"));
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], 1e-7, k + " " + i);
      }
    }
    var written = Files.getLastModifiedTime(run.resolve("predictions5.npy"));
    var iterated = Files.getLastModifiedTime(run.resolve("predictions6.npy"));
    execute("solvers", solvers);
    assertEquals(written, Files.getLastModifiedTime(run.resolve("predictions5.npy")), "once");
    assertEquals(iterated, Files.getLastModifiedTime(run.resolve("predictions6.npy")), "once");
    FittedModel model = FittedModel.load(run.resolve("model"));
    double[] applied = model.apply(KernelStore.open(run.resolve("kernel-test.zarr")));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], applied[i], 1e-12);
    }
  }

  @Test
  void aFlowEndsAtTheRidgelessFitAndAProcessAtTheRidgeFit() throws IOException {
    Path run =
        execute(
            "flow",
            KERNEL
                + "step { kernel_regression { ridge { values: 0.3 } choose_by: GCV } }\n"
                + "step { gaussian_process { ridge: 0.3 } }\n"
                + "step { gradient_flow { ridge: 0.3 count: 5 } }\n");
    double[] expected = predictions(run.resolve("predictions.npy"));
    double[][] posterior = numbers(run.resolve("posterior.csv"));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], posterior[i][2], 1e-10);
      assertTrue(Double.isNaN(posterior[i][3]));
    }
    double[][] flow = numbers(run.resolve("flow.csv"));
    assertEquals(7, flow.length);
    double[] regression = numbers(run.resolve("predictions.npy").resolveSibling("flow.csv"))[6];
    assertEquals(Double.POSITIVE_INFINITY, regression[0]);
    assertEquals(0, regression[1], 1e-12);
    for (int k = 1; k < flow.length; k++) {
      assertTrue(flow[k][1] <= flow[k - 1][1], "the training error falls");
    }
  }

  @Test
  void spectraAreFullOrTheirTopWithEstimates() throws IOException {
    Path run =
        execute(
            "spectrum",
            KERNEL + "step { spectrum {} }\nstep { spectrum { top: 5 probes: 8 ridge: 1 } }\n");
    double[][] all = numbers(run.resolve("eigenvalues.csv"));
    double[][] top = numbers(run.resolve("eigenvalues2.csv"));
    assertEquals(5, top.length);
    for (int i = 0; i < 5; i++) {
      assertEquals(all[i][1], top[i][1], 1e-9 * all[0][1]);
    }
    assertEquals(200, numbers(run.resolve("density2.csv")).length);
    String section = Files.readString(run.resolve("sections/3-spectrum.json"));
    for (String figure : List.of("kernel_target_alignment", "labels_in_span", "log determinant")) {
      assertTrue(section.contains(figure), section);
    }
  }

  @Test
  void kernelsFromFilesGiveWhatTheirStepGives() throws IOException {
    Path made = execute("made", KERNEL + "step { kernel_regression { ridge { values: 0.1 } } }\n");
    int outputs = KernelStore.open(made.resolve("kernel.zarr")).layout().outputs();
    Path train = folder.resolve("train.npy");
    Path test = folder.resolve("test.npy");
    KernelExport.toNpy(KernelStore.open(made.resolve("kernel.zarr")), train);
    KernelExport.toNpy(KernelStore.open(made.resolve("kernel-test.zarr")), test);
    String arrays = "files { train: '%s' test: '%s' outputs: %d }".formatted(train, test, outputs);
    String stores =
        "files { train: '%s' test: '%s' }"
            .formatted(made.resolve("kernel.zarr"), made.resolve("kernel-test.zarr"));
    double[] expected = predictions(made.resolve("predictions.npy"));
    for (String files : List.of(arrays, stores)) {
      boolean npy = files.equals(arrays);
      if (!npy && outputs != 1) {
        files = files.replace(" }", " outputs: " + outputs + " }");
      }
      Path run =
          execute(
              npy ? "arrays" : "stores",
              "step { kernel_regression { ridge { values: 0.1 } "
                  + files
                  + " } }\n"
                  + "step { spectrum { top: 3 "
                  + files
                  + " } }\n");
      double[] found = predictions(run.resolve("predictions.npy"));
      for (int i = 0; i < expected.length; i++) {
        assertEquals(expected[i], found[i], 1e-12);
      }
    }
  }

  @Test
  void filesThatAreNotThereAreNamed() {
    UserException missing =
        assertThrows(
            UserException.class,
            () -> execute("missing", "step { spectrum { files { train: '/no/such.npy' } } }\n"));
    assertTrue(missing.getMessage().contains("step[0].spectrum.files.train"), missing.getMessage());
  }
}
