package org.tfjavantk.data;

import java.util.List;
import java.util.Optional;

/** The public data sets that are read from their published files. */
public enum KnownSet {
  MNIST(
      "mnist",
      "MNIST handwritten digits",
      digits(),
      new int[] {28, 28, 1},
      60_000,
      10_000,
      "CC BY-SA 3.0",
      "LeCun, Cortes, Burges: the MNIST database of handwritten digits",
      List.of(
          "https://ossci-datasets.s3.amazonaws.com/mnist/",
          "https://storage.googleapis.com/cvdf-datasets/mnist/"),
      List.of(
          KnownFile.content(
              Names.TRAIN_IMAGES,
              "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
          KnownFile.content(
              Names.TRAIN_LABELS,
              "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
          KnownFile.content(
              Names.TEST_IMAGES,
              "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
          KnownFile.content(
              Names.TEST_LABELS,
              "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2")),
      null),

  FASHION_MNIST(
      "fashion_mnist",
      "Fashion-MNIST articles of clothing",
      List.of(
          "T-shirt/top",
          "Trouser",
          "Pullover",
          "Dress",
          "Coat",
          "Sandal",
          "Shirt",
          "Sneaker",
          "Bag",
          "Ankle boot"),
      new int[] {28, 28, 1},
      60_000,
      10_000,
      "MIT",
      "Xiao, Rasul, Vollgraf 2017 (Zalando SE)",
      List.of(
          "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
          "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
      List.of(
          KnownFile.content(
              Names.TRAIN_IMAGES,
              "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
          KnownFile.content(
              Names.TRAIN_LABELS,
              "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
          KnownFile.content(
              Names.TEST_IMAGES,
              "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
          KnownFile.content(
              Names.TEST_LABELS,
              "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34")),
      null),

  KMNIST(
      "kmnist",
      "Kuzushiji-MNIST cursive hiragana",
      List.of("o", "ki", "su", "tsu", "na", "ha", "ma", "ya", "re", "wo"),
      new int[] {28, 28, 1},
      60_000,
      10_000,
      "CC BY-SA 4.0",
      "\"KMNIST Dataset\" (created by CODH), adapted from \"Kuzushiji Dataset\" (created by NIJL and"
          + " others), doi:10.20676/00000341",
      List.of("http://codh.rois.ac.jp/kmnist/dataset/kmnist/"),
      List.of(
          KnownFile.md5(Names.TRAIN_IMAGES, "bdb82020997e1d708af4cf47b453dcf7"),
          KnownFile.md5(Names.TRAIN_LABELS, "e144d726b3acfaa3e44228e80efcd344"),
          KnownFile.content(
              Names.TEST_IMAGES,
              "76fbd229ce87db80dd281af5e6670de4ad0e42fb30a7bd643972994c47c1f42e"),
          KnownFile.content(
              Names.TEST_LABELS,
              "a11dc742be8e781a40a92f53d6a4957e7b7d36df2faa097659131ebfd8fd60c6")),
      null),

  CIFAR10(
      "cifar10",
      "CIFAR-10 colour photographs",
      List.of(
          "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck"),
      new int[] {32, 32, 3},
      50_000,
      10_000,
      "none stated; free to use with citation by custom",
      "Krizhevsky: Learning Multiple Layers of Features from Tiny Images, 2009",
      List.of("https://www.cs.toronto.edu/~kriz/"),
      List.of(
          KnownFile.content(
              "data_batch_1.bin",
              "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5"),
          KnownFile.content(
              "data_batch_2.bin",
              "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed"),
          KnownFile.content(
              "data_batch_3.bin",
              "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67"),
          KnownFile.content(
              "data_batch_4.bin",
              "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48"),
          KnownFile.content(
              "data_batch_5.bin",
              "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add"),
          KnownFile.content(
              Names.CIFAR_TEST,
              "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b")),
      KnownFile.md5("cifar-10-binary.tar.gz", "c32a1d4ab5d03f1284b67883e8d87530")),

  SVHN(
      "svhn",
      "Street View House Numbers, cropped digits",
      digits(),
      new int[] {32, 32, 3},
      73_257,
      26_032,
      "non-commercial use only",
      "Netzer, Wang, Coates, Bissacco, Wu, Ng: Reading Digits in Natural Images, 2011",
      List.of("http://ufldl.stanford.edu/housenumbers/"),
      List.of(
          KnownFile.md5(Names.SVHN_TRAIN, "e26dedcc434d2e4c54c9b2d4a06d8373"),
          KnownFile.md5(Names.SVHN_TEST, "eb5a983be6a315427106f1b164d9cef3")),
      null);

  /** File names that the readers ask for. */
  static final class Names {
    static final String TRAIN_IMAGES = "train-images-idx3-ubyte.gz";
    static final String TRAIN_LABELS = "train-labels-idx1-ubyte.gz";
    static final String TEST_IMAGES = "t10k-images-idx3-ubyte.gz";
    static final String TEST_LABELS = "t10k-labels-idx1-ubyte.gz";
    static final String CIFAR_TEST = "test_batch.bin";
    static final String SVHN_TRAIN = "train_32x32.mat";
    static final String SVHN_TEST = "test_32x32.mat";

    private Names() {}
  }

  private final String id;
  private final String title;
  private final List<String> classNames;
  private final int[] shape;
  private final int trainCount;
  private final int testCount;
  private final String licence;
  private final String credit;
  private final List<String> mirrors;
  private final List<KnownFile> files;
  private final KnownFile archive;

  KnownSet(
      String id,
      String title,
      List<String> classNames,
      int[] shape,
      int trainCount,
      int testCount,
      String licence,
      String credit,
      List<String> mirrors,
      List<KnownFile> files,
      KnownFile archive) {
    this.id = id;
    this.title = title;
    this.classNames = classNames;
    this.shape = shape;
    this.trainCount = trainCount;
    this.testCount = testCount;
    this.licence = licence;
    this.credit = credit;
    this.mirrors = mirrors;
    this.files = files;
    this.archive = archive;
  }

  /** The name in a config and of the default folder, e.g. {@code fashion_mnist}. */
  public String id() {
    return id;
  }

  /** A few words for a list. */
  public String title() {
    return title;
  }

  public List<String> classNames() {
    return classNames;
  }

  /** The shape of an image: height, width, channels. */
  public int[] shape() {
    return shape.clone();
  }

  /** Images in the published training part. */
  public int trainCount() {
    return trainCount;
  }

  /** Images in the published test part. */
  public int testCount() {
    return testCount;
  }

  public String licence() {
    return licence;
  }

  /** Who made it. */
  public String credit() {
    return credit;
  }

  /** Folders on the web that hold the published files. */
  public List<String> mirrors() {
    return mirrors;
  }

  /** The files that are read. */
  public List<KnownFile> files() {
    return files;
  }

  /** The one archive that holds the files, where they are published in that way. */
  public Optional<KnownFile> archive() {
    return Optional.ofNullable(archive);
  }

  KnownFile file(String name) {
    return files.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow();
  }

  private static List<String> digits() {
    return List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
  }
}
