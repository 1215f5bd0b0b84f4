package org.tfjavantk.store;

import java.nio.file.Files;
import java.nio.file.Path;
import org.tfjavantk.data.ElementType;
import org.tfjavantk.data.NpyWriter;
import org.tfjavantk.graphs.UserException;

/** Copies a kernel into one file that NumPy reads. */
public final class KernelExport {
  private KernelExport() {}

  /**
   * Writes the whole matrix, both triangles, to one {@code .npy} file (format 1.0, C order) in the
   * type that it is stored in, bfloat16 as float32. One row of tiles is held in memory; the file
   * appears when it is whole.
   *
   * @throws UserException when a tile is missing or corrupt or the file can't be written
   */
  public static void toNpy(KernelStore store, Path file) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file)) {
      throw new UserException(file + " cannot be written: the folder must be there already");
    }
    KernelLayout layout = store.layout();
    ElementType type =
        switch (layout.storage()) {
          case FLOAT16 -> ElementType.F2;
            // NumPy has no bfloat16; float32 holds the same numbers.
          case BFLOAT16, FLOAT32 -> ElementType.F4;
          case FLOAT64 -> ElementType.F8;
        };
    int columns = Math.toIntExact(layout.columns());
    try (NpyWriter npy = NpyWriter.create(file, type, layout.rows(), columns)) {
      store.readRows((row, values) -> npy.writeRow(values, 0));
    }
  }
}
