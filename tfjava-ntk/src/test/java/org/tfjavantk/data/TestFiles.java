package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.function.Executable;
import org.tfjavantk.graphs.UserException;

/** Makes tiny data files. */
final class TestFiles {
  private TestFiles() {}

  /** Asserts that a user error is thrown whose message contains all fragments. */
  static void assertUserError(Executable action, String... fragments) {
    String message = assertThrows(UserException.class, action).getMessage();
    for (String fragment : fragments) {
      assertTrue(message.contains(fragment), () -> "no \"" + fragment + "\" in: " + message);
    }
  }

  static byte[] resource(String name) {
    try (InputStream in = TestFiles.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static byte[] idx(int[] shape, byte[] values) {
    ByteBuffer buffer = ByteBuffer.allocate(4 + 4 * shape.length + values.length);
    buffer.put(new byte[] {0, 0, 8, (byte) shape.length});
    for (int d : shape) {
      buffer.putInt(d);
    }
    return buffer.put(values).array();
  }

  /** n images of 28 x 28; pixel p of image i is {@code (salt + 7 i + p) mod 256}. */
  static byte[] idxImages(int n, int salt) {
    byte[] values = new byte[n * 784];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (salt + 7 * (i / 784) + i % 784);
    }
    return idx(new int[] {n, 28, 28}, values);
  }

  static byte[] idxLabels(int... labels) {
    byte[] values = new byte[labels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) labels[i];
    }
    return idx(new int[] {labels.length}, values);
  }

  static byte[] gz(byte[] content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static Path write(Path path, byte[] content) {
    try {
      Files.createDirectories(path.getParent());
      return Files.write(path, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder with a tiny set of the MNIST family: 5 training and 3 test images, some in gz. */
  static Path mnist(Path dir) {
    write(dir.resolve("train-images-idx3-ubyte.gz"), gz(idxImages(5, 0)));
    write(dir.resolve("train-labels-idx1-ubyte"), idxLabels(3, 1, 4, 1, 5));
    write(dir.resolve("t10k-images-idx3-ubyte"), idxImages(3, 100));
    write(dir.resolve("t10k-labels-idx1-ubyte.gz"), gz(idxLabels(9, 2, 6)));
    return dir;
  }

  /** CIFAR records; pixel p (plane-major) of record i is {@code (salt + 11 i + p) mod 256}. */
  static byte[] cifar(int salt, int... labels) {
    byte[] content = new byte[3073 * labels.length];
    for (int i = 0; i < labels.length; i++) {
      content[3073 * i] = (byte) labels[i];
      for (int p = 0; p < 3072; p++) {
        content[3073 * i + 1 + p] = (byte) (salt + 11 * i + p);
      }
    }
    return content;
  }

  /** Writes a matrix of shape (rows, columns) given row after row. */
  static Path npy(Path path, ElementType type, int columns, double... values) {
    try (NpyWriter writer = NpyWriter.create(path, type, values.length / columns, columns)) {
      for (int at = 0; at < values.length; at += columns) {
        writer.writeRow(values, at);
      }
    }
    return path;
  }

  /** Writes integer labels of shape (n). */
  static Path labels(Path path, int... labels) {
    byte[] header = NpyHeader.format(ElementType.I4, labels.length);
    byte[] content = new byte[header.length + 4 * labels.length];
    System.arraycopy(header, 0, content, 0, header.length);
    for (int i = 0; i < labels.length; i++) {
      ElementType.I4.put(labels[i], content, header.length + 4 * i);
    }
    return write(path, content);
  }

  static double[] read(Examples examples, int i) {
    double[] values = new double[examples.size()];
    examples.read(i, values, 0);
    return values;
  }
}
