package org.tfjavantk.solve;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tfjavantk.graphs.UserException;

/**
 * The state of conjugate gradients in a file that appears whole, by an atomic rename: what it is of
 * as UTF text, then sizes, scalars and vectors as Java writes them.
 */
final class CgCheckpoint {
  private static final Logger LOG = LoggerFactory.getLogger(CgCheckpoint.class);

  private CgCheckpoint() {}

  static void write(Path file, String key, CgState state) {
    Path temporary = file.resolveSibling(file.getFileName() + ".part");
    try {
      if (file.getParent() != null) {
        Files.createDirectories(file.getParent());
      }
      writeAll(temporary, key, state);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UserException(file + " cannot be written: " + e, e);
    }
  }

  private static void writeAll(Path file, String key, CgState state) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      out.writeUTF(key);
      out.writeInt(state.n);
      out.writeInt(state.iteration);
      out.writeBoolean(state.recording);
      out.writeBoolean(state.fresh);
      write(out, state.alphas());
      write(out, state.betas());
      write(out, state.rz);
      for (double[][] vectors : List.of(state.x, state.r, state.p)) {
        out.writeInt(vectors.length);
        for (double[] vector : vectors) {
          write(out, vector);
        }
      }
    }
  }

  private static void write(DataOutputStream out, double[] values) throws IOException {
    out.writeInt(values.length);
    for (double value : values) {
      out.writeDouble(value);
    }
  }

  /** Empty where there is none, or one of another problem. */
  static Optional<CgState> read(Path file, String key) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      String found = in.readUTF();
      if (!found.equals(key)) {
        LOG.info("{} is of another problem ({}): starting anew", file, found);
        return Optional.empty();
      }
      int n = in.readInt();
      int iteration = in.readInt();
      boolean recording = in.readBoolean();
      boolean fresh = in.readBoolean();
      double[] alphas = read(in);
      double[] betas = read(in);
      double[] rz = read(in);
      CgState state = new CgState(n, vectors(in), vectors(in), vectors(in), rz);
      state.iteration = iteration;
      state.recording = recording;
      state.fresh = fresh;
      for (double alpha : alphas) {
        state.alphas.add(alpha);
      }
      for (double beta : betas) {
        state.betas.add(beta);
      }
      return Optional.of(state);
    } catch (IOException e) {
      LOG.warn("{} cannot be read ({}): starting anew", file, e.toString());
      return Optional.empty();
    }
  }

  private static double[][] vectors(DataInputStream in) throws IOException {
    double[][] vectors = new double[in.readInt()][];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = read(in);
    }
    return vectors;
  }

  private static double[] read(DataInputStream in) throws IOException {
    double[] values = new double[in.readInt()];
    for (int i = 0; i < values.length; i++) {
      values[i] = in.readDouble();
    }
    return values;
  }

  static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be deleted", e);
    }
  }
}
