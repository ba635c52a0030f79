package io.github.reactivesqlite.demo.scan;

import jakarta.annotation.PreDestroy;
import java.io.Console;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** Shows on the console how far a scan is: a bar on a terminal, a few lines elsewhere. */
@Component
public class ConsoleProgress {

  private static final Duration PACE = Duration.ofMillis(100);
  private static final int WIDTH = 30;
  private static final int STEPS_WITHOUT_TERMINAL = 4;

  private final PrintStream out = System.out;
  private final boolean terminal = isTerminal();
  // Printing blocks when the terminal does, so it has a thread of its own.
  private final Scheduler scheduler =
      Schedulers.newBoundedElastic(1, Integer.MAX_VALUE, "library-console", 60, true);
  private Disposable following = () -> {};
  private int step;
  private boolean ended = true;
  private @Nullable ScanReport latest;

  /**
   * Prints a line.
   *
   * @param text the line
   */
  public void line(String text) {
    out.println(text);
  }

  /**
   * Shows a scan until it ends, and then sums it up.
   *
   * @param scan how far it is
   */
  public synchronized void follow(Mono<ScanReport> scan) {
    following.dispose();
    step = 0;
    ended = false;
    following =
        Flux.interval(Duration.ZERO, PACE, scheduler)
            .onBackpressureDrop()
            .concatMap(tick -> scan, 1)
            .publishOn(scheduler)
            .takeUntil(report -> !report.state().running())
            .subscribe(this::show, error -> {});
  }

  /** Shows how far a scan is; its end only once. */
  synchronized void show(ScanReport report) {
    if (ended) {
      return;
    }
    latest = report;
    if (!report.state().running()) {
      ended = true;
      line((terminal ? "\r\u001B[K" : "") + summary(report));
    } else if (report.state() == ScanReport.State.INDEXING && report.files() > 0) {
      if (terminal) {
        out.print("\r\u001B[K" + bar(report));
        out.flush();
      } else if (report.filesDone() * STEPS_WITHOUT_TERMINAL / report.files() > step) {
        step = report.filesDone() * STEPS_WITHOUT_TERMINAL / report.files();
        line(bar(report));
      }
    }
  }

  static String bar(ScanReport report) {
    int filled = (int) ((long) WIDTH * report.filesDone() / Math.max(1, report.files()));
    return String.format(
        Locale.ROOT,
        "Indexing [%s%s] %3d %%  %,d of %,d files, %,d paragraphs, %d writes in flight",
        "#".repeat(filled),
        "-".repeat(WIDTH - filled),
        100L * report.filesDone() / Math.max(1, report.files()),
        report.filesDone(),
        report.files(),
        report.paragraphs(),
        report.writersInFlight());
  }

  static String summary(ScanReport report) {
    return String.format(
        Locale.ROOT,
        "%s after %.1f s: %,d files, %,d documents and %,d paragraphs written (%,d rows, %,d"
            + " rows/s), %,d unchanged, %,d left out, %,d unreadable, %,d removed%s; writers in"
            + " flight at most %d, lock waits %d ms, retries %d, failures %d",
        switch (report.state()) {
          case DONE -> "Scan finished";
          case FAILED -> "Scan failed" + reason(report);
          default -> "Scan interrupted, it goes on with the next start,";
        },
        report.seconds(),
        report.files(),
        report.documents(),
        report.paragraphs(),
        report.rows(),
        report.rowsPerSecond(),
        report.unchanged(),
        report.notText(),
        report.failed(),
        report.removed(),
        report.complete() ? "" : " (some files or folders were left out)",
        report.mostWritersInFlight(),
        report.lock().waitMillis(),
        report.lock().retries(),
        report.lock().failures());
  }

  private static String reason(ScanReport report) {
    return report.problems().isEmpty() ? "" : " (" + report.problems().get(0).reason() + ")";
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

  @PreDestroy
  synchronized void close() {
    following.dispose();
    if (!ended && latest != null && latest.state().running()) {
      line((terminal ? "\r\u001B[K" : "") + summary(latest));
    }
    scheduler.dispose();
  }
}
