package org.tfjavantk.store;

import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.linalg.Memory;

/** Reads symmetric kernel matrices into memory, in float64. */
public final class DenseKernel {
  private DenseKernel() {}

  /**
   * The whole matrix, both triangles.
   *
   * @throws UserException when the matrix isn't symmetric, doesn't fit into the memory of the
   *     machine, or isn't complete
   */
  public static Matrix load(KernelStore store) {
    return load(store, null);
  }

  /**
   * The whole matrix with its examples in another order: example {@code order[k]} comes k-th, in
   * the rows and in the columns.
   *
   * @param order a permutation of the examples; null keeps their order
   * @throws UserException as {@link #load(KernelStore)}
   */
  public static Matrix load(KernelStore store, int[] order) {
    KernelLayout layout = store.layout();
    if (!layout.symmetric()) {
      throw new UserException(
          "%s holds the kernel of %d x %d examples, which is not the symmetric kernel of one set with itself"
              .formatted(store.directory(), layout.rowExamples(), layout.columnExamples()));
    }
    requireMemory(store, Memory.available());
    int side = Math.toIntExact(layout.rows());
    int outputs = layout.outputs();
    Matrix matrix = new Matrix(side, side);
    try {
      if (order == null) {
        store.readRows((row, values) -> matrix.setRow((int) row, values));
      } else {
        int[] position = inverse(order, layout.rowExamples());
        double[] permuted = new double[side];
        store.readRows(
            (row, values) -> {
              for (int e = 0; e < position.length; e++) {
                System.arraycopy(values, e * outputs, permuted, position[e] * outputs, outputs);
              }
              int target = position[(int) row / outputs] * outputs + (int) row % outputs;
              matrix.setRow(target, permuted);
            });
      }
      return matrix;
    } catch (RuntimeException | Error e) {
      matrix.close();
      throw e;
    }
  }

  static void requireMemory(KernelStore store, long available) {
    KernelLayout layout = store.layout();
    long side = layout.rows();
    double bytes = (double) side * side * Double.BYTES;
    if (side > Integer.MAX_VALUE || bytes > available) {
      Memory.require(
          (long) bytes,
          available,
          "%s: the kernel as one %d x %d matrix of float64"
              .formatted(store.directory(), side, side),
          "compute the kernel of fewer examples (empirical_kernel.examples) or of one output (empirical_kernel.outputs)");
    }
  }

  private static int[] inverse(int[] order, int n) {
    int[] position = new int[n];
    java.util.Arrays.fill(position, -1);
    for (int k = 0; k < order.length; k++) {
      position[order[k]] = k;
    }
    for (int p : position) {
      if (p < 0 || order.length != n) {
        throw new IllegalArgumentException("the order is not a permutation of the examples");
      }
    }
    return position;
  }
}
