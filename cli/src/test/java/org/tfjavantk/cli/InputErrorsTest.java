package org.tfjavantk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What users get wrong: each with its words, exit status 2, and nothing written. */
class InputErrorsTest {
  private static final String CONFIG =
      """
      name: "wrong"
      dataset { gaussian_mixture { dimension: 4 } train: 12 test: 4 }
      network { two_layer { width: 4 } }
      step { train { epochs: 1 batch_size: 4 sgd { schedule: COSINE } } }
      step { empirical_kernel { examples: 8 } }
      step { kernel_regression { ridge { values: [1] } } }
      step { spectrum {} }
      output { plots: false }
      """;

  private static final String MNIST =
      CONFIG
          .replace("gaussian_mixture { dimension: 4 }", "mnist {} verify: false")
          .replace("step { kernel_regression { ridge { values: [1] } } }", "");

  @TempDir private Path folder;
  private final Commands commands = new Commands();
  private Path config;
  private Path out;

  @BeforeEach
  void places() throws IOException {
    config = folder.resolve("wrong.textproto");
    out = folder.resolve("runs/wrong");
    Files.writeString(config, CONFIG);
  }

  /** Runs the config and checks that it is refused with these words and leaves no trace. */
  private void refused(List<String> words, Object... more) {
    Map<String, String> before = Commands.snapshot(folder);
    Object[] command = {"run", config, "--out", out};
    Object[] all = Arrays.copyOf(command, command.length + more.length);
    System.arraycopy(more, 0, all, command.length, more.length);
    String message = commands.refused(all);
    for (String word : words) {
      assertTrue(message.contains(word), () -> "lacks '" + word + "': " + message);
    }
    assertFalse(message.contains("\tat "), message);
    assertFalse(message.contains("Exception"), message);
    assertEquals(before, Commands.snapshot(folder), "something was written");
  }

  @ParameterizedTest
  @CsvSource({
    "epochs: 1, epocs: 1, wrong.textproto:4:16|epocs|did you mean|epochs",
    "COSINE, COSIN, wrong.textproto:4:56|schedule|COSIN|CONSTANT|COSINE",
    "train: 12, train: -12, wrong.textproto:2:52|dataset.train|-12|at least 0",
    "width: 4, width: 0, wrong.textproto:3:30|width|found 0|at least 1",
    "width: 4, width: four, wrong.textproto:3:30|width|four",
    "step { spectrum {} }, step { spectrum { }, wrong.textproto:9:1|line 7",
  })
  void aConfigThatIsWrong(String right, String wrong, String words) throws IOException {
    assertTrue(CONFIG.contains(right));
    Files.writeString(config, CONFIG.replace(right, wrong));
    refused(List.of(words.split("\\|")));
  }

  @Test
  void aNetworkThatDoesNotFitItsInput() throws IOException {
    Files.writeString(config, CONFIG.replace("two_layer { width: 4 }", "lenet {}"));
    refused(List.of("network lenet does not fit", "Conv got 4 but needs an image"));
    Files.writeString(config, MNIST.replace("two_layer { width: 4 }", "lenet {}"));
    mnist(12, 12);
    refused(
        List.of("network lenet does not fit", "needs an image of at least 5 x 5"),
        "--set",
        "dataset.preprocess.resize=12",
        "--set",
        "dataset.dir=" + folder);
  }

  @Test
  void outputsThatAreNotTheClasses() {
    refused(
        List.of("step[2].kernel_regression", "3 outputs", "2 classes"),
        "--set",
        "network.outputs=3");
  }

  @Test
  void aBudgetThatIsTooSmallForOneTile() {
    refused(
        List.of("empirical_kernel.memory is too small", "1 x 1 examples", "Raise memory"),
        "--set",
        "step[1].empirical_kernel.memory=100B");
    refused(
        List.of("empirical_kernel.memory is too small", "8 x 8 examples", "smaller tile"),
        "--set",
        "step[1].empirical_kernel.memory=2KiB",
        "--set",
        "step[1].empirical_kernel.tile=8");
  }

