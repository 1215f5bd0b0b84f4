package org.tfjavantk.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.tfjavantk.data.TestFiles.assertUserError;
import static org.tfjavantk.data.TestFiles.read;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Draws from 60 training examples with the values (100 + i, -i), and 12 test examples. */
class DatasetsTest {
  private static final int TRAIN = 60;

  /** Classes 0, 1, 2 in turn, and class 3 for the last six. */
  private static final int[] LABELS =
      IntStream.range(0, TRAIN).map(i -> i < 54 ? i % 3 : 3).toArray();

  @TempDir Path dir;
  private Source.Npy source;

  @BeforeEach
  void writeFiles() {
    double[] train = new double[2 * TRAIN];
    for (int i = 0; i < TRAIN; i++) {
      train[2 * i] = 100 + i;
      train[2 * i + 1] = -i;
    }
    int[] testLabels = IntStream.range(0, 12).map(i -> i % 4).toArray();
    source =
        new Source.Npy(
            List.of(TestFiles.npy(dir.resolve("x.npy"), ElementType.F4, 2, train)),
            TestFiles.labels(dir.resolve("y.npy"), LABELS),
            List.of(
                TestFiles.npy(dir.resolve("tx.npy"), ElementType.F4, 2, Arrays.copyOf(train, 24))),
            TestFiles.labels(dir.resolve("ty.npy"), testLabels));
  }

  private DatasetSpec spec(int train, int validation, int test, Draw draw, Integer... classes) {
    return new DatasetSpec(
        source, train, validation, test, List.of(classes), draw, Preprocess.scaled(), true);
  }

  private Dataset load(int train, int validation, int test, Draw draw, Integer... classes) {
    return Datasets.load(spec(train, validation, test, draw, classes), 1);
  }

  /** The places in the source of the examples. */
  private static int[] places(Examples examples) {
    return IntStream.range(0, examples.count())
        .map(i -> (int) read(examples, i)[0] - 100)
        .toArray();
  }

  private static int[] labels(Examples examples) {
    return IntStream.range(0, examples.count()).map(examples::label).toArray();
  }

  private static int[] counts(int[] labels, int classes) {
    int[] counts = new int[classes];
    Arrays.stream(labels).forEach(c -> counts[c]++);
    return counts;
  }

  @Test
  void firstTakesTheValidationSetAndThenTheTrainingSet() {
    Dataset data = load(5, 4, 3, Draw.FIRST);
    assertArrayEquals(new int[] {0, 1, 2, 3}, places(data.validation()));
    assertArrayEquals(new int[] {4, 5, 6, 7, 8}, places(data.train()));
    assertArrayEquals(new int[] {0, 1, 2}, places(data.test()));
    assertArrayEquals(new int[] {1, 2, 0, 1, 2}, labels(data.train()));
    assertArrayEquals(new double[] {104, -4}, read(data.train(), 0));
    assertEquals(4, data.train().classes());
    assertEquals(List.of("0", "1", "2", "3"), data.classNames());
    assertArrayEquals(new int[] {2}, data.train().shape());
  }

  @Test
  void zeroTakesAll() {
    for (Draw draw : Draw.values()) {
      Dataset data = load(0, 8, 0, draw);
      assertEquals(TRAIN - 8, data.train().count());
      assertEquals(12, data.test().count());
      int[] all =
          IntStream.concat(
                  Arrays.stream(places(data.train())), Arrays.stream(places(data.validation())))
              .sorted()
              .toArray();
      assertArrayEquals(IntStream.range(0, TRAIN).toArray(), all, draw.name());
    }
  }

  @Test
  void examplesKeepTheirLabels() {
    for (Draw draw : Draw.values()) {
      Examples train = load(0, 8, 0, draw).train();
      int[] places = places(train);
      for (int i = 0; i < train.count(); i++) {
        assertEquals(LABELS[places[i]], train.label(i));
      }
    }
  }

  @Test
  void randomDependsOnTheSeedAlone() {
    int[] drawn = places(load(20, 10, 0, Draw.RANDOM).train());
    assertArrayEquals(drawn, places(load(20, 10, 0, Draw.RANDOM).train()));
    assertEquals(20, Arrays.stream(drawn).distinct().count());
    int[] other = places(Datasets.load(spec(20, 10, 0, Draw.RANDOM), 2).train());
    assertNotEquals(Arrays.toString(drawn), Arrays.toString(other));
    int[] more = places(load(30, 10, 0, Draw.RANDOM).train());
    assertArrayEquals(drawn, Arrays.copyOf(more, 20), "a larger draw begins with the smaller one");
  }

