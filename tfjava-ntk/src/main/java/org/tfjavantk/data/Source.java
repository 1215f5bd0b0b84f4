package org.tfjavantk.data;

import java.nio.file.Path;
import java.util.List;

/** Where examples come from. */
public sealed interface Source {
  /**
   * A public data set, read from its files.
   *
   * @param dir the folder with the files; null means {@link DataFiles#defaultDir}
   */
  record Known(KnownSet set, Path dir) implements Source {}

  /**
   * Arrays written by NumPy: inputs of shape (n, features), (n, height, width), (n, height, width,
   * channels) or of more axes, and integer labels of shape (n). Several files of inputs are the
   * inputs of a model one after another: their values follow each other in an example. Labels may
   * be null: all examples then belong to one class. There may be no test files.
   */
  record Npy(List<Path> trainInputs, Path trainLabels, List<Path> testInputs, Path testLabels)
      implements Source {
    public Npy {
      trainInputs = List.copyOf(trainInputs);
      testInputs = List.copyOf(testInputs);
    }
  }

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
