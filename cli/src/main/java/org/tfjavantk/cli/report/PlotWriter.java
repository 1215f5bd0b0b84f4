package org.tfjavantk.cli.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.tfjavantk.cli.files.AtomicFiles;
import org.tfjavantk.cli.files.RunFiles;

/**
 * Writes plots into a run directory, {@code plots/<name>.png} and {@code .svg}. A Java without
 * fonts cannot draw: then nothing is written, one sentence says what to install, and the run goes
 * on.
 */
public final class PlotWriter {
  /** What to do where Java cannot draw. */
  public static final String NO_FONTS =
      "The plots were left out because Java finds no fonts on this machine; install them"
          + " (Debian, Ubuntu: apt install fontconfig fonts-dejavu-core; Fedora: dnf install"
          + " fontconfig dejavu-sans-fonts) and run the same command with --fresh, or in another"
          + " directory, to get them.";

  private static final Logger LOG = LoggerFactory.getLogger(PlotWriter.class);

  private final Path directory;
  private final boolean wanted;
  private final PlotRenderer renderer;
  private boolean unable;

  /**
   * @param directory the run directory
   * @param wanted whether the config asks for plots; if not, none is written
   */
  public PlotWriter(Path directory, boolean wanted) {
    this(directory, wanted, new PlotRenderer());
  }

  PlotWriter(Path directory, boolean wanted, PlotRenderer renderer) {
    this.directory = directory;
    this.wanted = wanted;
    this.renderer = renderer;
  }

  /**
   * Writes a plot.
   *
   * @param name of the files, without ending
   * @param caption stands below the picture in the report
   * @return what to put into a {@link ReportSection}; empty where plots aren't wanted or Java
   *     cannot draw
   * @throws IOException when a file cannot be written
   */
  public Optional<ReportSection.Picture> write(String name, Plot plot, String caption)
      throws IOException {
    if (!wanted || unable) {
      return Optional.empty();
    }
    byte[] png;
    byte[] svg;
    try {
      png = renderer.png(plot);
      svg = renderer.svg(plot);
    } catch (RuntimeException | LinkageError | InternalError e) {
      if (!fromFonts(e)) {
        throw e;
      }
      unable = true;
      LOG.warn(NO_FONTS);
      LOG.debug("Java cannot draw", e);
      return Optional.empty();
    }
    String base = RunFiles.PLOTS + "/" + name;
    AtomicFiles.write(directory.resolve(base + ".png"), png);
    AtomicFiles.write(directory.resolve(base + ".svg"), svg);
    return Optional.of(new ReportSection.Picture(base + ".png", base + ".svg", caption));
  }

  /** Whether a plot was left out because Java cannot draw here; {@link #NO_FONTS} says it. */
  public boolean unable() {
    return unable;
  }

  /**
   * Whether Java's font system failed: its classes stand in the stack trace. That is all that the
   * many ways of it have in common: a RuntimeException about fontconfig, an UnsatisfiedLinkError
   * for libfreetype, a NoClassDefFoundError for a class whose initialisation failed before.
   */
  private static boolean fromFonts(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof LinkageError) {
        return true;
      }
      for (StackTraceElement frame : cause.getStackTrace()) {
        if (frame.getClassName().startsWith("sun.font.")
            || frame.getClassName().startsWith("sun.awt.")) {
          return true;
        }
      }
    }
    return false;
  }
}
