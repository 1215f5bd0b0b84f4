package org.tfjavantk.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file of a public data set.
 *
 * @param name as published, e.g. {@code train-images-idx3-ubyte.gz}
 * @param contentSha256 SHA-256 of the content after decompression, which doesn't depend on the
 *     compressor's settings; null where it isn't known
 * @param md5 published MD5 of the file itself; null where {@code contentSha256} serves
 */
public record KnownFile(String name, String contentSha256, String md5) {
  private static final String GZ = ".gz";

  static KnownFile content(String name, String sha256) {
    return new KnownFile(name, sha256, null);
  }

  static KnownFile md5(String name, String md5) {
    return new KnownFile(name, null, md5);
  }

  /** The places, relative to the data folder, where the file is looked for, in this order. */
  public List<String> places() {
    List<String> places = new ArrayList<>(List.of(name));
    if (name.endsWith(GZ)) {
      places.add(name.substring(0, name.length() - GZ.length()));
    }
    if (name.endsWith(".bin")) {
      places.add("cifar-10-batches-bin/" + name);
    }
    return places;
  }

  /** The file as it lies in {@code dir}, compressed or not. */
  public Optional<Path> find(Path dir) {
    return places().stream().map(dir::resolve).filter(Files::isRegularFile).findFirst();
  }
}
