package io.github.reactivesqlite.reliability.power;

import io.github.reactivesqlite.reliability.disk.Way;
import io.github.reactivesqlite.reliability.power.Marks.Phase;
import io.github.reactivesqlite.sqlite.Maintenance;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * The program whose disk is recorded: writes in every way, and meanwhile does once all that a
 * database is kept in order with. Then it waits to be killed, with its database open.
 */
final class RecordedWriter {

  static final String FILE = "power.db";
  static final String COPY = "copy.db";
  static final String DONE = "done";

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int AT_ONCE = 6;
  private static final int BURSTS = 10;

  private final Path directory;
  private final Durability durability;
  private final Marks marks;
  private final int burst;
  private final AtomicLong units = new AtomicLong();
  private SqliteDatabase database;

  private RecordedWriter(Path directory, Durability durability, Marks marks, int units) {
    this.directory = directory;
    this.durability = durability;
    this.marks = marks;
    this.burst = units / BURSTS;
  }

  /** Arguments: the directory, the file of marks, the durability, how many units. */
  public static void main(String[] arguments) throws IOException {
    try (Marks marks = new Marks(Path.of(arguments[1]))) {
      RecordedWriter writer =
          new RecordedWriter(
              Path.of(arguments[0]),
              Durability.valueOf(arguments[2]),
              marks,
              Integer.parseInt(arguments[3]));
      writer.create();
      writer.live();
      writer.reopen();
      writer.settle();
      System.out.println(DONE);
      System.in.read();
      Runtime.getRuntime().halt(0);
    }
  }

  private void open() {
    database =
        SqliteDatabase.builder(directory.resolve(FILE))
            .config(config -> config.durability(durability).walCheckpointFrames(64))
            .build();
  }

  private void create() {
    marks.note(Phase.SCHEMA.begin());
    open();
    database.script(Tables.SCHEMA).block(PATIENCE);
    marks.note(Phase.SCHEMA.end());
  }

  private void reopen() {
    marks.note(Phase.CLOSE.begin());
    database.close();
    marks.note(Phase.CLOSE.end());
    marks.note(Phase.REOPEN.begin());
    open();
    during(Mono.empty());
    marks.note(Phase.REOPEN.end());
  }

  /**
   * Leaves nothing for the maintenance to copy: a write that has reached the disk and not yet its
   * record when the process is killed would be missing there.
   */
  private void settle() {
    database.maintenance().checkpoint(CheckpointMode.PASSIVE).block(PATIENCE);
  }

  private void live() {
    Maintenance maintenance = database.maintenance();
    during(Mono.empty());
    during(maintenance.checkpoint(CheckpointMode.PASSIVE).repeat(3).then());
    during(phase(Phase.FILL, database.update(Tables.FILL).rowsUpdated()));
    during(maintenance.checkpoint(CheckpointMode.TRUNCATE).repeat(2).then());
    during(phase(Phase.THIN_OUT, database.update(Tables.THIN_OUT).rowsUpdated()));
    during(phase(Phase.VACUUM, maintenance.vacuum()));
    during(phase(Phase.MIGRATION, database.migrate(Tables.MIGRATIONS)));
    during(phase(Phase.BACKUP, maintenance.backup(directory.resolve(COPY)).then()));
    during(maintenance.checkpoint(CheckpointMode.TRUNCATE).then());
  }

  private Mono<Void> phase(Phase phase, Mono<?> work) {
    return work.then()
        .doFirst(() -> marks.note(phase.begin()))
        .doOnSuccess(done -> marks.note(phase.end()));
  }

  /** In the middle of a burst of units. */
  private void during(Mono<Void> work) {
    Flux<Void> before = burst(burst / 2);
    Flux<Void> after = burst(burst - burst / 2);
    before.thenMany(Flux.merge(after, work)).blockLast(PATIENCE);
  }

  private Flux<Void> burst(int size) {
    return Flux.range(0, size).flatMap(each -> unit(units.getAndIncrement()), AT_ONCE);
  }

  private Mono<Void> unit(long unit) {
    int kind = (int) (unit % (Way.REPEATABLE.size() + 1));
    if (kind == Way.REPEATABLE.size()) {
      Refused refused = Refused.ALL.get((int) (unit / (kind + 1)) % Refused.ALL.size());
      return refused
          .write(database, unit)
          .then()
          .doFirst(() -> marks.begun(unit, 0))
          .doOnSuccess(never -> System.out.println("error: nobody refused " + refused))
          .onErrorResume(meant -> Mono.fromRunnable(() -> marks.failed(unit)));
    }
    Way way = Way.REPEATABLE.get(kind);
    return way.write(database, unit)
        .then()
        .doFirst(() -> marks.begun(unit, way.parts()))
        .doOnSuccess(done -> marks.acknowledged(unit))
        .doOnError(error -> System.out.println("error: " + way + " " + error));
  }
}
