package org.tfjavantk.data;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/** Loads the data set of a run. */
public final class Datasets {
  private Datasets() {}

  /**
   * Reads or makes the examples that {@code spec} names. The result is a function of the spec, the
   * files and the seed.
   *
   * @throws UserException if files are missing, damaged or wrong, or if the spec asks for what the
   *     source doesn't have
   */
  public static Dataset load(DatasetSpec spec, long seed) {
    Source source = spec.source();
    if (source instanceof Source.Known known) {
      KnownSet set = known.set();
      KnownReader reader = new KnownReader(set, DataFiles.dir(set, known.dir()), spec.verify());
      return fromFiles(set.id(), reader.read(), spec, seed);
    }
    if (source instanceof Source.Npy npy) {
      return fromFiles("npy", NpyReader.read(npy), spec, seed);
    }
    return generated(generator(source, seed), spec, seed);
  }

  private static Generator generator(Source source, long seed) {
    if (source instanceof Source.GaussianMixture mixture) {
      return new VectorGenerators.Mixture(mixture, seed);
    }
    if (source instanceof Source.Circle circle) {
      return new VectorGenerators.CircleArcs(circle);
    }
    return new StrokeDigitGenerator();
  }

  private static Dataset fromFiles(String name, Parts parts, DatasetSpec spec, long seed) {
    int[] kept = kept(spec, parts.classNames());
    List<String> names = names(kept, parts.classNames());
    int[] newLabel = newLabels(kept, parts.classNames().size());
    Subset train = new Subset(relabelled(parts.train(), newLabel), names, spec.draw());
    int[] pool = train.pool();
    int[] held =
        train.take(
            train.ordered(pool, stream(seed, "validation")),
            spec.validation(),
            "dataset.validation",
            parts.shortage());
    int[] left = without(pool, held);
    int[] used = train.ordered(left, stream(seed, "train"));
    if (spec.train() > 0) {
      used = train.take(used, spec.train(), "dataset.train", left(held, parts.shortage()));
    }
    Subset test = new Subset(relabelled(parts.test(), newLabel), names, spec.draw());
    int[] tested = test.ordered(test.pool(), stream(seed, "test"));
    if (spec.test() > 0) {
      String why = parts.test().count() == 0 ? parts.shortage() : "";
      tested = test.take(tested, spec.test(), "dataset.test", why);
    }
    if (used.length == 0) {
      throw new UserException("dataset.train: no training example is left");
    }
    return dataset(
        name,
        names,
        spec.preprocess(),
        parts.train().select(used, newLabel),
        parts.train().select(held, newLabel),
        parts.test().select(tested, newLabel));
  }

  private static Dataset generated(Generator generator, DatasetSpec spec, long seed) {
    needsNumber("train", spec.train(), generator);
    needsNumber("test", spec.test(), generator);
    int[] kept = kept(spec, generator.classNames());
    boolean stratified = spec.draw() == Draw.STRATIFIED;
    return dataset(
        generator.name(),
        names(kept, generator.classNames()),
        spec.preprocess(),
        GeneratedPart.make(generator, seed, "train", spec.train(), kept, stratified),
        GeneratedPart.make(generator, seed, "validation", spec.validation(), kept, stratified),
        GeneratedPart.make(generator, seed, "test", spec.test(), kept, stratified));
  }

  private static void needsNumber(String field, int count, Generator generator) {
    if (count == 0) {
      throw new UserException(
          "dataset." + field + ": " + generator.name() + " makes any number; say how many");
    }
  }

  private static Dataset dataset(
      String name,
      List<String> names,
      Preprocess preprocess,
      RawPart train,
      RawPart validation,
      RawPart test) {
    return new Dataset(
        name,
        names,
        new PreparedExamples(train, preprocess, names.size()),
        new PreparedExamples(validation, preprocess, names.size()),
        new PreparedExamples(test, preprocess, names.size()));
  }

  private static RandomStream stream(long seed, String part) {
    return RandomStream.of(seed, "data/draw/" + part);
  }

  private static int[] kept(DatasetSpec spec, List<String> classNames) {
    for (int c : spec.classes()) {
      if (c < 0 || c >= classNames.size()) {
        throw new UserException(
            "dataset.classes: class %d does not exist; the classes are 0 to %d (%s)"
                .formatted(c, classNames.size() - 1, String.join(", ", classNames)));
      }
    }
    return spec.classes().isEmpty()
        ? IntStream.range(0, classNames.size()).toArray()
        : spec.classes().stream().mapToInt(Integer::intValue).toArray();
  }

  private static List<String> names(int[] kept, List<String> classNames) {
    return Arrays.stream(kept).mapToObj(classNames::get).toList();
  }

  private static int[] newLabels(int[] kept, int classes) {
    int[] newLabel = new int[classes];
    Arrays.fill(newLabel, -1);
    for (int i = 0; i < kept.length; i++) {
      newLabel[kept[i]] = i;
    }
    return newLabel;
  }

  private static int[] relabelled(RawPart part, int[] newLabel) {
    return Arrays.stream(part.labels()).map(label -> newLabel[label]).toArray();
  }

  private static int[] without(int[] pool, int[] held) {
    int[] sorted = held.clone();
    Arrays.sort(sorted);
    return Arrays.stream(pool).filter(i -> Arrays.binarySearch(sorted, i) < 0).toArray();
  }

  private static String left(int[] held, String shortage) {
    if (held.length == 0) {
      return shortage;
    }
    String validation = "%,d are held out for validation".formatted(held.length);
    return shortage.isEmpty() ? validation : validation + "; " + shortage;
  }
}
