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
    boolean tested = !source.testInputs().isEmpty();
    if (!tested && source.testLabels() != null) {
      throw new UserException("dataset.npy: test_labels without test_inputs; give both or neither");
    }
    if (tested && (source.testLabels() == null) != (source.trainLabels() == null)) {
      throw new UserException(
          "dataset.npy: give labels of both the training and the test inputs, or of neither");
    }
    if (tested && source.testInputs().size() != source.trainInputs().size()) {
      throw new UserException(
          "dataset.npy: %d files of train_inputs and %d of test_inputs; give as many"
              .formatted(source.trainInputs().size(), source.testInputs().size()));
    }
    List<NpyFile> trainFiles = source.trainInputs().stream().map(NpyReader::inputs).toList();
    List<NpyFile> testFiles = source.testInputs().stream().map(NpyReader::inputs).toList();
    for (int k = 0; k < testFiles.size(); k++) {
      requireAlike(trainFiles.get(k), testFiles.get(k));
    }
    RawPart train = part(trainFiles, source.trainLabels());
    RawPart test = tested ? part(testFiles, source.testLabels()) : train.none();
    String shortage = tested ? "" : "dataset.npy.test_inputs is not set";
    return new Parts(train, test, classNames(source, train, test), shortage);
  }

  private static List<String> classNames(Source.Npy source, RawPart train, RawPart test) {
    if (source.trainLabels() == null) {
      return List.of("unlabelled");
    }
    IntStream labels = IntStream.concat(IntStream.of(train.labels()), IntStream.of(test.labels()));
    return IntStream.rangeClosed(0, labels.max().orElse(0)).mapToObj(Integer::toString).toList();
  }

  private static void requireAlike(NpyFile train, NpyFile test) {
    int[] trained = shapeOfExample(train);
    int[] tested = shapeOfExample(test);
    if (!Arrays.equals(trained, tested)) {
      throw new UserException(
          "%s: examples of shape %s, those of %s have %s"
              .formatted(
                  test.path(), Arrays.toString(tested), train.path(), Arrays.toString(trained)));
    }
    if (train.type() != test.type()) {
      throw new UserException(
          "%s: values of type %s, those of %s are %s; save both with the same type"
              .formatted(test.path(), test.type().code(), train.path(), train.type().code()));
    }
  }

  private static NpyFile inputs(Path path) {
    NpyFile inputs = NpyFile.read(path);
    if (inputs.shape().length < 2) {
      throw new UserException(
          "%s: shape %s; expected (n, features), (n, height, width) or (n, height, width, channels)"
              .formatted(path, Arrays.toString(inputs.shape())));
    }
    requireNumbers(inputs);
    return inputs;
  }

  private static RawPart part(List<NpyFile> inputs, Path labelsPath) {
    NpyFile first = inputs.get(0);
    for (NpyFile other : inputs) {
      if (other.rows() != first.rows()) {
        throw KnownReader.otherLength(first.path(), first.rows(), other.path(), other.rows());
      }
    }
    int[] labels = labelsPath == null ? new int[first.rows()] : labels(first, labelsPath);
    if (inputs.size() == 1) {
      return new RawPart(first.type(), shapeOfExample(first), first.rawRows(), labels);
    }
    return joined(inputs, labels);
  }

  /** The values of all files one after another, as float64. */
  private static RawPart joined(List<NpyFile> inputs, int[] labels) {
    int length = inputs.stream().mapToInt(NpyFile::rowLength).reduce(0, Math::addExact);
    byte[][] rows = new byte[labels.length][];
    double[] values = new double[length];
    for (int i = 0; i < rows.length; i++) {
      int offset = 0;
      for (NpyFile file : inputs) {
        file.row(i, values, offset);
        offset += file.rowLength();
      }
      rows[i] = new byte[Math.multiplyExact(length, ElementType.F8.bytes())];
      for (int k = 0; k < length; k++) {
        ElementType.F8.put(values[k], rows[i], k * ElementType.F8.bytes());
      }
    }
    return new RawPart(ElementType.F8, new int[] {length}, rows, labels);
  }

  /** An image without a channel axis gets one. */
  private static int[] shapeOfExample(NpyFile inputs) {
    long[] shape = inputs.shape();
    int[] example = new int[shape.length == 3 ? 3 : shape.length - 1];
    Arrays.fill(example, 1);
    for (int i = 1; i < shape.length; i++) {
      example[i - 1] = (int) shape[i];
    }
    return example;
  }

  private static int[] labels(NpyFile inputs, Path path) {
    NpyFile labels = NpyFile.read(path);
    if (labels.shape().length != 1 || !labels.type().isInteger()) {
      throw new UserException(
          "%s: shape %s of type %s; expected integer labels of shape (n)"
              .formatted(path, Arrays.toString(labels.shape()), labels.type().code()));
    }
    if (labels.rowLength() != inputs.rows()) {
      throw KnownReader.otherLength(inputs.path(), inputs.rows(), path, labels.rowLength());
    }
    return classes(labels);
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
