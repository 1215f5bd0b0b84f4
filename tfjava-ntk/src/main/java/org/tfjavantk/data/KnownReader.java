package org.tfjavantk.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tfjavantk.data.KnownSet.Names;
import org.tfjavantk.graphs.UserException;

/** Reads the published files of a known set. */
final class KnownReader {
  private static final Logger LOG = LoggerFactory.getLogger(KnownReader.class);
  private static final int CIFAR_BATCHES = 5;

  private final KnownSet set;
  private final Path dir;
  private final boolean verify;

  KnownReader(KnownSet set, Path dir, boolean verify) {
    this.set = set;
    this.dir = dir;
    this.verify = verify;
  }

  /**
   * @throws UserException if a file is missing, damaged or has the wrong checksum
   */
  Parts read() {
    return switch (set) {
      case MNIST, FASHION_MNIST, KMNIST ->
          new Parts(
              idx(Names.TRAIN_IMAGES, Names.TRAIN_LABELS),
              idx(Names.TEST_IMAGES, Names.TEST_LABELS),
              set.classNames(),
              "");
      case CIFAR10 -> cifar10();
      case SVHN -> new Parts(svhn(Names.SVHN_TRAIN), svhn(Names.SVHN_TEST), set.classNames(), "");
    };
  }

  private RawPart idx(String imagesName, String labelsName) {
    Path imagesPath = find(imagesName);
    Path labelsPath = find(labelsName);
    IdxFile images = IdxFile.parse(imagesPath, FileContent.read(imagesPath), 3);
    IdxFile labels = IdxFile.parse(labelsPath, FileContent.read(labelsPath), 1);
    int[] shape = set.shape();
    int[] found = images.shape();
    if (found[1] != shape[0] || found[2] != shape[1]) {
      throw new UserException(
          "%s: images of %d x %d, %s has %d x %d; this is the file of another data set"
              .formatted(imagesPath, found[1], found[2], set.id(), shape[0], shape[1]));
    }
    int count = found[0];
    if (labels.shape()[0] != count) {
      throw otherLength(imagesPath, count, labelsPath, labels.shape()[0]);
    }
    check(imagesName, imagesPath, images.content());
    check(labelsName, labelsPath, labels.content());
    int size = shape[0] * shape[1];
    byte[][] rows = new byte[count][size];
    int[] classes = new int[count];
    for (int i = 0; i < count; i++) {
      System.arraycopy(images.content(), images.values() + i * size, rows[i], 0, size);
      int at = labels.values() + i;
      classes[i] = inRange(labels.content()[at] & 0xFF, labelsPath, "byte " + at);
    }
    return new RawPart(ElementType.U1, shape, rows, classes);
  }

  private Parts cifar10() {
    List<byte[]> rows = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    for (int b = 1; b <= CIFAR_BATCHES; b++) {
      String name = "data_batch_" + b + ".bin";
      Optional<Path> path = set.file(name).find(dir);
      if (path.isPresent()) {
        CifarFile.read(path.get(), verified(name, path.get()), rows, labels);
      } else {
        missing.add(name);
      }
    }
    if (missing.size() == CIFAR_BATCHES) {
      throw missing(missing);
    }
    final RawPart train = CifarFile.part(rows, labels);
    rows.clear();
    labels.clear();
    Path test = find(Names.CIFAR_TEST);
    CifarFile.read(test, verified(Names.CIFAR_TEST, test), rows, labels);
    String shortage = "";
    if (!missing.isEmpty()) {
      shortage = dir + " lacks " + String.join(", ", missing) + "; " + fetchHint();
      LOG.warn("{}: {} training images only: {}", set.id(), train.count(), shortage);
    }
    return new Parts(train, CifarFile.part(rows, labels), set.classNames(), shortage);
  }

  private byte[] verified(String name, Path path) {
    byte[] content = FileContent.read(path);
    CifarFile.checkLength(path, content.length);
    check(name, path, content);
    return content;
  }

  private RawPart svhn(String name) {
    Path path = find(name);
    RawPart part = SvhnFile.read(path);
    check(name, path, null);
    return part;
  }

  private Path find(String name) {
    return set.file(name).find(dir).orElseThrow(() -> missing(List.of(name)));
  }

  private UserException missing(List<String> names) {
    List<String> places = names.stream().flatMap(name -> set.file(name).places().stream()).toList();
    return new UserException(
        "%s: data file missing: looked for %s; %s, or set dataset.dir to the folder that has them"
            .formatted(dir, String.join(", ", places), fetchHint()));
  }

  private String fetchHint() {
    return "`ntk data fetch " + set.id() + "` downloads the files";
  }

  private void check(String name, Path path, byte[] content) {
    if (!verify) {
      return;
    }
    FileVerdict verdict = FileVerdict.of(set.file(name), path, content);
    if (verdict.status() == FileVerdict.Status.WRONG) {
      throw new UserException(
          verdict.message()
              + "; delete it and run `ntk data fetch "
              + set.id()
              + "`, or set dataset.verify: false to use it as it is");
    }
    if (verdict.status() == FileVerdict.Status.NO_CHECKSUM) {
      LOG.info("{}", verdict.message());
    }
  }

  private int inRange(int label, Path path, String where) {
    if (label >= set.classNames().size()) {
      throw new UserException(
          "%s: %s: label %d; the labels of %s are 0 to %d"
              .formatted(path, where, label, set.id(), set.classNames().size() - 1));
    }
    return label;
  }

  static UserException otherLength(Path inputs, long count, Path labels, long found) {
    return new UserException(
        "%s: %,d labels for the %,d examples of %s; the two files don't belong together"
            .formatted(labels, found, count, inputs));
  }
}
