package org.tfjavantk.deepnarrow;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.tfjavantk.data.ElementType;
import org.tfjavantk.data.NpyHeader;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.UserException;

/**
 * A network's parameters and what was measured so far, in one .npz file: {@code
 * numpy.load(path)["trial0/body"]} has a row of layers, weights and a last row of biases. Layers go
 * through one at a time, so that networks larger than Java's memory can be kept.
 */
final class DeepCheckpoint {
  private static final int MAGIC = 8;

  private DeepCheckpoint() {}

  /** An array of numbers, row-major. */
  record Measured(int[] shape, double[] values) {}

  /** Writes beside the path and renames, so that the file is whole or not there. */
  static void write(Path path, DeepNetwork net, Map<String, Measured> measured) throws IOException {
    Files.createDirectories(path.toAbsolutePath().getParent());
    Path part = path.resolveSibling(path.getFileName() + ".part");
    try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(part), 1 << 20);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setLevel(Deflater.NO_COMPRESSION);
      for (var entry : measured.entrySet()) {
        int[] shape = entry.getValue().shape;
        open(zip, entry.getKey(), ElementType.F8, shape);
        zip.write(bytes(entry.getValue().values, ElementType.F8));
      }
      for (int trial = 0; trial < net.trials(); trial++) {
        for (Stack stack : Stack.values()) {
          write(zip, net, trial, stack);
        }
      }
    }
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private enum Stack {
    HEAD,
    BODY,
    TAIL;

    int first(DeepNarrow network) {
      return switch (this) {
        case HEAD -> 0;
        case BODY -> 1;
        case TAIL -> network.depth();
      };
    }

    int count(DeepNarrow network) {
      return this == BODY ? network.depth() - 1 : 1;
    }

    String entry(int trial) {
      return "trial" + trial + "/" + name().toLowerCase(Locale.ROOT);
    }
  }

  private static void write(ZipOutputStream zip, DeepNetwork net, int trial, Stack stack)
      throws IOException {
    DeepNarrow network = net.network();
    int first = stack.first(network);
    int count = stack.count(network);
    int out = network.fanOut(first);
    int rows = network.weights(first) / out + 1;
    ElementType type = type(net);
    open(zip, stack.entry(trial), type, count, rows, out);
    for (int layer = first; layer < first + count; layer++) {
      zip.write(bytes(net.layer(trial, layer), type));
    }
  }

  private static ElementType type(DeepNetwork net) {
    return net.precision() == Precision.FLOAT64 ? ElementType.F8 : ElementType.F4;
  }

  private static void open(ZipOutputStream zip, String name, ElementType type, int... shape)
      throws IOException {
    ZipEntry entry = new ZipEntry(name + ".npy");
    // The same network is the same file, whenever it is written.
    entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
    zip.putNextEntry(entry);
    long[] lengths = new long[shape.length];
    for (int i = 0; i < shape.length; i++) {
      lengths[i] = shape[i];
    }
    zip.write(NpyHeader.format(type, lengths));
  }

  private static byte[] bytes(double[] values, ElementType type) {
    ByteBuffer bytes =
        ByteBuffer.allocate(type.bytes() * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      if (type == ElementType.F8) {
        bytes.putDouble(value);
      } else {
        bytes.putFloat((float) value);
      }
    }
    return bytes.array();
  }

  /**
   * Sets the network's parameters from a file, if there is one.
   *
   * @return what was measured
   * @throws UserException if the file is damaged
   */
  static Optional<Map<String, Measured>> read(Path path, DeepNetwork net) throws IOException {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    Map<String, Measured> measured = new LinkedHashMap<>();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(path), 1 << 20);
        ZipInputStream zip = new ZipInputStream(file)) {
      Map<String, int[]> places = places(net);
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        DataInputStream in = new DataInputStream(zip);
        int[] shape = shape(in);
        int[] place = places.remove(name);
        if (place == null) {
          measured.put(name, new Measured(shape, values(in, size(shape), ElementType.F8)));
          continue;
        }
        for (int layer = place[1]; layer < place[1] + place[2]; layer++) {
          int size = net.network().weights(layer) + net.network().fanOut(layer);
          net.assign(place[0], layer, values(in, size, type(net)));
        }
      }
      if (!places.isEmpty()) {
        throw new ZipException("it has no " + places.keySet().iterator().next());
      }
    } catch (ZipException | EOFException e) {
      throw new UserException(
          path
              + " is damaged ("
              + e.getMessage()
              + "): delete it, and the training starts from its beginning",
          e);
    }
    return Optional.of(measured);
  }

  /** Trial, first layer and number of layers by the name of the entry. */
  private static Map<String, int[]> places(DeepNetwork net) {
    Map<String, int[]> places = new LinkedHashMap<>();
    for (int trial = 0; trial < net.trials(); trial++) {
      for (Stack stack : Stack.values()) {
        int first = stack.first(net.network());
        places.put(stack.entry(trial), new int[] {trial, first, stack.count(net.network())});
      }
    }
    return places;
  }

  private static int[] shape(DataInputStream in) throws IOException {
    in.readFully(new byte[MAGIC]);
    byte[] header = new byte[Short.toUnsignedInt(Short.reverseBytes(in.readShort()))];
    in.readFully(header);
    String text = new String(header, StandardCharsets.US_ASCII);
    int from = text.indexOf('(');
    int to = text.indexOf(')');
    if (from < 0 || to < from) {
      throw new ZipException("an array has no shape");
    }
    return Arrays.stream(text.substring(from + 1, to).split(","))
        .map(String::strip)
        .filter(digits -> !digits.isEmpty())
        .mapToInt(Integer::parseInt)
        .toArray();
  }

  private static int size(int[] shape) {
    return Arrays.stream(shape).reduce(1, Math::multiplyExact);
  }

  private static double[] values(DataInputStream in, int count, ElementType type)
      throws IOException {
    byte[] bytes = new byte[type.bytes() * count];
    in.readFully(bytes);
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = type == ElementType.F8 ? buffer.getDouble() : buffer.getFloat();
    }
    return values;
  }
}
