package io.github.reactivesqlite.demo.lab;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** A bar per step: one that moves on a terminal, some lines elsewhere. */
final class LabProgress implements Consumer<LabEvent> {

  private static final int WIDTH = 24;
  private static final int LINES_WITHOUT_TERMINAL = 2;

  private final PrintStream out;
  private final boolean terminal;
  private List<String> steps = List.of();
  private int shown;

  LabProgress(PrintStream out) {
    this(out, System.console() != null && System.getenv("TERM") != null);
  }

  LabProgress(PrintStream out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  @Override
  public void accept(LabEvent event) {
    if (event instanceof LabEvent.Begun begun) {
      steps = begun.steps();
    } else if (event instanceof LabEvent.Tick tick) {
      show(tick);
    } else if (event instanceof LabEvent.StepEnded ended) {
      shown = 0;
      if (terminal) {
        out.println();
      }
    } else if (event instanceof LabEvent.Ended ended) {
      out.println((terminal ? "\n" : "") + "  " + ended.message());
    }
    out.flush();
  }

  private void show(LabEvent.Tick tick) {
    if (terminal) {
      out.print("\r\u001B[K" + bar(tick));
    } else if (tick.fraction() >= 1
        || (int) (tick.fraction() * LINES_WITHOUT_TERMINAL) > shown) {
      shown = (int) (tick.fraction() * LINES_WITHOUT_TERMINAL);
      out.println(bar(tick));
    }
  }

  private String bar(LabEvent.Tick tick) {
    int filled = (int) Math.round(WIDTH * tick.fraction());
    return String.format(
        Locale.ROOT,
        "  %-16s [%s%s] %3.0f %%  %5.1f s  %,d done, %,d lock errors, %,d retries",
        steps.get(tick.step()),
        "#".repeat(filled),
        "-".repeat(WIDTH - filled),
        100 * tick.fraction(),
        tick.seconds(),
        tick.operations(),
        tick.lockErrors(),
        tick.retries());
  }
}