  @Test
  void stratifiedDrawsTheSameOfEveryClass() {
    Dataset data = load(14, 6, 8, Draw.STRATIFIED);
    assertArrayEquals(new int[] {4, 4, 3, 3}, counts(labels(data.train()), 4));
    assertArrayEquals(new int[] {2, 2, 1, 1}, counts(labels(data.validation()), 4));
    assertArrayEquals(new int[] {2, 2, 2, 2}, counts(labels(data.test()), 4));
    int[] prefix = Arrays.copyOf(labels(data.train()), 8);
    assertArrayEquals(new int[] {2, 2, 2, 2}, counts(prefix, 4));
    assertNotEquals(
        Arrays.toString(places(data.train())),
        Arrays.toString(places(Datasets.load(spec(14, 6, 8, Draw.STRATIFIED), 2).train())));
  }

  @Test
  void stratifiedWhereAClassIsTooSmall() {
    assertUserError(
        () -> load(28, 0, 0, Draw.STRATIFIED),
        "dataset.train",
        "need 7 of class 3 (3), there are 6",
        "at most 24");
    assertUserError(
        () -> load(20, 8, 0, Draw.STRATIFIED), "dataset.train", "need 5 of class 3", "are 4");
    assertUserError(() -> load(0, 0, 11, Draw.STRATIFIED, 0, 1, 2), "dataset.test", "there are 9");
  }

  @Test
  void classesAreFilteredAndRelabelledInTheOrderWritten() {
    Dataset data = load(0, 6, 0, Draw.STRATIFIED, 3, 1);
    assertEquals(List.of("3", "1"), data.classNames());
    assertEquals(2, data.train().classes());
    assertEquals(6 + 18 - 6, data.train().count());
    int[] places = places(data.train());
    for (int i = 0; i < places.length; i++) {
      assertEquals(LABELS[places[i]] == 3 ? 0 : 1, data.train().label(i));
    }
    assertArrayEquals(new int[] {3, 3}, counts(labels(data.validation()), 2));
    assertEquals(6, data.test().count());
  }

  @Test
  void countsBeyondTheSource() {
    assertUserError(
        () -> load(61, 0, 0, Draw.FIRST), "dataset.train: asks for 61 examples, there are 60");
    assertUserError(
        () -> load(55, 10, 0, Draw.RANDOM), "there are 50 (10 are held out for validation)");
    assertUserError(() -> load(1, 61, 0, Draw.FIRST), "dataset.validation: asks for 61");
    assertUserError(() -> load(1, 0, 13, Draw.FIRST), "dataset.test: asks for 13", "are 12");
    assertUserError(() -> load(7, 0, 0, Draw.FIRST, 3), "dataset.train", "there are 6");
    assertUserError(() -> load(0, 60, 0, Draw.FIRST), "no training example is left");
  }

  @Test
  void classesThatDoNotExist() {
    assertUserError(() -> load(1, 0, 1, Draw.FIRST, 4), "class 4", "0 to 3");
    assertUserError(() -> load(1, 0, 1, Draw.FIRST, -1), "class -1");
    assertUserError(() -> load(1, 0, 1, Draw.FIRST, 2, 2), "class 2 stands there twice");
  }

  @Test
  void negativeCounts() {
    assertUserError(() -> spec(-1, 0, 0, Draw.FIRST), "dataset.train: found -1");
    assertUserError(() -> spec(1, -2, 0, Draw.FIRST), "dataset.validation: found -2");
    assertUserError(() -> spec(1, 0, -3, Draw.FIRST), "dataset.test: found -3");
  }

  @Test
  void npyWithoutATestPart() {
    source = new Source.Npy(source.trainInputs(), source.trainLabels(), List.of(), null);
    Dataset data = load(0, 0, 0, Draw.FIRST);
    assertEquals(0, data.test().count());
    assertArrayEquals(new int[] {2}, data.test().shape());
    assertUserError(() -> load(0, 0, 1, Draw.FIRST), "test", "dataset.npy.test_inputs is not set");
    source = new Source.Npy(source.trainInputs(), source.trainLabels(), source.trainInputs(), null);
    assertUserError(() -> load(0, 0, 1, Draw.FIRST), "of neither");
    source =
        new Source.Npy(source.trainInputs(), source.trainLabels(), List.of(), source.trainLabels());
    assertUserError(() -> load(0, 0, 1, Draw.FIRST), "test_labels without test_inputs");
  }

  @Test
  void npyFilesHoldFiniteNumbers() {
    Path bad = dir.resolve("bad.npy");
    for (double value : new double[] {Double.NaN, Double.NEGATIVE_INFINITY}) {
      TestFiles.npy(bad, ElementType.F8, 2, 1, 2, 3, value);
      source =
          new Source.Npy(
              List.of(bad), TestFiles.labels(dir.resolve("two.npy"), 0, 1), List.of(), null);
      assertUserError(
          () -> load(0, 0, 0, Draw.FIRST), "bad.npy: found " + value + " in example 1, value 1");
    }
  }

