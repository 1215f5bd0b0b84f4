package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.proto.DataType;
import org.tensorflow.proto.GraphDef;
import org.tensorflow.proto.MetaGraphDef;
import org.tensorflow.proto.SavedModel;
import org.tensorflow.proto.SignatureDef;
import org.tensorflow.proto.TensorInfo;

/** Models that TensorFlow wrote in Python, from the command line. */
class ModelFilesTest {
  private static final Path MODELS =
      Path.of("../graphs/src/test/resources/savedmodels").toAbsolutePath().normalize();

  @TempDir private Path folder;
  private final Commands commands = new Commands();

  /** A run that computes the kernel of a network on its files x1.npy and x2.npy. */
  private Path config(String model, String network) throws IOException {
    String text =
        """
        name: "file"
        dataset { npy { train_inputs: "%1$s/x1.npy" test_inputs: "%1$s/x2.npy" } }
        network { %2$s }
        step { empirical_kernel {} }
        step { spectrum {} }
        """;
    return Files.writeString(
        folder.resolve("config.textproto"), text.formatted(MODELS.resolve(model), network));
  }

  private static String saved(String model) {
    return "saved_model { dir: \"" + MODELS.resolve(model).resolve("saved_model") + "\" }";
  }

  private void assertKernels(String model, Path config, double tolerance) throws IOException {
    Path run = folder.resolve("run");
    commands.done("run", config, "--out", run);
    assertTrue(Files.readString(run.resolve("report.html")).contains("</html>"));
    assertKernel(
        run.resolve("kernel.zarr"), MODELS.resolve(model).resolve("theta_11.npy"), tolerance);
    double[][] cross = Npy.read(MODELS.resolve(model).resolve("theta_12.npy"));
    double[][] transposed = new double[cross[0].length][cross.length];
    for (int r = 0; r < cross.length; r++) {
      for (int c = 0; c < cross[0].length; c++) {
        transposed[c][r] = cross[r][c];
      }
    }
    Path expected = folder.resolve("cross.npy");
    Npy.write(expected, transposed);
    assertKernel(run.resolve("kernel-test.zarr"), expected, tolerance);
  }

  private void assertKernel(Path store, Path reference, double tolerance) throws IOException {
    Path npy = folder.resolve(store.getFileName() + ".npy");
    commands.done("kernel", "export", store, npy, "--force");
    double[][] actual = Npy.read(npy);
    double[][] expected = Npy.read(reference);
    assertEquals(expected.length, actual.length);
    double largest = 0;
    for (double[] row : expected) {
      for (double value : row) {
        largest = Math.max(largest, Math.abs(value));
      }
    }
    for (int r = 0; r < expected.length; r++) {
      assertArrayEquals(expected[r], actual[r], tolerance * largest);
    }
  }

  @Test
  void theKernelOfATransformerOnTokens() throws IOException {
    String model = "transformer_float64";
    assertKernels(model, config(model, saved(model)), 1e-12);
  }

  @Test
  void theKernelOfAFileThatHadToBeRepairedSaysSo() throws IOException {
    String model = "mlp_float64";
    String network = saved(model).replace("/saved_model\"", "/saved_model_unrestored\"");
    assertKernels(model, config(model, network), 1e-12);
    assertTrue(Files.readString(folder.resolve("run/report.html")).contains("restore"));
  }

  @Test
  void theKernelOfAFrozenGraphWithNamedParameters() throws IOException {
    String model = "frozen_tf1_ref_float64";
    Path names = MODELS.resolve(model).resolve("frozen.parameters.txt");
    String parameters =
        Files.readAllLines(names).stream()
            .map(name -> "parameters: \"" + name + "\"")
            .collect(Collectors.joining(" "));
    Path file = MODELS.resolve(model).resolve("frozen.pb");
    String network = "frozen_graph { file: \"" + file + "\" " + parameters + " }";
    assertKernels(model, config(model, network), 1e-12);
  }

  @Test
  void theNextRunOfTheSameConfigComputesNothing() throws IOException {
    String model = "mlp_float32";
    Path config = config(model, saved(model));
    commands.done("run", config, "--out", folder.resolve("run"));
    var before = Commands.snapshot(folder.resolve("run/kernel.zarr"));
    commands.done("run", config, "--out", folder.resolve("run"));
    assertEquals(before, Commands.snapshot(folder.resolve("run/kernel.zarr")));
  }

