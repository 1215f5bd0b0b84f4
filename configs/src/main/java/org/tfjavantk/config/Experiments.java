package org.tfjavantk.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The ready configs that come with the program, from {@code configs/experiments}. */
public final class Experiments {
  private static final String FOLDER = "experiments";
  private static final String EXTENSION = ".textproto";

  private Experiments() {}

  /**
   * A ready config.
   *
   * @param name its path in the folder, with / and without the extension
   * @param description its first paragraph of comments, on one line
   * @param text the whole file
   */
  public record Experiment(String name, String description, String text) {}

  /** All ready configs by name. */
  public static List<Experiment> list() {
    return list(Experiments.class.getClassLoader());
  }

  static List<Experiment> list(ClassLoader loader) {
    URL folder = loader.getResource(FOLDER);
    if (folder == null) {
      throw new IllegalStateException("the folder " + FOLDER + " is not on the class path");
    }
    try {
      URI uri = folder.toURI();
      if (!"jar".equals(uri.getScheme())) {
        return read(Path.of(uri));
      }
      try (FileSystem jar = FileSystems.newFileSystem(archive(uri), Map.of())) {
        return read(jar.getPath(FOLDER));
      }
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code jar:file:/a.jar!/experiments} is in {@code /a.jar}. */
  private static Path archive(URI uri) {
    String specific = uri.getRawSchemeSpecificPart();
    return Path.of(URI.create(specific.substring(0, specific.indexOf("!/"))));
  }

  /**
   * The ready config with this name, with or without {@code .textproto}, alone or behind {@code
   * experiments/} or {@code configs/experiments/}.
   */
  public static Optional<Experiment> find(String nameOrPath) {
    String name = nameOrPath.replace('\\', '/').replaceFirst("^(\\./)?(configs/)?experiments/", "");
    String plain =
        name.endsWith(EXTENSION) ? name.substring(0, name.length() - EXTENSION.length()) : name;
    return list().stream().filter(experiment -> experiment.name().equals(plain)).findFirst();
  }

  private static List<Experiment> read(Path folder) throws IOException {
    List<Experiment> experiments = new ArrayList<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(EXTENSION)).toList()) {
        String path = folder.relativize(file).toString().replace('\\', '/');
        String text = Files.readString(file);
        experiments.add(
            new Experiment(
                path.substring(0, path.length() - EXTENSION.length()), description(text), text));
      }
    }
    experiments.sort(Comparator.comparing(Experiment::name));
    return List.copyOf(experiments);
  }

  private static String description(String text) {
    return String.join(
        " ",
        text.lines()
            .takeWhile(line -> line.startsWith("#") && !line.substring(1).isBlank())
            .map(line -> line.substring(1).strip())
            .toList());
  }
}
