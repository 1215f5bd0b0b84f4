package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.data.TestFiles.assertUserError;
import static org.tfjavantk.data.TestFiles.gz;
import static org.tfjavantk.data.TestFiles.idxImages;
import static org.tfjavantk.data.TestFiles.idxLabels;
import static org.tfjavantk.data.TestFiles.read;
import static org.tfjavantk.data.TestFiles.write;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import us.hebi.matlab.mat.format.Mat5;
import us.hebi.matlab.mat.types.MatFile;
import us.hebi.matlab.mat.types.MatlabType;
import us.hebi.matlab.mat.types.Matrix;
import us.hebi.matlab.mat.types.Sinks;

class KnownSetsTest {
  @TempDir Path dir;

  private Dataset load(KnownSet set) {
    return load(set, 0, false);
  }

  private Dataset load(KnownSet set, int train, boolean verify) {
    Source source = new Source.Known(set, dir);
    return Datasets.load(
        new DatasetSpec(source, train, 0, 0, List.of(), Draw.FIRST, Preprocess.none(), verify), 1);
  }

  @Test
  void idxFilesPlainAndCompressed() {
    TestFiles.mnist(dir);
    Dataset data = load(KnownSet.FASHION_MNIST);
    assertEquals("fashion_mnist", data.name());
    assertEquals("Ankle boot", data.classNames().get(data.test().label(0)));
    assertEquals(5, data.train().count());
    assertEquals(3, data.test().count());
    assertEquals(0, data.validation().count());
    assertArrayEquals(new int[] {28, 28, 1}, data.train().shape());
    assertEquals(10, data.train().classes());
    assertEquals(4, data.train().label(2));
    double[] image = read(data.train(), 4);
    for (int p = 0; p < 784; p++) {
      assertEquals((28 + p) % 256, image[p]);
    }
  }

  @Test
  void compressionIsRecognisedByTheContent() {
    TestFiles.mnist(dir);
    write(dir.resolve("t10k-images-idx3-ubyte"), gz(idxImages(3, 0)));
    assertEquals(3, load(KnownSet.MNIST).test().count());
  }

  @Test
  void missingFile() throws IOException {
    TestFiles.mnist(dir);
    Files.delete(dir.resolve("train-labels-idx1-ubyte"));
    assertUserError(
        () -> load(KnownSet.KMNIST),
        dir.toString(),
        "train-labels-idx1-ubyte.gz, train-labels-idx1-ubyte",
        "`ntk data fetch kmnist`",
        "dataset.dir");
  }

  @Test
  void truncatedAndDamagedGz() {
    TestFiles.mnist(dir);
    Path path = dir.resolve("train-images-idx3-ubyte.gz");
    byte[] whole = gz(idxImages(5, 0));
    write(path, Arrays.copyOf(whole, whole.length / 2));
    assertUserError(
        () -> load(KnownSet.MNIST), path.toString(), "the compressed data end after", "fetch");
    byte[] damaged = whole.clone();
    damaged[3] = (byte) 0xFF;
    damaged[12] ^= 0x5A;
    damaged[13] ^= 0x5A;
    write(path, damaged);
    assertUserError(() -> load(KnownSet.MNIST), path.toString(), "compressed data");
  }

  @Test
  void idxOfTheWrongLength() {
    TestFiles.mnist(dir);
    Path path = dir.resolve("t10k-images-idx3-ubyte");
    byte[] whole = idxImages(3, 0);
    write(path, Arrays.copyOf(whole, 2000));
    assertUserError(
        () -> load(KnownSet.MNIST), path.toString(), "ends after 2,000 bytes", "needs 2,368");
    write(path, Arrays.copyOf(whole, 9));
    assertUserError(() -> load(KnownSet.MNIST), "ends after 9 bytes", "its header needs 16");
    write(path, Arrays.copyOf(whole, 2400));
    assertUserError(() -> load(KnownSet.MNIST), "2,400", "promises 2,368");
  }

