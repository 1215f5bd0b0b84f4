package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.UserException;

/** Every mistake in a file is told with its place, what was found and what is allowed. */
class ReaderErrorsTest {
  private static final String TRAIN_FIELDS =
      "epochs, batch_size, loss, sgd, adam, stop_at_accuracy, augment, precision";

  /** What replaces what in {@link Configs#VALID}, and the message. */
  static Stream<Arguments> mistakes() {
    return Stream.of(
        // Unknown names.
        Arguments.of(
            "epochs: 2",
            "epoch: 2",
            "c.textproto:11:16: step[0].train.epoch: no such field in Train; allowed: "
                + TRAIN_FIELDS
                + "; did you mean epochs?"),
        Arguments.of(
            "device {",
            "machine {",
            "c.textproto:3:1: machine: no such field in Run; allowed: name, seed, device, dataset, network, step, sweep, output, repeats, repeat"),
        Arguments.of(
            "flip: true",
            "flop: true",
            "c.textproto:11:64: step[0].train.augment.flop: no such field in Augment; allowed: rotate, crop_padding, flip; did you mean flip?"),
        Arguments.of(
            "kind: CPU",
            "kind: GPUU",
            "c.textproto:3:16: device.kind: found GPUU; allowed: AUTO, CPU, GPU; did you mean GPU?"),
        Arguments.of(
            "kind: CPU",
            "kind: \"CPU\"",
            "c.textproto:3:16: device.kind: found \"CPU\"; allowed: AUTO, CPU, GPU; did you mean CPU?"),
        Arguments.of(
            "kind: CPU",
            "kind: 1",
            "c.textproto:3:16: device.kind: found 1; allowed: AUTO, CPU, GPU"),
        Arguments.of(
            "plots: false",
            "plots: no",
            "c.textproto:14:38: output.plots: found no; allowed: true, false"),
        // Wrong types.
        Arguments.of(
            "epochs: 2",
            "epochs: \"ten\"",
            "c.textproto:11:24: step[0].train.epochs: found \"ten\"; allowed: an integer of at least 0"),
        Arguments.of(
            "epochs: 2",
            "epochs: 2.5",
            "c.textproto:11:24: step[0].train.epochs: found 2.5; allowed: an integer of at least 0"),
        Arguments.of(
            "seed: 7",
            "seed: -7",
            "c.textproto:2:21: seed: found -7; allowed: an integer from 0 to 18446744073709551615"),
        Arguments.of(
            "seed: 7",
            "seed: 0x7",
            "c.textproto:2:21: seed: found 0x7; allowed: an integer of at least 0"),
        Arguments.of(
            "train: 100",
            "train: 3000000000",
            "c.textproto:6:10: dataset.train: found 3000000000; allowed: an integer from 0 to 2147483647"),
        Arguments.of(
            "classes: [3, 5]",
            "classes: [3, five]",
            "c.textproto:7:16: dataset.classes[1]: found five; allowed: an integer of at least 0"),
        Arguments.of(
            "learning_rate: 1e-1",
            "learning_rate: fast",
            "c.textproto:11:47: step[0].train.sgd.learning_rate: found fast; allowed: a number above 0"),
        Arguments.of(
            "learning_rate: 1e-1",
            "learning_rate: nan",
            "c.textproto:11:47: step[0].train.sgd.learning_rate: found nan; allowed: a number above 0"),
        Arguments.of(
            "learning_rate: 1e-1",
            "learning_rate: -inf",
            "c.textproto:11:47: step[0].train.sgd.learning_rate: found -inf; allowed: a number above 0"),
        Arguments.of(
            "learning_rate: 1e-1",
            "learning_rate: 1e999",
            "c.textproto:11:47: step[0].train.sgd.learning_rate: found 1e999; allowed: a number above 0"),
        Arguments.of(
            "name: \"trial\"",
            "name: trial",
            "c.textproto:2:7: name: found trial; allowed: a text in quotes; did you mean \"trial\"?"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "memory: 2GiB",
            "c.textproto:12:37: step[1].empirical_kernel.memory: found 2GiB; allowed: "
                + Bytes.ALLOWED
                + "; did you mean \"2GiB\"?"),
        Arguments.of(
            "seed: 7",
            "seed { x: 1 }",
            "c.textproto:2:20: seed: found a block { ... }; allowed: an integer of at least 0"),
        Arguments.of(
            "device { kind: CPU threads: 2 }",
            "device: 3",
            "c.textproto:3:9: device: found 3; allowed: a block { ... }"),
        Arguments.of(
            "seed: 7",
            "seed: [7]",
            "c.textproto:2:21: seed: found a list [ ... ]; allowed: an integer of at least 0"),
        // Out of range.
        Arguments.of(
            "train: 100",
            "train: -100",
            "c.textproto:6:10: dataset.train: found -100; allowed: an integer of at least 0"),
        Arguments.of(
            "hidden: 8",
            "hidden: 0",
            "c.textproto:10:38: network.mlp.hidden[1]: found 0; allowed: an integer of at least 1"),
        Arguments.of(
            "std: [0.25]",
            "std: [0.25, 0]",
            "c.textproto:8:38: dataset.preprocess.std[1]: found 0; allowed: a number above 0"),
        Arguments.of(
            "learning_rate: 1e-1",
            "momentum: 1",
            "c.textproto:11:42: step[0].train.sgd.momentum: found 1; allowed: a number of at least 0 and below 1"),
        Arguments.of(
            "epochs: 2",
            "stop_at_accuracy: 95",
            "c.textproto:11:34: step[0].train.stop_at_accuracy: found 95; allowed: a number from 0 to 1"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "memory: \"lots\"",
            "c.textproto:12:37: step[1].empirical_kernel.memory: found \"lots\"; allowed: "
                + Bytes.ALLOWED),
        Arguments.of(
            "name: \"trial\"",
            "name: \" \"",
            "c.textproto:2:7: name: found \" \"; allowed: a text that is not blank"),
        // Missing, double.
        Arguments.of(
            "name: \"trial\"",
            "",
            "c.textproto:1:1: name: missing; Run needs it (a text in quotes)"),
        Arguments.of(
            "mnist {}",
            "npy { test_inputs: \"x\" train_labels: \"y\" }",
            "c.textproto:5:3: dataset.npy.train_inputs: missing; NpyFiles needs at least one (a text in quotes)"),
        Arguments.of(
            "field: 'seed' ",
            "",
            "c.textproto:13:9: sweep.axis[0].field: missing; Axis needs it (a text in quotes)"),
        Arguments.of(
            "mnist {}",
            "",
            "c.textproto:4:1: dataset: no source chosen; allowed: one of mnist, fashion_mnist, kmnist, cifar10, svhn, npy,"
                + " stroke_digits, gaussian_mixture, circle"),
        Arguments.of(
            "{ kernel_regression {} }",
            "{}",
            "c.textproto:12:52: step[2]: no kind chosen; allowed: one of train, empirical_kernel, kernel_regression, spectrum, gaussian_process, gradient_flow, infinite_kernel, analytic_kernel, monte_carlo, deep_narrow_convergence, deep_narrow_mnist"),
        Arguments.of(
            "sgd { learning_rate: 1e-1 }",
            "",
            "c.textproto:11:8: step[0].train: no optimizer chosen; allowed: one of sgd, adam"),
        Arguments.of(
            "sgd { learning_rate: 1e-1 }",
            "sgd {}\n adam {}",
            "c.textproto:12:2: step[0].train.adam: given beside \"sgd\" of c.textproto:11:26; allowed: one of sgd, adam"),
        Arguments.of(
            "seed: 7",
            "seed: 7\nseed: 8",
            "c.textproto:3:1: seed: given twice, first at c.textproto:2:21; allowed: once"),
        Arguments.of(
            "output {",
            "device {} output {",
            "c.textproto:14:1: device: given twice, first at c.textproto:3:1; allowed: once"),
        // Syntax.
        Arguments.of(
            "epochs: 2",
            "epochs 2",
            "c.textproto:11:23: found \"2\" after \"epochs\"; a \":\" or a block { ... } must follow"),
        Arguments.of(
            "classes: [3, 5]",
            "classes [3, 5]",
            "c.textproto:7:3: a \":\" is missing after \"classes\""),
        Arguments.of(
            "classes: [3, 5]",
            "classes: [3 5]",
            "c.textproto:7:15: found \"5\"; a \"]\" is missing for the \"[\" of line 7"),
        Arguments.of(
            "plots: false }",
            "plots: false",
            "c.textproto:15:1: found the end; a \"}\" is missing for the \"{\" of line 14"),
        Arguments.of(
            "plots: false }",
            "plots: false }\n}",
            "c.textproto:15:1: found \"}\", which closes nothing"),
        Arguments.of(
            "flip: true >",
            "flip: true }",
            "c.textproto:11:75: found \"}\"; a \">\" is missing for the \"<\" of line 11"),
        Arguments.of(
            "seed: 7",
            "seed: /7",
            "c.textproto:2:21: found \"/\" where a value must stand; texts need quotes"),
        Arguments.of(
            "seed: 7",
            "7: seed",
            "c.textproto:2:15: found \"7\" where the name of a field must stand"),
        Arguments.of(
            "\"trial\"",
            "\"trial",
            "c.textproto:2:7: this text is not closed on its line; a \" is missing"),
        Arguments.of(
            "\"trial\"",
            "\"tri\\qal\"",
            "c.textproto:2:7: a bad escape in this text: Invalid escape sequence: '\\q'"),
        Arguments.of(
            "\"trial\"", "\"\\377\"", "c.textproto:2:7: the bytes of this text are not UTF-8"),
        // Fields that do not go together.
        Arguments.of(
            "kernel_regression {}",
            "kernel_regression { ridge {\n from: 2 to: 1 } }",
            "c.textproto:13:8: step[2].kernel_regression.ridge.from: found 2; allowed: at most to, which is 1"),
        Arguments.of(
            "kernel_regression {}",
            "kernel_regression { ridge { from: 20 } }",
            "c.textproto:12:88: step[2].kernel_regression.ridge.from: found 20; allowed: at most to, which is 10"),
        Arguments.of(
            "kernel_regression {}",
            "kernel_regression { choose_by: GCV solver { kind: OUT_OF_CORE } }",
            "c.textproto:12:104: step[2].kernel_regression.solver.kind: found OUT_OF_CORE beside choose_by: GCV, which takes an eigendecomposition in memory; allowed: AUTO, or choose_by: VALIDATION or TEST"),
        Arguments.of(
            "network: { mlp { hidden: 16, hidden: 8; activation: ERF } }\nstep { train { epochs: 2 sgd { learning_rate: 1e-1 } augment < flip: true > } }",
            "",
            "c.textproto:11:10: step[0].empirical_kernel: there is no network in this config; give a block network { ... }"),
        Arguments.of(
            "{ empirical_kernel { memory: \"1\" 'GiB' } },",
            "{ spectrum {} },",
            """
            c.textproto:12:10: step[1].spectrum: no step before this one makes a kernel; put an empirical_kernel before it
            c.textproto:12:27: step[2].kernel_regression: no step before this one makes a kernel; put an empirical_kernel before it"""),
        Arguments.of("mnist {}", "circle {} test: 5", null),
        Arguments.of(
            "mnist {}",
            "circle {}",
            "c.textproto:4:1: dataset.test: found 0; allowed: an integer of at least 1, for circle has no end"),
        Arguments.of(
            "mnist {}",
            "npy { train_inputs: \"x\" train_labels: \"y\" test_inputs: \"z\" }",
            "c.textproto:5:3: dataset.npy.test_labels: missing; allowed: both train_labels and test_labels, or neither"),
        Arguments.of(
            "mnist {}",
            "npy { train_inputs: \"x\" test_inputs: [\"y\", \"z\"] }",
            """
            c.textproto:5:27: dataset.npy.test_inputs: found 2 files; allowed: as many as train_inputs, 1
            c.textproto:11:8: step[0].train: needs labels; give dataset.npy.train_labels
            c.textproto:12:54: step[2].kernel_regression: needs labels; give dataset.npy.train_labels"""),
        Arguments.of(
            "[3, 5]",
            "[3, 3]",
            "c.textproto:7:16: dataset.classes[1]: found 3 again; allowed: every class once"),
        Arguments.of(
            "threads: 2",
            "index: [1, 0, 1]",
            "c.textproto:3:34: device.index[2]: found 1 again; allowed: every device once"),
        Arguments.of(
            "threads: 2",
            "index: -1",
            "c.textproto:3:27: device.index[0]: found -1; allowed: an integer of at least 0"),
        Arguments.of(
            "mean: 0.5 std: [0.25]",
            "mean: [1, 2] std: [1, 2, 3]",
            "c.textproto:8:29: dataset.preprocess.std: found 3 values beside 2 of mean; allowed: one, or as many as channels"),
        Arguments.of(
            "mean: 0.5 std: [0.25]",
            "mean: [1, 2] channels: 3",
            "c.textproto:8:16: dataset.preprocess.mean: found 2 values for 3 channels; allowed: one, or 3"),
        // Kernels.
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "outputs: BLOCK",
            "c.textproto:12:38: step[1].empirical_kernel.outputs: found BLOCK; allowed: FULL, TRACE, DIAGONAL, SUM"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "output: [2, 0, 2]",
            "c.textproto:12:44: step[1].empirical_kernel.output[2]: found 2 again; allowed: every output once"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "output: -1",
            "c.textproto:12:37: step[1].empirical_kernel.output[0]: found -1; allowed: an integer of at least 0"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "by: LAYER group { name: \"a\" parameter: \"*\" }",
            "c.textproto:12:33: step[1].empirical_kernel.by: found LAYER beside group; allowed: one of the two"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "group { name: \"a-b\" parameter: \"*\" }",
            "c.textproto:12:43: step[1].empirical_kernel.group[0].name: found \"a-b\", which names files; allowed: letters, digits, _ and dots, but not validation or test"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "group { name: \"test\" parameter: \"*\" }",
            "c.textproto:12:43: step[1].empirical_kernel.group[0].name: found \"test\", which names files; allowed: letters, digits, _ and dots, but not validation or test"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "group { name: \"a\" parameter: \"*\" }\ngroup { name: \"a\" parameter: \"x\" }",
            "c.textproto:13:15: step[1].empirical_kernel.group[1].name: found \"a\" again; allowed: every name once"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "group { parameter: \"*\" }",
            "c.textproto:12:29: step[1].empirical_kernel.group[0].name: missing; Group needs it (a text in quotes)"),
        Arguments.of(
            "memory: \"1\" 'GiB'",
            "group { name: \"a\" }",
            "c.textproto:12:29: step[1].empirical_kernel.group[0].parameter: missing; Group needs at least one (a text in quotes)"),
        // Sweeps.
        Arguments.of(
            "'seed'",
            "'sed'",
            "c.textproto:13:23: sweep.axis[0].field: sed: no such field in Run; allowed: name, seed, device, dataset, network,"
                + " step, sweep, output, repeats, repeat; did you mean seed?"),
        Arguments.of(
            "'seed'",
            "'step[3].train.epochs'",
            "c.textproto:13:23: sweep.axis[0].field: step: found index 3; allowed: 0 to 2"),
        Arguments.of(
            "[\"1\", \"2\"]",
            "[\"1\", \"two\"]",
            "c.textproto:13:44: sweep.axis[0].values[1]: seed: found two; allowed: an integer of at least 0"),
        Arguments.of(
            "'seed' values: [\"1\", \"2\"]",
            "'dataset.train' values: [\"1\", \"-2\"]",
            "c.textproto:13:53: sweep.axis[0].values[1]: dataset.train: found -2; allowed: an integer of at least 0"),
        Arguments.of(
            "'seed'",
            "'sweep.axis[0].field'",
            "c.textproto:13:23: sweep.axis[0].field: found \"sweep.axis[0].field\"; allowed: a field outside the sweep"),
        Arguments.of(
            "sweep {",
            "sweep { axis { field: 'seed' values: '3' }",
            "c.textproto:13:58: sweep.axis[1].field: found \"seed\" again; allowed: one axis for each field"),
        Arguments.of(
            "[\"1\", \"2\"]",
            "[\"1\", \"1\"]",
            "c.textproto:13:44: sweep.axis[0].values[1]: found 1 again; allowed: every value once"),
        Arguments.of(
            "'seed'",
            "'repeats'",
            "c.textproto:13:23: sweep.axis[0].field: found \"repeats\"; allowed: another field, for every combination is repeated"),
        Arguments.of(
            "field: 'seed' values: [\"1\", \"2\"]",
            "",
            "c.textproto:13:9: sweep.axis[0]: gives nothing to vary; allowed: one of field with values, network, dataset"),
        Arguments.of(
            "values: [\"1\", \"2\"]",
            "",
            "c.textproto:13:9: sweep.axis[0].values: missing; Axis needs at least one (a text in quotes)"),
        Arguments.of(
            "field: 'seed' values",
            "network { lenet {} } values",
            "c.textproto:13:16: sweep.axis[0].network: given beside values; allowed: one of field with values, network, dataset"),
        Arguments.of(
            "field: 'seed' values: [\"1\", \"2\"]",
            "network { lenet {} } network { lenet { width: 3 } }",
            "c.textproto:13:55: sweep.axis[0].network[1].lenet.width: no such field in Lenet; allowed: nothing"),
        Arguments.of(
            "field: 'seed' values: [\"1\", \"2\"]",
            "network { lenet {} } network { resnet10 {} }",
            "c.textproto:13:47: sweep.axis[0].network[1].resnet10: no such field in Network; allowed: logistic, two_layer, mlp,"
                + " lenet, resnet9, resnet18, resnet34, resnet50, resnet68, resnet101, resnet152, wrn28, mobilenet,"
                + " mobilenetv2, vgg11, vgg13, densenet121, cnn, myrtle5, saved_model, frozen_graph, outputs, parametrization, weight_std,"
                + " bias_std; did you mean resnet18?"),
        Arguments.of(
            "field: 'seed' values: [\"1\", \"2\"]",
            "network { lenet {} } network { outputs: 3 }",
            "c.textproto:13:37: sweep.axis[0].network[1]: no architecture chosen; allowed: one of logistic, two_layer, mlp,"
                + " lenet, resnet9, resnet18, resnet34, resnet50, resnet68, resnet101, resnet152, wrn28, mobilenet,"
                + " mobilenetv2, vgg11, vgg13, densenet121, cnn, myrtle5, saved_model, frozen_graph"),
        Arguments.of(
            "field: 'seed' values: [\"1\", \"2\"]",
            "network { resnet9 {} } network { resnet9 { width: 0 } }",
            "c.textproto:13:66: sweep.axis[0].network[1].resnet9.width: found 0; allowed: an integer of at least 1"),
        Arguments.of(
            "field: 'seed' values: [\"1\", \"2\"]",
            "network { resnet9 {} } network { resnet9 { width: 64 } }",
            "c.textproto:13:39: sweep.axis[0].network[1]: found resnet9 again; allowed: every network once"),
        Arguments.of(
            "axis {",
            "axis { network { lenet {} } } axis { field: 'network.mlp.hidden' values: '[3]' } axis {",
            "c.textproto:13:53: sweep.axis[1].field: found \"network.mlp.hidden\" beside an axis of whole networks, whose"
                + " choice it would overwrite; allowed: what all of them have; or write its values out in that axis"),
        Arguments.of(
            "axis {",
            "axis { network { lenet {} } } axis { network { logistic {} } } axis {",
            "c.textproto:13:46: sweep.axis[1].network: found \"network\" again; allowed: one axis for each field"),
        Arguments.of(
            "field: 'seed' values: [\"1\", \"2\"]",
            "dataset { mnist {} } dataset { circle {} train: 5 }",
            "c.textproto:13:37: dataset.test: found 0; allowed: an integer of at least 1, for circle has no end"),
        // Repeats.
        Arguments.of(
            "seed: 7",
            "seed: 7 repeats: -1",
            "c.textproto:2:32: repeats: found -1; allowed: an integer from 1 to 10000"),
        Arguments.of(
            "seed: 7",
            "seed: 7 repeat: 0",
            "c.textproto:2:31: repeat: found 0; allowed: an integer of at least 1"),
        Arguments.of(
            "seed: 7",
            "seed: 7 repeats: 3 repeat: 2",
            "c.textproto:2:42: repeat: found 2 beside repeats, which makes runs 1 to 3; allowed: one of the two"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void tellsThePlaceAndTheRemedy(String before, String after, String message) {
    assertTrue(Configs.VALID.contains(before), before);
    String text = Configs.VALID.replace(before, after);
    if (message == null) {
      Configs.parse(text);
    } else {
      assertEquals(message, Configs.error(text));
    }
  }

  @Test
  void tellsAllMistakesOfAFileAtOnceUpToTen() {
    String message = Configs.error("name: 1\nsed: 2\ndataset { mnist {} train: x }\n");
    assertEquals(3, message.lines().count(), message);
    assertEquals("and 20 more", Configs.error("x: 1\n".repeat(30)).lines().toList().get(10));
  }

  @Test
  void nonsenseThatIsNestedDeeplyIsASyntaxError() {
    assertTrue(Configs.error("a {".repeat(100_000)).contains("nested more than 50 deep"));
    assertTrue(
        Configs.jsonError("{\"a\":" + "[".repeat(100_000)).contains("nested more than 50 deep"));
  }

  @Test
  void tellsWhatIsWrongWithTheFileItself(@TempDir Path folder) throws IOException {
    assertEquals(
        folder.resolve("none.textproto") + ": there is no such file",
        readError(folder.resolve("none.textproto")));
    Path wrongName = Files.writeString(folder.resolve("run.yaml"), Configs.VALID);
    assertEquals(
        wrongName + ": not the name of a config; allowed: .textproto, .txtpb, .pbtxt, .json",
        readError(wrongName));
    Path empty = Files.writeString(folder.resolve("empty.textproto"), " \n");
    assertEquals(empty + ": the config is empty", readError(empty));
    Path directory = Files.createDirectory(folder.resolve("folder.txtpb"));
    assertEquals(directory + ": not a file that can be read", readError(directory));
    Path binary = Files.write(folder.resolve("binary.pbtxt"), new byte[] {'n', 'a', (byte) 0xff});
    assertEquals(binary + ": not UTF-8 text, from byte 2 on", readError(binary));
    Path huge = Files.write(folder.resolve("huge.json"), new byte[(16 << 20) + 1]);
    assertEquals(huge + ": 16MiB is too long for a config; at most 16MiB", readError(huge));
    Path comment = Files.writeString(folder.resolve("comment.textproto"), "# nothing\n");
    assertTrue(readError(comment).startsWith(comment + ":1:1: name: missing"), readError(comment));
  }

  private static String readError(Path file) {
    return assertThrows(UserException.class, () -> ConfigReader.read(file, List.of())).getMessage();
  }
}
