package io.github.reactivesqlite.demo.lab;

import java.io.Console;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A bar per step: one that moves on a terminal, some lines elsewhere. */
final class LabProgress implements Consumer<LabEvent> {

  private static final int WIDTH = 24;

  private final PrintStream out;
  private final boolean terminal;
  private List<String> steps = List.of();
  private LabEvent.@Nullable Tick last;
  private boolean halfway;

  LabProgress(PrintStream out) {
    this(out, isTerminal());
  }

  // Newer JDKs have a console without a terminal, and a method to tell, which JDK 17 lacks.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean isTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
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
    } else if (event instanceof LabEvent.StepEnded) {
      out.println(terminal || last == null ? "" : bar(last));
      halfway = false;
    } else if (event instanceof LabEvent.Ended ended) {
      out.println((terminal ? "\n" : "") + "  " + ended.message());
    }
    out.flush();
  }

  private void show(LabEvent.Tick tick) {
    last = tick;
    if (terminal) {
      out.print("\r\u001B[K" + bar(tick));
    } else if (tick.fraction() >= 0.5 && tick.fraction() < 1 && !halfway) {
      halfway = true;
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