  @Test
  void badMagic() {
    TestFiles.mnist(dir);
    Path path = dir.resolve("t10k-images-idx3-ubyte");
    byte[] content = idxImages(3, 0);
    content[2] = 0x0D;
    write(path, content);
    assertUserError(
        () -> load(KnownSet.MNIST), path.toString(), "byte 2", "expected 0x08", "found 0x0D");
    write(path, idxLabels(1, 2, 3));
    assertUserError(() -> load(KnownSet.MNIST), "byte 3", "3 dimensions: images", "found 0x01");
    write(path, new byte[1]);
    assertUserError(() -> load(KnownSet.MNIST), "byte 1", "found the end of the file");
  }

  @Test
  void imagesOfAnotherSize() {
    TestFiles.mnist(dir);
    write(
        dir.resolve("t10k-images-idx3-ubyte"),
        TestFiles.idx(new int[] {3, 20, 20}, new byte[1200]));
    assertUserError(() -> load(KnownSet.MNIST), "20 x 20", "28 x 28");
  }

  @Test
  void labelsOfAnotherLengthOrOutOfRange() {
    TestFiles.mnist(dir);
    Path path = dir.resolve("train-labels-idx1-ubyte");
    write(path, idxLabels(1, 2, 3));
    assertUserError(
        () -> load(KnownSet.MNIST),
        path.toString(),
        "3 labels for the 5 examples",
        "train-images-idx3-ubyte.gz");
    write(path, idxLabels(1, 2, 3, 10, 5));
    assertUserError(() -> load(KnownSet.MNIST), path.toString(), "byte 11", "label 10", "0 to 9");
  }

  @Test
  void wrongChecksum() {
    TestFiles.mnist(dir);
    assertUserError(
        () -> load(KnownSet.MNIST, 0, true),
        "wrong checksum",
        "expected sha256 of the content ba891046",
        "found sha256",
        "delete it",
        "`ntk data fetch mnist`",
        "dataset.verify: false");
    // Only the compressed training images of KMNIST have a published checksum.
    assertUserError(() -> load(KnownSet.KMNIST, 0, true), "expected md5 bdb82020");
  }

  @Test
  void verdictsOfEveryKind() throws IOException {
    TestFiles.mnist(dir);
    Files.delete(dir.resolve("t10k-images-idx3-ubyte"));
    List<FileVerdict> verdicts = DataFiles.verify(KnownSet.KMNIST, dir);
    assertEquals(
        List.of(
            FileVerdict.Status.WRONG,
            FileVerdict.Status.NO_CHECKSUM,
            FileVerdict.Status.MISSING,
            FileVerdict.Status.WRONG),
        verdicts.stream().map(FileVerdict::status).toList());
    assertTrue(verdicts.get(1).message().contains("no published checksum"));
    assertTrue(verdicts.get(2).message().contains("t10k-images-idx3-ubyte.gz: missing"));
    assertTrue(verdicts.get(3).message().contains("found sha256"));
  }

  @Test
  void rightChecksumOfContentWhateverTheCompression() {
    byte[] content = idxLabels(1, 2);
    KnownFile file = KnownFile.content("a.gz", FileContent.checksum("SHA-256", content));
    for (byte[] bytes : List.of(content, gz(content))) {
      Path path = write(dir.resolve("a"), bytes);
      FileVerdict verdict = FileVerdict.of(file, path, null);
      assertEquals(FileVerdict.Status.OK, verdict.status());
      assertTrue(verdict.message().contains("ok"));
    }
  }

  @Test
  void cifarRecordsBecomeChannelsLast() {
    write(dir.resolve("data_batch_1.bin"), TestFiles.cifar(0, 6, 9));
    write(dir.resolve("cifar-10-batches-bin/data_batch_2.bin"), TestFiles.cifar(50, 4));
    write(dir.resolve("test_batch.bin"), TestFiles.cifar(99, 3));
    Dataset data = load(KnownSet.CIFAR10);
    assertEquals(3, data.train().count());
    assertEquals(9, data.train().label(1));
    assertEquals(4, data.train().label(2));
    assertEquals("cat", data.classNames().get(data.test().label(0)));
    double[] image = read(data.train(), 1);
    for (int p = 0; p < 1024; p++) {
      for (int c = 0; c < 3; c++) {
        assertEquals((11 + 1024 * c + p) % 256, image[3 * p + c]);
      }
    }
  }

