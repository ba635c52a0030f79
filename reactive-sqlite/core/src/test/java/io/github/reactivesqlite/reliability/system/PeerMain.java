package io.github.reactivesqlite.reliability.system;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.system.Trials.Answer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** The program of a {@link Peer}: a command a line, an answer a line. */
final class PeerMain {

  static final String ANSWER = "answer ";

  private final SqliteDatabase database;
  private final Trials trials;
  private @Nullable Load load;
  private Bounded.@Nullable Outcome<Answer> pending;

  private PeerMain(SqliteDatabase database, Trials trials) {
    this.database = database;
    this.trials = trials;
  }

  public static void main(String[] arguments) throws Exception {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (SqliteDatabase database = SqliteDatabase.open(Path.of(arguments[0]));
        Trials trials = new Trials(Path.of(arguments[1]), Long.parseLong(arguments[2]))) {
      Trials.prepare(database);
      PeerMain peer = new PeerMain(database, trials);
      System.out.println(ANSWER + "ready");
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String answer = peer.obey(line.split(" "));
        System.out.println(ANSWER + answer);
        if (line.equals("close")) {
          return;
        }
      }
      Runtime.getRuntime().halt(1);
    }
  }

  private String obey(String[] words) throws Exception {
    return switch (words[0]) {
      case "write" -> describe(trials.write(database, Way.valueOf(words[1])));
      case "start" -> {
        long millis = Long.parseLong(words[2]);
        OperationOptions hasty = OperationOptions.none().lockTimeout(Duration.ofMillis(millis));
        pending = Bounded.start(trials.attempt(database.with(hasty), Way.valueOf(words[1])));
        yield "started";
      }
      case "hang" -> {
        pending = Bounded.start(hang(Duration.ofMillis(Long.parseLong(words[1]))));
        yield "started";
      }
      case "await" -> describe(Objects.requireNonNull(Objects.requireNonNull(pending).value()));
      case "read" -> read();
      case "hog" -> hog(Hog.valueOf(words[1]));
      case "release" -> {
        Bounded.get(database.maintenance().releaseIdle());
        yield "released";
      }
      case "load" -> {
        load = new Load(trials, database, Way.REPEATABLE, Integer.parseInt(words[1]));
        yield "loaded";
      }
      case "acknowledged" -> Long.toString(loaded().acknowledged());
      case "calm" -> {
        loaded().stop();
        yield loaded() + ", unanswered " + trials.unanswered();
      }
      case "classes" -> loadClasses() + " classes";
      case "now" -> Long.toString(System.currentTimeMillis());
      case "close" -> {
        database.close();
        yield "closed, unanswered " + trials.unanswered();
      }
      default -> throw new IllegalArgumentException(words[0]);
    };
  }

  private Load loaded() {
    return Objects.requireNonNull(load);
  }

  /**
   * A transaction that never comes to an end by itself; not in the ledger, as it writes nothing.
   */
  private Mono<Answer> hang(Duration timeout) {
    long begun = System.nanoTime();
    return database
        .with(OperationOptions.none().transactionTimeout(timeout))
        .withTransaction(transaction -> Mono.<Long>never())
        .then()
        .materialize()
        .map(end -> Trials.answer(end.getThrowable(), begun));
  }

  private String read() {
    long begun = System.nanoTime();
    Throwable error =
        Bounded.start(database.query("SELECT count(*) FROM entry").mapTo(Long.class).one())
            .get()
            .getThrowable();
    return describe(Trials.answer(error, begun));
  }

  private String hog(Hog hog) {
    long begun = System.nanoTime();
    Throwable error = Bounded.start(hog.feed(database).then()).get().getThrowable();
    return describe(Trials.answer(error, begun));
  }

  private static String describe(Answer answer) {
    Throwable error = answer.error();
    return String.join(
        " ",
        answer.fate().name(),
        answer.kind(),
        Long.toString(answer.took().toMillis()),
        error == null ? "" : Trials.messagesOf(error));
  }

  /** So that none has to be read when no file can be opened. */
  private static int loadClasses() throws IOException, ClassNotFoundException {
    int count = 0;
    for (Class<?> one : new Class<?>[] {SqliteDatabase.class, PeerMain.class}) {
      Path root = Path.of(one.getProtectionDomain().getCodeSource().getLocation().getPath());
      Path start = root.resolve("io/github/reactivesqlite");
      if (one == PeerMain.class) {
        start = start.resolve("reliability/system");
      }
      try (Stream<Path> files = Files.walk(start)) {
        for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
          String name = root.relativize(file).toString().replace('/', '.');
          if (!name.endsWith("package-info.class")) {
            Class.forName(name.substring(0, name.length() - ".class".length()));
            count++;
          }
        }
      }
    }
    return count;
  }
}
