package io.github.reactivesqlite.benchmarks.report;

import java.io.PrintStream;

/**
 * A bar that grows. On a terminal it stays on one line; elsewhere a line is written now and then.
 */
public final class Progress {

  private static final int WIDTH = 30;
  private static final int PERCENT_PER_LINE = 10;

  private final PrintStream out;
  private final boolean terminal;
  private final int steps;
  private final long begun = System.nanoTime();
  private int done;
  private int written = -1;
  private int longest;

  /**
   * Nothing is written yet.
   *
   * @param terminal whether a line can be overwritten
   */
  public Progress(PrintStream out, boolean terminal, int steps) {
    this.out = out;
    this.terminal = terminal;
    this.steps = Math.max(1, steps);
  }

  /** A step begins. */
  public void begin(String label) {
    int percent = 100 * done / steps;
    if (terminal) {
      overwrite(line(percent, label));
    } else if (percent / PERCENT_PER_LINE != written) {
      written = percent / PERCENT_PER_LINE;
      out.println(line(percent, label));
    }
    done++;
  }

  /** The last step has ended. */
  public void end() {
    String line = line(100, "done");
    if (terminal) {
      overwrite(line);
      out.println();
    } else {
      out.println(line);
    }
  }

  private void overwrite(String line) {
    longest = Math.max(longest, line.length());
    out.print("\r" + line + " ".repeat(longest - line.length()));
    out.flush();
  }

  private String line(int percent, String label) {
    int filled = WIDTH * percent / 100;
    long seconds = (System.nanoTime() - begun) / 1_000_000_000;
    return "[%s%s] %3d %% %d:%02d %s"
        .formatted(
            "#".repeat(filled),
            ".".repeat(WIDTH - filled),
            percent,
            seconds / 60,
            seconds % 60,
            label);
  }
}