  @Test
  void cifarErrors() {
    assertUserError(() -> load(KnownSet.CIFAR10), "data_batch_1.bin", "`ntk data fetch cifar10`");
    write(dir.resolve("data_batch_1.bin"), TestFiles.cifar(0, 6, 9));
    assertUserError(() -> load(KnownSet.CIFAR10), "test_batch.bin");
    write(dir.resolve("test_batch.bin"), TestFiles.cifar(0, 1));
    assertUserError(
        () -> load(KnownSet.CIFAR10, 3, false),
        "dataset.train: asks for 3 examples, there are 2",
        dir + " lacks data_batch_2.bin, data_batch_3.bin");
    assertUserError(() -> load(KnownSet.CIFAR10, 2, true), "wrong checksum", "cee91656");
    write(dir.resolve("test_batch.bin"), TestFiles.cifar(0, 1, 10));
    assertUserError(
        () -> load(KnownSet.CIFAR10), "test_batch.bin", "byte 3073 (record 1)", "label 10");
    write(dir.resolve("test_batch.bin"), Arrays.copyOf(TestFiles.cifar(0, 1, 2), 5000));
    assertUserError(() -> load(KnownSet.CIFAR10), "5,000 bytes", "record 1 is cut off");
  }

  private Path svhn(String name, int images, double... labels) throws IOException {
    Matrix x = Mat5.newMatrix(new int[] {32, 32, 3, images}, MatlabType.UInt8);
    for (int i = 0; i < images * 3072; i++) {
      x.setInt(i, (i * 7 + i / 3072) % 256);
    }
    Matrix y = Mat5.newMatrix(labels.length, 1);
    for (int i = 0; i < labels.length; i++) {
      y.setDouble(i, labels[i]);
    }
    Path path = dir.resolve(name);
    Files.deleteIfExists(path);
    try (MatFile file = Mat5.newMatFile().addArray("X", x).addArray("y", y);
        var sink = Sinks.newStreamingFile(path.toFile())) {
      file.writeTo(sink);
    }
    return path;
  }

  @Test
  void svhnImagesAreTransposedAndTenIsZero() throws IOException {
    svhn("train_32x32.mat", 3, 1, 10, 9);
    svhn("test_32x32.mat", 2, 5, 10);
    Dataset data = load(KnownSet.SVHN);
    assertEquals(3, data.train().count());
    assertEquals(0, data.train().label(1));
    assertEquals(9, data.train().label(2));
    assertEquals(0, data.test().label(1));
    double[] image = read(data.train(), 2);
    for (int y = 0; y < 32; y++) {
      for (int x = 0; x < 32; x++) {
        for (int c = 0; c < 3; c++) {
          int i = 2 * 3072 + c * 1024 + x * 32 + y;
          assertEquals((i * 7 + 2) % 256, image[(y * 32 + x) * 3 + c]);
        }
      }
    }
  }

  @Test
  void svhnErrors() throws IOException {
    svhn("test_32x32.mat", 1, 1);
    assertUserError(() -> load(KnownSet.SVHN), "train_32x32.mat", "`ntk data fetch svhn`");
    svhn("train_32x32.mat", 2, 1, 2, 3);
    assertUserError(() -> load(KnownSet.SVHN), "3 labels for the 2 images");
    svhn("train_32x32.mat", 2, 1, 0);
    assertUserError(() -> load(KnownSet.SVHN), "y[1] = 0.0", "1 to 10");
    Path path = svhn("train_32x32.mat", 2, 1, 2);
    write(path, Arrays.copyOf(Files.readAllBytes(path), 1000));
    assertUserError(() -> load(KnownSet.SVHN), path.toString(), "MATLAB v5", "fetch");
    write(path, "<html>not found</html>".getBytes(StandardCharsets.UTF_8));
    assertUserError(() -> load(KnownSet.SVHN), path.toString(), "MATLAB v5");
    svhn("train_32x32.mat", 1, 3);
    assertEquals(1, load(KnownSet.SVHN).train().count());
    assertUserError(() -> load(KnownSet.SVHN, 1, true), "expected md5 e26dedcc");
  }
}
