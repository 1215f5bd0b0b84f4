package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Reads published files where the system property {@code ntk.data} names a folder with {@code
 * mnist}, {@code fashion-mnist}, {@code kmnist} (test part), {@code cifar10} (batches 1 and 2, and
 * the first 1,000 test images) and {@code svhn} (the first 1,083 training images).
 */
@Tag("real-data")
class RealDataTest {
  private Path data;

  @BeforeEach
  void find() {
    String property = System.getProperty("ntk.data");
    assumeTrue(property != null);
    data = Path.of(property);
  }

  private static Dataset load(KnownSet set, Path dir, boolean verify) {
    return Datasets.load(
        new DatasetSpec(
            new Source.Known(set, dir),
            0,
            0,
            0,
            List.of(),
            Draw.FIRST,
            Preprocess.scaled(),
            verify),
        1);
  }

  private static int[] histogram(Examples examples) {
    int[] counts = new int[10];
    for (int i = 0; i < examples.count(); i++) {
      counts[examples.label(i)]++;
    }
    return counts;
  }

  private static double mean(Examples examples) {
    double sum = 0;
    double[] values = new double[examples.size()];
    for (int i = 0; i < examples.count(); i++) {
      examples.read(i, values, 0);
      sum += Arrays.stream(values).sum();
    }
    return sum / examples.count() / examples.size();
  }

  @Test
  void mnist() {
    Dataset d = load(KnownSet.MNIST, data.resolve("mnist"), true);
    assertArrayEquals(
        new int[] {5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949},
        histogram(d.train()));
    assertEquals(10_000, d.test().count());
    // The mean that every tutorial gives.
    assertEquals(0.1307, mean(d.train()), 5e-5);
  }

  @Test
  void fashionMnist() {
    Dataset d = load(KnownSet.FASHION_MNIST, data.resolve("fashion-mnist"), true);
    assertEquals(0.2860, mean(d.train()), 5e-5);
    assertEquals(1000, histogram(d.test())[9]);
  }

  @Test
  void kmnist(@TempDir Path dir) throws IOException {
    for (String part : List.of("train", "t10k")) {
      for (String kind : List.of("images-idx3", "labels-idx1")) {
        Files.createSymbolicLink(
            dir.resolve(part + "-" + kind + "-ubyte.gz"),
            data.resolve("kmnist/t10k-" + kind + "-ubyte.gz").toAbsolutePath());
      }
    }
    assertEquals(1000, histogram(load(KnownSet.KMNIST, dir, false).test())[5]);
    List<FileVerdict> verdicts = DataFiles.verify(KnownSet.KMNIST, dir);
    assertEquals(FileVerdict.Status.WRONG, verdicts.get(0).status());
    assertEquals(FileVerdict.Status.OK, verdicts.get(2).status());
    assertEquals(FileVerdict.Status.OK, verdicts.get(3).status());
  }

  @Test
  void cifar10(@TempDir Path dir) throws IOException {
    Path from = data.resolve("cifar10").toAbsolutePath();
    for (String name : List.of("data_batch_1.bin", "data_batch_2.bin")) {
      Files.createSymbolicLink(dir.resolve(name), from.resolve(name));
    }
    Files.createSymbolicLink(
        dir.resolve("test_batch.bin"), from.resolve("test_batch_first1000.bin"));
    Dataset d = load(KnownSet.CIFAR10, dir, false);
    assertEquals(20_000, d.train().count());
    assertEquals("frog", d.classNames().get(d.train().label(0)));
    assertEquals(1000, d.test().count());
    assertEquals(0.4734, mean(d.train()), 2e-3);
    assertEquals(FileVerdict.Status.OK, DataFiles.verify(KnownSet.CIFAR10, dir).get(1).status());
  }

  @Test
  void svhn(@TempDir Path dir) throws IOException {
    for (String name : List.of("train_32x32.mat", "test_32x32.mat")) {
      Files.createSymbolicLink(
          dir.resolve(name), data.resolve("svhn/train_32x32_first1083.mat").toAbsolutePath());
    }
    Dataset d = load(KnownSet.SVHN, dir, false);
    assertArrayEquals(
        new int[] {66, 227, 141, 134, 110, 112, 78, 70, 78, 67}, histogram(d.train()));
  }
}
