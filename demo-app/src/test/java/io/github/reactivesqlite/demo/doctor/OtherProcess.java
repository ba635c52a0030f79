package io.github.reactivesqlite.demo.doctor;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/** Another process that has a database open and is in the middle of a transaction. */
final class OtherProcess implements AutoCloseable {

  private static final Duration LONG = Duration.ofSeconds(60);

  private final Process process;
  private final BufferedReader answers;
  private final PrintStream orders;

  private OtherProcess(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  static OtherProcess writingTo(Path database) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                database.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    OtherProcess other = new OtherProcess(process);
    other.awaitAnswer("writing");
    return other;
  }

  long id() {
    return process.pid();
  }

  /** Lets it commit, and says how many rows it sees afterwards. */
  void commitAndClose() throws IOException {
    orders.println("commit");
    awaitAnswer("committed 2");
    awaitAnswer("closed");
  }

  /** The process answers after a bounded time or ends, so this is bounded too. */
  private void awaitAnswer(String expected) throws IOException {
    for (String line = answers.readLine(); line != null; line = answers.readLine()) {
      if (line.endsWith(expected)) {
        return;
      }
    }
    throw new AssertionError("The other process ended before it said: " + expected);
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly();
    if (!process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("The other process does not end");
    }
  }

  public static void main(String[] arguments) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (SqliteDatabase database = SqliteDatabase.open(Path.of(arguments[0]))) {
      Sinks.Empty<Void> commit = Sinks.empty();
      Mono<Void> transaction =
          database
              .with(OperationOptions.labelled("other").transactionTimeout(LONG))
              .withTransaction(
                  open ->
                      open.update("INSERT INTO t (x) VALUES (2)")
                          .rowsUpdated()
                          .doOnNext(rows -> System.out.println("writing"))
                          .then(commit.asMono()));
      var end = transaction.toFuture();
      Objects.requireNonNull(orders.readLine());
      commit.tryEmitEmpty();
      end.orTimeout(LONG.toSeconds(), TimeUnit.SECONDS).join();
      List<Long> rows =
          database.query("SELECT x FROM t").mapTo(Long.class).all().collectList().block(LONG);
      System.out.println("committed " + rows.size());
    }
    System.out.println("closed");
  }
}