  @Test
  void anOutputFolderThatCannotBeWritten() {
    out = config.resolve("below");
    refused(List.of("below", "is a file", "--out"));
  }

  @Test
  void anOutputFolderOfSomebodyElse() throws IOException {
    Files.createDirectories(out);
    Files.writeString(out.resolve("thesis.tex"), "years of work");
    refused(List.of("thesis.tex", "--out"));
    refused(List.of("thesis.tex", "--out"), "--fresh");
  }

  private void gz(String name, byte[] content, int cut) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gz = new GZIPOutputStream(bytes)) {
      gz.write(content);
    }
    Files.write(
        folder.resolve(name + ".gz"), Arrays.copyOf(bytes.toByteArray(), bytes.size() - cut));
  }

  /** The four files of MNIST: 12 images and so many labels to train on, 4 to test on. */
  private void mnist(int images, int labels) throws IOException {
    byte[] pixels = new byte[28 * 28 * images];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7919 >> 4);
    }
    ByteBuffer x = ByteBuffer.allocate(16 + pixels.length);
    x.putInt(0x803).putInt(images).putInt(28).putInt(28).put(pixels);
    ByteBuffer y = ByteBuffer.allocate(8 + labels);
    y.putInt(0x801).putInt(labels);
    for (int i = 0; i < labels; i++) {
      y.put((byte) (i % 10));
    }
    for (String part : List.of("train", "t10k")) {
      gz(part + "-images-idx3-ubyte", x.array(), 0);
      gz(part + "-labels-idx1-ubyte", y.array(), 0);
    }
  }

  private String[] dir() {
    return new String[] {"--set", "dataset.dir=" + folder};
  }

  @Test
  void dataFilesThatAreMissingDamagedOrOfAnotherLength() throws IOException {
    Files.writeString(config, MNIST);
    mnist(12, 12);
    commands.done("check", config, "--out", out, "--set", "dataset.dir=" + folder);

    refused(
        List.of("train-images-idx3-ubyte.gz", "checksum"),
        "--set",
        "dataset.dir=" + folder,
        "--set",
        "dataset.verify=true");

    mnist(12, 11);
    refused(List.of("12", "11", "labels"), (Object[]) dir());

    mnist(12, 12);
    gz("t10k-labels-idx1-ubyte", new byte[100], 9);
    refused(List.of("t10k-labels-idx1-ubyte.gz"), (Object[]) dir());

    mnist(12, 12);
    Path images = folder.resolve("train-images-idx3-ubyte.gz");
    byte[] whole = Files.readAllBytes(images);
    Files.write(images, Arrays.copyOf(whole, whole.length / 2));
    refused(
        List.of("train-images-idx3-ubyte.gz", "the compressed data end", "damaged"),
        (Object[]) dir());

    Files.delete(images);
    refused(List.of("train-images-idx3-ubyte", folder.toString()), (Object[]) dir());
    refused(List.of("nowhere"), "--set", "dataset.dir=" + folder.resolve("nowhere"));
  }

  @Test
  void moreExamplesThanThereAre() {
    refused(
        List.of("step[1].empirical_kernel.examples", "asks for 13 examples", "has 12"),
        "--set",
        "step[1].empirical_kernel.examples=13");
    refused(
        List.of("step[1].empirical_kernel.test_examples", "asks for 5 examples", "has 4"),
        "--set",
        "step[1].empirical_kernel.test_examples=5");
    refused(
        List.of("step[1].empirical_kernel.validation_examples", "asks for 1 examples", "has 0"),
        "--set",
        "step[1].empirical_kernel.validation_examples=1");
  }

  @Test
  void anotherConfigInAFinishedRun() {
    commands.done("run", config, "--out", out);
    refused(List.of("seed: 0 -> 1", "--fresh", "--out"), "--set", "seed=1");
    refused(
        List.of("step[1].empirical_kernel.examples: 8 -> 9"),
        "--set",
        "step[1].empirical_kernel.examples=9");
    refused(List.of("network.two_layer.width: 4 -> 5"), "--set", "network.two_layer.width=5");
  }
}
