package org.tfjavantk.graphs;

import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;

/** Copies between Java arrays and tensors of a precision. */
public final class Tensors {
  private Tensors() {}

  /**
   * A tensor of the first {@code shape.size()} values, rounded to the precision. The caller closes
   * it.
   */
  public static Tensor of(double[] values, Precision precision, long... shape) {
    Shape size = Shape.of(shape);
    int n = Math.toIntExact(size.size());
    if (precision == Precision.FLOAT64) {
      return TFloat64.tensorOf(
          size, t -> t.copyFrom(DataBuffers.of(values, true, false).narrow(n)));
    }
    float[] rounded = new float[n];
    for (int i = 0; i < n; i++) {
      rounded[i] = (float) values[i];
    }
    return TFloat32.tensorOf(size, t -> t.copyFrom(DataBuffers.of(rounded, true, false)));
  }

  /** All values of a floating-point tensor, row-major. */
  public static double[] toDoubles(Tensor tensor) {
    int n = Math.toIntExact(tensor.shape().size());
    double[] values = new double[n];
    if (tensor instanceof TFloat64 t) {
      t.asRawTensor().data().asDoubles().read(values);
      return values;
    }
    float[] floats = toFloats(tensor);
    for (int i = 0; i < n; i++) {
      values[i] = floats[i];
    }
    return values;
  }

  /** All values of a float32 tensor, row-major. */
  public static float[] toFloats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.shape().size())];
    tensor.asRawTensor().data().asFloats().read(values);
    return values;
  }
}
