package org.tfjavantk.cli.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.Environment;
import org.tfjavantk.cli.files.Json;
import org.tfjavantk.cli.files.RunFiles;
import org.tfjavantk.cli.files.RunProgress;
import org.tfjavantk.cli.files.StepProgress;
import org.tfjavantk.config.Bytes;

/**
 * report.html, one file that needs no other: style and pictures are inside. It is made from the
 * files of the run directory alone, so it can be made again at any time.
 */
public final class HtmlReport {
  private final Path directory;
  private final String name;
  private final RunProgress progress;
  private final StringBuilder html = new StringBuilder();

  private HtmlReport(Path directory, String name) throws IOException {
    this.directory = directory;
    this.name = name;
    this.progress = RunProgress.read(directory);
  }

  /**
   * Writes the report of a run directory.
   *
   * @param name of the run, the title of the report
   * @return the file
   * @throws IOException when a file of the run cannot be read or the report cannot be written
   */
  public static Path write(Path directory, String name) throws IOException {
    Path file = directory.resolve(RunFiles.REPORT);
    AtomicFiles.write(file, new HtmlReport(directory, name).text());
    return file;
  }

  /**
   * The sections in a run directory, in the order of the steps: by the number before the first
   * hyphen of their file names.
   *
   * @throws IOException when one cannot be read
   */
  public static List<ReportSection> sections(Path directory) throws IOException {
    List<ReportSection> sections = new ArrayList<>();
    for (Path file : sectionFiles(directory)) {
      sections.add(ReportSection.read(file));
    }
    return sections;
  }

  private static List<Path> sectionFiles(Path directory) throws IOException {
    Path folder = directory.resolve(RunFiles.SECTIONS);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("[0-9]+-.*\\.json"))
          .sorted(Comparator.comparingInt(HtmlReport::number))
          .toList();
    }
  }

  private static int number(Path sectionFile) {
    String file = sectionFile.getFileName().toString();
    return Integer.parseInt(file.substring(0, file.indexOf('-')));
  }

  private String text() throws IOException {
    html.append("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append(Html.element("title", name));
    html.append("<style>\n").append(style()).append("</style>\n</head>\n<body>\n");
    head();
    for (Path file : sectionFiles(directory)) {
      section(number(file), ReportSection.read(file));
    }
    variants();
    steps();
    config();
    environment();
    return html.append("</body>\n</html>\n").toString();
  }

  private void head() throws IOException {
    long done = progress.steps().stream().filter(HtmlReport::done).count();
    int all = progress.steps().size();
    html.append("<header>\n<h1>").append(Html.escape(name));
    html.append("<span class=\"badge ").append(done == all ? "done" : "stopped").append("\">");
    html.append(done == all ? "complete" : done + " of " + all + " steps done");
    html.append("</span></h1>\n<p class=\"under\">");
    double seconds = progress.steps().stream().mapToDouble(StepProgress::seconds).sum();
    StringBuilder line = new StringBuilder(Numbers.duration(seconds)).append(" of work");
    Path file = directory.resolve(RunFiles.ENVIRONMENT);
    if (Files.exists(file)) {
      Environment environment = Json.read(file, Environment.class);
      line.append(" · started ").append(environment.started());
      line.append(" · seed ").append(environment.seed());
      line.append(" · tfjava-ntk ").append(environment.ntk());
    }
    html.append(Html.escape(line.toString())).append("</p>\n</header>\n");
  }

  private static boolean done(StepProgress step) {
    return step.state() == StepProgress.State.DONE;
  }

  private void section(int number, ReportSection section) throws IOException {
    html.append("<section>\n<h2>").append(Html.escape(section.title()));
    if (number >= 1 && number <= progress.steps().size()) {
      StepProgress step = progress.step(number - 1);
      html.append("<small>step ").append(number).append(", ");
      html.append(Html.escape(Numbers.duration(step.seconds()))).append("</small>");
    }
    html.append("</h2>\n");
    if (!section.figures().isEmpty()) {
      html.append("<div class=\"figures\">\n");
      for (ReportSection.Figure figure : section.figures()) {
        html.append("<div><b>").append(Html.escape(figure.text())).append("</b><span>");
        html.append(Html.escape(figure.name().replace('_', ' '))).append("</span></div>\n");
      }
      html.append("</div>\n");
    }
    for (String warning : section.warnings()) {
      html.append("<p class=\"warning\">").append(Html.escape(warning)).append("</p>\n");
    }
    section.paragraphs().forEach(text -> html.append(Html.element("p", text)));
    if (!section.pictures().isEmpty()) {
      html.append("<div class=\"pictures\">\n");
      for (ReportSection.Picture picture : section.pictures()) {
        picture(picture);
      }
      html.append("</div>\n");
    }
    section.tables().forEach(table -> html.append(Html.table(table)));
    html.append("</section>\n");
  }

  private void picture(ReportSection.Picture picture) throws IOException {
    Path file = directory.resolve(picture.png());
    if (!Files.exists(file)) {
      html.append(Html.element("p", "The picture " + picture.png() + " is no longer there."));
      return;
    }
    html.append("<figure><img alt=\"").append(Html.escape(picture.caption()));
    html.append("\" src=\"data:image/png;base64,");
    html.append(Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
    html.append("\"><figcaption>").append(Html.escape(picture.caption()));
    html.append("</figcaption></figure>\n");
  }

  /** The runs of a sweep have reports of their own. */
  private void variants() {
    List<String> labels =
        progress.steps().stream()
            .map(StepProgress::title)
            .filter(label -> Files.exists(directory.resolve(label).resolve(RunFiles.REPORT)))
            .toList();
    if (labels.isEmpty()) {
      return;
    }
    html.append("<section>\n<h2>Reports of the runs</h2>\n<ul>\n");
    for (String label : labels) {
      String address = label.replace("%", "%25").replace("#", "%23").replace("?", "%3F");
      html.append("<li><a href=\"./").append(Html.escape(address)).append("/report.html\">");
      html.append(Html.escape(label)).append("</a></li>\n");
    }
    html.append("</ul>\n</section>\n");
  }

  private void steps() {
    html.append("<section>\n<h2>Steps</h2>\n");
    List<List<String>> rows = new ArrayList<>();
    for (StepProgress step : progress.steps()) {
      rows.add(
          List.of(
              Integer.toString(rows.size() + 1),
              step.title(),
              step.state().name().toLowerCase(Locale.ROOT),
              Numbers.duration(step.seconds()),
              step.peakBytes() == 0 ? "" : Bytes.format(step.peakBytes()),
              Integer.toString(step.attempts()),
              String.join(", ", step.files())));
    }
    html.append(
        Html.table(
            new ReportSection.Table(
                "", List.of("", "step", "state", "time", "peak memory", "starts", "files"), rows)));
    html.append("</section>\n");
  }

  private void config() throws IOException {
    Path file = directory.resolve(RunFiles.CONFIG);
    if (Files.exists(file)) {
      html.append("<section>\n<h2>Config<small>as resolved, every default written out</small>");
      html.append("</h2>\n<pre>").append(Html.escape(Files.readString(file)));
      html.append("</pre>\n</section>\n");
    }
  }

  private void environment() throws IOException {
    Path file = directory.resolve(RunFiles.ENVIRONMENT);
    if (Files.exists(file)) {
      Environment environment = Json.read(file, Environment.class);
      html.append("<section>\n<h2>Environment</h2>\n");
      html.append(Html.facts(EnvironmentFacts.of(environment))).append("</section>\n");
    }
  }

  private static String style() {
    try (InputStream css = HtmlReport.class.getResourceAsStream("report.css")) {
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
