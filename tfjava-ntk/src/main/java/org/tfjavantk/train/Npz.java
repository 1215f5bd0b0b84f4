package org.tfjavantk.train;

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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.tfjavantk.data.ElementType;
import org.tfjavantk.data.NpyHeader;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.UserException;

/**
 * NumPy's .npz: a zip of .npy arrays, here of float64, and one text entry. Python reads it with
 * {@code numpy.load(path)["conv0/kernel"]}.
 */
final class Npz {
  /** Bytes of a .npy file before the length of its header. */
  private static final int MAGIC = 8;

  private static final String TEXT = "about.json";

  private Npz() {}

  /** One array. */
  record Entry(int[] shape, double[] values) {}

  /** The contents of a file. */
  record Contents(Map<String, Entry> arrays, String text) {}

  /** Writes beside the path and renames, so that the file is whole or not there. */
  static void write(Path path, Contents contents) throws IOException {
    Path part = path.resolveSibling(path.getFileName() + ".part");
    try (OutputStream file = Files.newOutputStream(part);
        ZipOutputStream zip = new ZipOutputStream(file)) {
      zip.setLevel(Deflater.BEST_SPEED);
      for (var entry : contents.arrays.entrySet()) {
        zip.putNextEntry(new ZipEntry(entry.getKey() + ".npy"));
        write(zip, entry.getValue());
        zip.closeEntry();
      }
      zip.putNextEntry(new ZipEntry(TEXT));
      zip.write(contents.text.getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    Files.move(part, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private static void write(OutputStream out, Entry entry) throws IOException {
    out.write(NpyHeader.format(ElementType.F8, Shapes.longs(entry.shape)));
    ByteBuffer bytes = ByteBuffer.allocate(8 * entry.values.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asDoubleBuffer().put(entry.values);
    out.write(bytes.array());
  }

  /** Reads what {@link #write} wrote. */
  static Contents read(Path path) throws IOException {
    Map<String, Entry> arrays = new LinkedHashMap<>();
    String text = "";
    try (ZipFile zip = new ZipFile(path.toFile())) {
      for (var entries = zip.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        byte[] content = content(zip, entry);
        if (entry.getName().equals(TEXT)) {
          text = new String(content, StandardCharsets.UTF_8);
        } else {
          String name = entry.getName().replaceFirst("\\.npy$", "");
          arrays.put(name, new Entry(new int[0], values(content)));
        }
      }
    } catch (ZipException | EOFException e) {
      throw new UserException(
          path
              + " is damaged ("
              + e.getMessage()
              + "): delete it, and the run starts from before it",
          e);
    }
    return new Contents(arrays, text);
  }

  /** One entry, whole: ZipFile itself doesn't compare the checksum. */
  private static byte[] content(ZipFile zip, ZipEntry entry) throws IOException {
    byte[] content;
    try (InputStream in = zip.getInputStream(entry)) {
      content = in.readAllBytes();
    }
    CRC32 checksum = new CRC32();
    checksum.update(content);
    if (checksum.getValue() != entry.getCrc()) {
      throw new ZipException("the checksum of " + entry.getName() + " does not hold");
    }
    return content;
  }

  private static double[] values(byte[] npy) {
    ByteBuffer bytes = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(MAGIC);
    int header = bytes.getShort();
    bytes.position(bytes.position() + header);
    double[] values = new double[bytes.remaining() / 8];
    bytes.asDoubleBuffer().get(values);
    return values;
  }
}
