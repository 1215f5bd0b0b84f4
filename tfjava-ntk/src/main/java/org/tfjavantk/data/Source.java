package org.tfjavantk.data;

import java.nio.file.Path;

/** Where examples come from. */
public sealed interface Source {
  /**
   * A public data set, read from its files.
   *
   * @param dir the folder with the files; null means {@link DataFiles#defaultDir}
   */
  record Known(KnownSet set, Path dir) implements Source {}

  /**
   * Arrays written by NumPy: inputs of shape (n, features), (n, height, width) or (n, height,
   * width, channels), and integer labels of shape (n). The test files may be null, both of them.
   */
  record Npy(Path trainInputs, Path trainLabels, Path testInputs, Path testLabels)
      implements Source {}

  /** Ten digit classes drawn as vector strokes, 28 x 28 x 1, bytes. */
  record StrokeDigits() implements Source {}

  /**
   * Unit-covariance Gaussians around random centres, one for each class: {@code x = separation *
   * u_label + z} with z drawn from N(0, I) and u uniform on the unit sphere.
   */
  record GaussianMixture(int dimension, int classes, double separation) implements Source {}

  /**
   * Points (cos t, sin t), t uniform on [0, 2 pi); arc {@code j} of {@code arcs} equal arcs belongs
   * to class {@code j mod classes}.
   */
  record Circle(int classes, int arcs) implements Source {}
}
