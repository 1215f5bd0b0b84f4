package org.tfjavantk.empirical;

import java.util.List;
import java.util.Optional;
import org.tensorflow.Output;
import org.tensorflow.types.family.TFloating;

/**
 * A layer z_p = patch_p(a)·W with D positions p, patches of K numbers and C channels: a
 * convolution, or a dense layer, which has one pixel and one position.
 *
 * @param a its input
 * @param z its output
 * @param factor what W is multiplied by
 * @param geometry where it reads
 * @param channels C
 */
record LinearLayer(
    Output<TFloating> a, Output<TFloating> z, double factor, Geometry geometry, int channels) {

  /** The layer whose weights are used like this; none if they are used several times. */
  static Optional<LinearLayer> of(List<Use> uses) {
    if (uses.size() != 1) {
      return Optional.empty();
    }
    int[] shape = uses.get(0).parameter().spec().shape();
    if (uses.get(0) instanceof Use.Dense dense) {
      return Optional.of(
          new LinearLayer(
              dense.a(), dense.z(), dense.factor(), Geometry.dense(shape[0]), shape[1]));
    }
    if (uses.get(0) instanceof Use.Conv conv) {
      return Optional.of(
          new LinearLayer(conv.a(), conv.z(), conv.factor(), Geometry.of(conv), shape[3]));
    }
    return Optional.empty();
  }

  /** D. */
  int positions() {
    return geometry.positions();
  }

  /** K. */
  int patch() {
    return geometry.patch();
  }

  /** The numbers of one example's input. */
  int inputs() {
    return geometry.inputs();
  }

  /** The numbers of one example's cotangents, o D C. */
  long cotangents(int outputs) {
    return (long) outputs * positions() * channels;
  }
}
