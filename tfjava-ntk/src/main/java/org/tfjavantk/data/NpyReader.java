package org.tfjavantk.data;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.UserException;

/** Reads inputs and labels that NumPy wrote. */
final class NpyReader {
  /** Beyond this a label is a mistake, such as an id, and not a class. */
  private static final long MOST_CLASSES = 1 << 20;

  private NpyReader() {}

  static Parts read(Source.Npy source) {
    if ((source.testInputs() == null) != (source.testLabels() == null)) {
      throw new UserException(
          "dataset.npy: test_inputs and test_labels belong together; give both or neither");
    }
    RawPart train = part(source.trainInputs(), source.trainLabels());
    RawPart test =
        source.testInputs() == null ? train.none() : part(source.testInputs(), source.testLabels());
    if (!Arrays.equals(train.shape(), test.shape())) {
      throw new UserException(
          "%s: examples of shape %s, those of %s have %s"
              .formatted(
                  source.testInputs(),
                  Arrays.toString(test.shape()),
                  source.trainInputs(),
                  Arrays.toString(train.shape())));
    }
    if (train.type() != test.type()) {
      throw new UserException(
          "%s: values of type %s, those of %s are %s; save both with the same type"
              .formatted(
                  source.testInputs(),
                  test.type().code(),
                  source.trainInputs(),
                  train.type().code()));
    }
    int classes =
        1
            + IntStream.concat(IntStream.of(train.labels()), IntStream.of(test.labels()))
                .max()
                .orElse(0);
    List<String> names = IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    String shortage = source.testInputs() == null ? "dataset.npy.test_inputs is not set" : "";
    return new Parts(train, test, names, shortage);
  }

  private static RawPart part(Path inputsPath, Path labelsPath) {
    NpyFile inputs = NpyFile.read(inputsPath);
    NpyFile labels = NpyFile.read(labelsPath);
    long[] shape = inputs.shape();
    if (shape.length < 2 || shape.length > 4) {
      throw new UserException(
          "%s: shape %s; expected (n, features), (n, height, width) or (n, height, width, channels)"
              .formatted(inputsPath, Arrays.toString(shape)));
    }
    if (labels.shape().length != 1 || !labels.type().isInteger()) {
      throw new UserException(
          "%s: shape %s of type %s; expected integer labels of shape (n)"
              .formatted(labelsPath, Arrays.toString(labels.shape()), labels.type().code()));
    }
    if (labels.rowLength() != inputs.rows()) {
      throw KnownReader.otherLength(inputsPath, inputs.rows(), labelsPath, labels.rowLength());
    }
    requireNumbers(inputs);
    int[] example = new int[shape.length == 3 ? 3 : shape.length - 1];
    Arrays.fill(example, 1);
    for (int i = 1; i < shape.length; i++) {
      example[i - 1] = (int) shape[i];
    }
    return new RawPart(inputs.type(), example, inputs.rawRows(), classes(labels));
  }

  /** NaN or infinity in an example would only be seen as a training that diverges. */
  private static void requireNumbers(NpyFile inputs) {
    if (inputs.type().isInteger()) {
      return;
    }
    for (int i = 0; i < inputs.rows(); i++) {
      for (int j = 0; j < inputs.rowLength(); j++) {
        if (!Double.isFinite(inputs.get(i, j))) {
          throw new UserException(
              "%s: found %s in example %d, value %d; expected finite numbers"
                  .formatted(inputs.path(), inputs.get(i, j), i, j));
        }
      }
    }
  }

  private static int[] classes(NpyFile labels) {
    int[] classes = new int[labels.rowLength()];
    for (int i = 0; i < classes.length; i++) {
      long label = labels.integer(0, i);
      if (label < 0 || label >= MOST_CLASSES) {
        throw new UserException(
            "%s: label %d at index %d; labels are 0, 1, ... below %d"
                .formatted(labels.path(), label, i, MOST_CLASSES));
      }
      classes[i] = (int) label;
    }
    return classes;
  }
}
