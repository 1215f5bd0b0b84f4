package org.tfjavantk.cli;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import org.tfjavantk.cli.run.ProgressDisplay;

/** Where Java starts. */
public final class Main {
  private Main() {}

  /** Runs the command line and ends the process with its exit status. */
  public static void main(String[] arguments) {
    if (List.of(arguments).contains(Failures.VERBOSE)) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "info");
    }
    PrintWriter out = new PrintWriter(System.out, true);
    Optional<PrintStream> terminal = terminal();
    PrintStream screen = terminal.orElse(System.err);
    PrintWriter err = new PrintWriter(screen, true);
    ProgressDisplay display =
        new ProgressDisplay(
            err, terminal.isPresent(), Integer.getInteger("ntk.columns", 100), System::nanoTime);
    System.setErr(new PrintStream(new AfterBar(screen, display), true));
    System.exit(Ntk.execute(Workshop.standard(display), out, err, arguments));
  }

  /**
   * The terminal, where the launcher found that stderr is one. Java's own stderr goes through the
   * launcher's filter, which passes whole lines only.
   */
  private static Optional<PrintStream> terminal() {
    String device = System.getProperty("ntk.terminal");
    if (device == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new PrintStream(new FileOutputStream(device), true));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Log lines don't run into the bar. */
  private static final class AfterBar extends FilterOutputStream {
    private final ProgressDisplay display;

    AfterBar(PrintStream screen, ProgressDisplay display) {
      super(screen);
      this.display = display;
    }

    @Override
    public void write(int oneByte) throws IOException {
      display.erase();
      out.write(oneByte);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      display.erase();
      out.write(bytes, from, count);
    }
  }
}
