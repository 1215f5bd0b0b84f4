package org.tfjavantk.cli.run;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.tfjavantk.cli.report.Numbers;

/**
 * Shows how far a run is: on a terminal a bar with rate and remaining time, drawn over again;
 * elsewhere a plain line every few seconds. Every step ends with a line that stays.
 */
public final class ProgressDisplay implements Progress {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 5_000_000_000L;
  private static final int BAR = 24;

  private final PrintWriter out;
  private final boolean terminal;
  private final int columns;
  private final LongSupplier nanos;

  private String step = "";
  private String unit = "";
  private String words = "";
  private long total;
  private long done;
  private long before;
  private long begun;
  private long drawn;
  private boolean barVisible;

  /**
   * @param out where it is shown
   * @param terminal whether that is a terminal, on which a line can be drawn over again
   * @param columns the width of the terminal
   * @param nanos the time, as {@link System#nanoTime} gives it
   */
  public ProgressDisplay(PrintWriter out, boolean terminal, int columns, LongSupplier nanos) {
    this.out = out;
    this.terminal = terminal;
    this.columns = Math.max(40, columns);
    this.nanos = nanos;
  }

  /** A step begins; {@code label} stands before all its lines, "[2/4] spectrum". */
  synchronized void stepStarted(String label) {
    step = label;
    total = 0;
    words = "";
    drawn = nanos.getAsLong();
    if (terminal) {
      bar(step + " ...");
    } else {
      line(step + ": started");
    }
  }

  /** The step is over; {@code how} ends its last line. */
  synchronized void stepEnded(String label, String how) {
    erase();
    line(label + ": " + how);
    total = 0;
  }

  @Override
  public synchronized void start(long newTotal, String newUnit) {
    total = newTotal;
    unit = newUnit;
    done = 0;
    before = 0;
    words = "";
    begun = nanos.getAsLong();
    show(terminal);
  }

  @Override
  public synchronized void resumed(long doneBefore) {
    done += doneBefore;
    before += doneBefore;
    show(terminal);
  }

  @Override
  public synchronized void advance(long units) {
    done += units;
    show(done >= total && terminal);
  }

  @Override
  public synchronized void note(String newWords) {
    words = newWords;
    show(false);
  }

  @Override
  public synchronized void message(String text) {
    boolean again = barVisible;
    erase();
    line(text);
    if (again) {
      show(true);
    }
  }

  /** Takes the bar off the screen, so that others can write. */
  public synchronized void erase() {
    if (barVisible) {
      out.print("\r\u001b[K");
      out.flush();
      barVisible = false;
    }
  }

  private void show(boolean now) {
    long time = nanos.getAsLong();
    if (total <= 0 || !now && time - drawn < (terminal ? REDRAW_NANOS : PLAIN_NANOS)) {
      return;
    }
    drawn = time;
    double seconds = (time - begun) / 1e9;
    StringBuilder text = new StringBuilder(step).append(terminal ? " " : ": ");
    if (terminal) {
      int full = (int) Math.min(BAR, BAR * done / total);
      text.append('[').append("=".repeat(full)).append(full < BAR ? ">" : "");
      text.append(" ".repeat(Math.max(0, BAR - full - 1))).append("] ");
    }
    text.append(
        String.format(Locale.ROOT, "%3d%%  %d/%d %s", 100 * done / total, done, total, unit));
    long mine = done - before;
    if (mine > 0 && seconds > 0) {
      double rate = mine / seconds;
      text.append("  ").append(Numbers.brief(rounded(rate))).append(' ').append(unit).append("/s");
      if (done < total) {
        text.append("  ").append(Numbers.duration((total - done) / rate)).append(" left");
      }
    }
    if (!words.isEmpty()) {
      text.append("  ").append(words);
    }
    if (terminal) {
      bar(text.toString());
    } else {
      line(text.toString());
    }
  }

  private static double rounded(double rate) {
    double unit = Math.pow(10, Math.floor(Math.log10(rate)) - 1);
    return rate >= 100 ? Math.rint(rate) : Math.rint(rate / unit) * unit;
  }

  private void bar(String text) {
    String shown = text.length() < columns ? text : text.substring(0, columns - 1);
    out.print("\r\u001b[K" + shown);
    out.flush();
    barVisible = true;
  }

  private void line(String text) {
    out.println(text);
    out.flush();
  }
}