  @Test
  void npyFilesThatDoNotFit() {
    Path bad = dir.resolve("bad.npy");
    TestFiles.labels(bad, 1, 2, 3);
    source = new Source.Npy(source.trainInputs(), bad, List.of(), null);
    assertUserError(() -> load(0, 0, 0, Draw.FIRST), "bad.npy: 3 labels for the 60 examples");
    TestFiles.npy(bad, ElementType.I4, 1, new double[TRAIN]);
    assertUserError(() -> load(0, 0, 0, Draw.FIRST), "[60, 1] of type i4", "shape (n)");
    int[] labels = new int[TRAIN];
    labels[7] = -1;
    TestFiles.labels(bad, labels);
    assertUserError(() -> load(0, 0, 0, Draw.FIRST), "bad.npy: label -1 at index 7");
    source = new Source.Npy(List.of(bad), bad, List.of(), null);
    assertUserError(() -> load(0, 0, 0, Draw.FIRST), "shape [60]; expected (n, features)");
  }

  @Test
  void npyTestPartOfAnotherShapeOrType() {
    Path other = dir.resolve("other.npy");
    Path labels = TestFiles.labels(dir.resolve("o.npy"), 1, 2);
    source = new Source.Npy(source.trainInputs(), source.trainLabels(), List.of(other), labels);
    TestFiles.npy(other, ElementType.F4, 3, new double[6]);
    assertUserError(() -> load(0, 0, 0, Draw.FIRST), "other.npy", "[3]", "[2]");
    TestFiles.npy(other, ElementType.U1, 2, new double[4]);
    assertUserError(() -> load(0, 0, 0, Draw.FIRST), "other.npy", "u1", "f4");
  }

  @Test
  void npyImagesWithoutAChannelAxisGetOne() {
    byte[] header = NpyHeader.format(ElementType.U1, 2, 2, 3);
    byte[] content = Arrays.copyOf(header, header.length + 12);
    content[header.length + 11] = (byte) 255;
    Path images = TestFiles.write(dir.resolve("images.npy"), content);
    source =
        new Source.Npy(
            List.of(images), TestFiles.labels(dir.resolve("l.npy"), 0, 1), List.of(), null);
    Examples train = load(0, 0, 0, Draw.FIRST).train();
    assertArrayEquals(new int[] {2, 3, 1}, train.shape());
    assertArrayEquals(new double[] {0, 0, 0, 0, 0, 1}, read(train, 1));
  }

  @Test
  void severalFilesAreTheInputsOfAnExampleOneAfterAnother() {
    Path first = TestFiles.npy(dir.resolve("a.npy"), ElementType.F4, 2, 1.5, 2, 3, 4);
    Path second = TestFiles.npy(dir.resolve("b.npy"), ElementType.I4, 3, 5, 6, 7, 8, 9, 10);
    source = new Source.Npy(List.of(first, second), null, List.of(), null);
    Dataset data = load(0, 0, 0, Draw.FIRST);
    assertArrayEquals(new int[] {5}, data.train().shape());
    assertArrayEquals(new double[] {1.5, 2, 5, 6, 7}, read(data.train(), 0));
    assertArrayEquals(new double[] {3, 4, 8, 9, 10}, read(data.train(), 1));
    assertEquals(List.of("unlabelled"), data.classNames());
    Path longer = TestFiles.npy(dir.resolve("c.npy"), ElementType.I4, 1, 1, 2, 3);
    source = new Source.Npy(List.of(first, longer), null, List.of(), null);
    assertUserError(() -> load(0, 0, 0, Draw.FIRST), "c.npy");
    source = new Source.Npy(List.of(first, second), null, List.of(first), null);
    assertUserError(() -> load(0, 0, 0, Draw.FIRST), "2 files of train_inputs and 1");
  }

  @Test
  void readingOutsideOfTheArray() {
    Examples train = load(2, 0, 0, Draw.FIRST).train();
    assertThrows(IndexOutOfBoundsException.class, () -> train.read(0, new double[2], 1));
    assertThrows(IndexOutOfBoundsException.class, () -> train.read(2, new double[2], 0));
    assertThrows(IndexOutOfBoundsException.class, () -> train.label(-1));
  }

  @Test
  void fingerprintsTellExamplesApart() {
    String print = Fingerprint.sha256(load(10, 0, 0, Draw.FIRST).train());
    assertTrue(print.matches("[0-9a-f]{64}"));
    assertEquals(print, Fingerprint.sha256(load(10, 0, 3, Draw.FIRST).train()));
    assertNotEquals(print, Fingerprint.sha256(load(9, 0, 0, Draw.FIRST).train()));
    assertNotEquals(print, Fingerprint.sha256(load(10, 1, 0, Draw.FIRST).train()));
    DatasetSpec shifted =
        new DatasetSpec(
            source,
            10,
            0,
            0,
            List.of(),
            Draw.FIRST,
            new Preprocess(0, 0, true, new double[] {1e-9}, new double[0]),
            true);
    assertNotEquals(print, Fingerprint.sha256(Datasets.load(shifted, 1).train()));
  }
}