  /** The layers are what the file's names say; the trace is over the outputs of all of them. */
  @Test
  void theTraceKernelsOfTheLayersOfAFileAddUp() throws IOException {
    String model = "transformer_float64";
    Path config = config(model, saved(model));
    String text = Files.readString(config);
    Files.writeString(
        config,
        text.replace("empirical_kernel {}", "empirical_kernel { outputs: TRACE by: LAYER }")
            .replace("step { spectrum {} }", ""));
    Path run = folder.resolve("run");
    commands.done("run", config, "--out", run);
    double[][] full = Npy.read(MODELS.resolve(model).resolve("theta_11.npy"));
    int n = Npy.read(MODELS.resolve(model).resolve("x1.npy")).length;
    int outputs = full.length / n;
    double[][] expected = new double[n][n];
    for (int r = 0; r < n; r++) {
      for (int s = 0; s < n; s++) {
        for (int c = 0; c < outputs; c++) {
          expected[r][s] += full[r * outputs + c][s * outputs + c];
        }
      }
    }
    double[][] sum = new double[n][n];
    List<Path> stores;
    try (Stream<Path> files = Files.list(run)) {
      stores = files.filter(f -> f.toString().matches(".*(?<!-test)\\.zarr")).toList();
    }
    assertTrue(stores.size() > 3, stores::toString);
    for (Path store : stores) {
      Path npy = folder.resolve("one.npy");
      commands.done("kernel", "export", store, npy, "--force");
      double[][] one = Npy.read(npy);
      for (int r = 0; r < n; r++) {
        for (int s = 0; s < n; s++) {
          sum[r][s] += one[r][s];
        }
      }
    }
    for (int r = 0; r < n; r++) {
      assertArrayEquals(expected[r], sum[r], 1e-11 * Math.abs(expected[0][0]));
    }
  }

  @Test
  void inspectionOfASavedModel() {
    Path dir = MODELS.resolve("mlp_float64/saved_model");
    commands.done("model", "inspect", dir);
    String text = commands.out.toString();
    assertTrue(text.contains("signature serving_default"), text);
    assertTrue(text.matches("(?s).*input +features +double +\\(n, 5\\).*"), text);
    assertTrue(text.contains("339 parameters"), text);
    assertTrue(text.matches("(?s).*mlp/head/kernel +double +\\(12, 3\\) +36.*"), text);
    assertTrue(text.contains("network { saved_model { dir: \"" + dir + "\" } }"), text);
  }

  @Test
  void theConfigThatInspectionOfAFrozenGraphProposesRuns() throws IOException {
    String model = "frozen_tf1_resource_float64";
    commands.done("model", "inspect", MODELS.resolve(model).resolve("frozen.pb"));
    String text = commands.out.toString();
    String network = text.substring(text.indexOf("  network {"));
    String fields = network.substring(network.indexOf('{') + 1, network.lastIndexOf('}'));
    commands.done("run", config(model, fields), "--out", folder.resolve("run"));
  }

  @Test
  void aModelThatCannotBeReadShowsItsSignaturesAndWhy() throws IOException {
    Path dir = Files.createDirectories(folder.resolve("looping"));
    GraphDef.Builder graph = GraphDef.newBuilder();
    AttrValue type = AttrValue.newBuilder().setType(DataType.DT_FLOAT).build();
    graph.addNodeBuilder().setName("x").setOp("Placeholder").putAttr("dtype", type);
    graph.addNodeBuilder().setName("turn").setOp("Enter").addInput("x").putAttr("T", type);
    SavedModel.Builder model = SavedModel.newBuilder();
    model
        .addMetaGraphsBuilder()
        .setMetaInfoDef(MetaGraphDef.MetaInfoDef.newBuilder().addTags("serve"))
        .setGraphDef(graph)
        .putSignatureDef(
            "serving_default",
            SignatureDef.newBuilder()
                .putInputs("x", TensorInfo.newBuilder().setName("x:0").build())
                .putOutputs("y", TensorInfo.newBuilder().setName("turn:0").build())
                .build());
    Files.write(dir.resolve("saved_model.pb"), model.build().toByteArray());
    assertEquals(2, commands.ntk("model", "inspect", dir));
    assertTrue(commands.out.toString().contains("signature serving_default"));
    String why = commands.err.toString();
    assertTrue(why.contains("Enter") && why.contains("turn") && why.contains("unroll"), why);
  }

  @Test
  void whatIsWrongIsSaid() throws IOException {
    String model = "mlp_float64";
    Path nothing = folder.resolve("nothing");
    String missing = commands.refused("model", "inspect", nothing);
    assertTrue(missing.contains(nothing.toString()), missing);

    Path right = config(model, saved(model));
    String absent =
        commands.refused(
            "run",
            right,
            "--out",
            folder.resolve("a"),
            "--set",
            "network.saved_model.dir=" + nothing);
    assertTrue(absent.contains("saved_model.pb"), absent);

    String pattern =
        commands.refused(
            "run",
            right,
            "--out",
            folder.resolve("b"),
            "--set",
            "network.saved_model.parameters=mlp/haed/*");
    assertTrue(pattern.contains("mlp/head/kernel"), pattern);

    String shape =
        commands.refused(
            "run",
            right,
            "--out",
            folder.resolve("c"),
            "--set",
            "dataset.npy.train_inputs=" + MODELS.resolve("cnn_bn_float64/x1.npy"),
            "--set",
            "dataset.npy.test_inputs=" + MODELS.resolve("cnn_bn_float64/x2.npy"));
    assertTrue(shape.contains("features"), shape);

    Path training = folder.resolve("training.textproto");
    Files.writeString(
        training,
        Files.readString(right).replace("step { spectrum", "step { train {} } step { spectrum"));
    String train = commands.refused("run", training, "--out", folder.resolve("d"));
    assertTrue(train.contains("train"), train);
  }
}
