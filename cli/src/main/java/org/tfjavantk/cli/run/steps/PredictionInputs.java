package org.tfjavantk.cli.run.steps;

import java.io.IOException;
import org.tfjavantk.linalg.Matrix;
import org.tfjavantk.regression.LabelledKernel;
import org.tfjavantk.regression.RidgeConvention;
import org.tfjavantk.solve.StoreSource;
import org.tfjavantk.store.KernelStore;

/**
 * What predictions of wide networks take: the training kernel, the kernel of test by training
 * examples, centred one-hot targets.
 *
 * @param train the training kernel and its labels
 * @param test that of the test examples, or null
 * @param classes their number
 */
record PredictionInputs(LabelledKernel train, LabelledKernel test, int classes) {
  static PredictionInputs of(StepKernels kernels, int classes) throws IOException {
    return new PredictionInputs(kernels.labelled("train"), kernels.labelled("test"), classes);
  }

  StoreSource source() {
    return new StoreSource(train.kernel());
  }

  /** What a ridge adds to the diagonal. */
  double shift(RidgeConvention convention, double ridge) {
    double[] diagonal = source().diagonal();
    double mean = java.util.Arrays.stream(diagonal).average().orElse(0);
    return ridge * convention.factor(train.labels().length, mean);
  }

  /** One-hot labels minus 1/classes: a column for each class, or one for all outputs. */
  Matrix targets(int[] labels) {
    boolean full = train.kernel().layout().outputs() > 1;
    Matrix y = new Matrix(full ? labels.length * classes : labels.length, full ? 1 : classes);
    for (int i = 0; i < labels.length; i++) {
      for (int c = 0; c < classes; c++) {
        double value = (labels[i] == c ? 1 : 0) - 1.0 / classes;
        y.set(full ? i * classes + c : i, full ? 0 : c, value);
      }
    }
    return y;
  }

  /** A kernel that need not be symmetric, in memory. */
  static Matrix dense(KernelStore store) {
    Matrix matrix =
        new Matrix(
            Math.toIntExact(store.layout().rows()), Math.toIntExact(store.layout().columns()));
    store.readRows((row, values) -> matrix.setRow((int) row, values));
    return matrix;
  }

  /** Outputs as examples x classes, row-major. */
  static double[] values(Matrix outputs) {
    double[] values = new double[outputs.rows() * outputs.columns()];
    for (int i = 0; i < outputs.rows(); i++) {
      outputs.getRow(i, 0, values, i * outputs.columns(), outputs.columns());
    }
    return values;
  }
}
