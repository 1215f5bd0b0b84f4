package org.tfjavantk.cli;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.List;
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
    PrintStream screen = screen(System.getProperty("ntk.stderr"));
    PrintWriter err = new PrintWriter(screen, true);
    // The launcher looks whether stderr is a terminal; Java itself can only ask for stdout.
    boolean terminal = Boolean.getBoolean("ntk.terminal") || System.console() != null;
    ProgressDisplay display =
        new ProgressDisplay(
            err, terminal, Integer.getInteger("ntk.columns", 100), System::nanoTime);
    System.setErr(new PrintStream(new AfterBar(screen, display), true));
    System.exit(Ntk.execute(Workshop.standard(display), out, err, arguments));
  }

  /**
   * What people see. The launcher filters what native code prints to stderr and gives the
   * unfiltered stderr under another name; where that cannot be opened, the filtered one serves as
   * well.
   */
  private static PrintStream screen(String unfiltered) {
    if (unfiltered == null) {
      return System.err;
    }
    try {
      return new PrintStream(new FileOutputStream(unfiltered, true), true);
    } catch (FileNotFoundException e) {
      return System.err;
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
