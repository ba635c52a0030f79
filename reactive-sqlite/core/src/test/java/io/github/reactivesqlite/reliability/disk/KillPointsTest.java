package io.github.reactivesqlite.reliability.disk;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.disk.Arena.Pending;
import io.github.reactivesqlite.reliability.disk.FaultControl.Call;
import io.github.reactivesqlite.reliability.disk.FaultControl.Kind;
import io.github.reactivesqlite.reliability.disk.Ledger.Fate;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.Durability;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process is killed at one exact write, flush or cut of one kind of file, and its database is
 * opened again: at points chosen by chance in the short form, at every point in the long one.
 */
@Tag("reliability")
@Tag("process")
class KillPointsTest {

  private static final String SEED = "reliability.kill.seed";
  private static final int KILLED = 128 + 9;
  private static final int AT_A_TIME = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path directory;

  /** Where in a call the process dies. */
  private enum Moment {
    BEFORE,
    HALFWAY,
    AFTER
  }

  /** The n-th such call on such a file, counted from the start of the process. */
  private record Point(Call call, Kind kind, long nth, Moment moment) {

    void arm(FaultControl faults) {
      FaultControl.Rule rule = faults.on(call, kind).at(nth).once();
      switch (moment) {
        case BEFORE -> rule.killsBefore();
        case HALFWAY -> rule.killsHalfway();
        case AFTER -> rule.killsAfter();
      }
    }
  }

  /** What the points came to. */
  private static final class Sums {
    private int points;
    private int notReached;
    private int acknowledged;
    private int failed;
    private int inFlight;
    private int inFlightThere;
    private long slowestReopenNanos;

    synchronized void add(Verdict verdict, boolean killed, long reopenNanos) {
      points++;
      notReached += killed ? 0 : 1;
      acknowledged += verdict.count(Fate.ACKNOWLEDGED);
      failed += verdict.count(Fate.FAILED);
      inFlight += verdict.count(Fate.STARTED);
      inFlightThere += verdict.presentUnacknowledged();
      slowestReopenNanos = Math.max(slowestReopenNanos, reopenNanos);
    }

    /** A point with a complaint ends the test, so the zeros are what was found. */
    @Override
    public String toString() {
      return String.format(
          "kill points %d (%d not reached), acknowledged %d, lost 0, partial 0, twice 0, failed %d"
              + " (0 there), in flight %d (%d there), reopening with a first write at most %d ms",
          points,
          notReached,
          acknowledged,
          failed,
          inFlight,
          inFlightThere,
          TimeUnit.NANOSECONDS.toMillis(slowestReopenNanos));
    }
  }

  @Test
  void nothingAcknowledgedIsLostWhereverTheProcessIsKilled() throws Exception {
    long seed = Long.getLong(SEED, System.nanoTime());
    Random random = new Random(seed);
    List<Point> points = Scale.isLong() ? allPoints() : somePoints(random);
    Sums sums = killAtEach(points, Durability.FULL);
    System.out.printf("SIGKILL at exact calls, FULL: %s; -D%s=%d%n", sums, SEED, seed);
    assertMostWereReached(sums, points);
  }

  @Test
  void aKilledProcessLosesNothingAtNormalDurabilityEither() throws Exception {
    long seed = Long.getLong(SEED, System.nanoTime());
    Random random = new Random(seed);
    List<Point> points = new ArrayList<>();
    for (int i = 0; i < Scale.of(2, 60); i++) {
      points.add(
          switch (i % 4) {
            case 0 -> new Point(Call.WRITE, Kind.WAL, 1 + random.nextInt(60), Moment.HALFWAY);
            case 1 -> new Point(Call.FSYNC, Kind.WAL, 1, Moment.BEFORE);
            case 2 -> new Point(Call.WRITE, Kind.MAIN, 1 + random.nextInt(5), Moment.BEFORE);
            default -> new Point(Call.FSYNC, Kind.MAIN, 1, Moment.BEFORE);
          });
    }
    Sums sums = killAtEach(points, Durability.NORMAL);
    System.out.printf("SIGKILL at exact calls, NORMAL: %s; -D%s=%d%n", sums, SEED, seed);
    assertMostWereReached(sums, points);
  }

  /** Checkpoints come when they come, so two lives do not make the very same calls. */
  private static void assertMostWereReached(Sums sums, List<Point> points) {
    assertThat(sums.notReached).as("not reached").isLessThanOrEqualTo(points.size() / 10);
  }

  @Test
  void aProcessThatIsKilledAgainWhileItRecoversLosesNothing() throws Exception {
    long seed = Long.getLong(SEED, System.nanoTime());
    Random random = new Random(seed);
    FaultyDisk disk = new FaultyDisk(directory);
    int kills = 0;
    int lives = Scale.of(2, 60);
    Verdict verdict = null;
    for (int life = 0; life < lives; life++) {
      Point point = life % 2 == 0 ? whileItWrites(random) : whileItRecovers(random);
      disk.faults().disarmAll();
      point.arm(disk.faults());
      int exit = live(disk, life, Durability.FULL);
      assertThat(exit).as("exit code at %s", point).isIn(0, KILLED);
      kills += exit == KILLED ? 1 : 0;
      // The next life finds the log as this one left it, because only a copy is opened here
      verdict = disk.verdictOfCopy(life);
      assertThat(verdict.complaints()).as("life %d, %s: %s", life, point, verdict).isEmpty();
    }
    assertThat(kills).isGreaterThanOrEqualTo(lives / 2);
    System.out.printf(
        "SIGKILL in life after life: %d kills in %d lives: %s; -D%s=%d%n",
        kills, lives, verdict, SEED, seed);
  }

  private static Point whileItWrites(Random random) {
    Moment moment = Moment.values()[random.nextInt(Moment.values().length)];
    return new Point(Call.WRITE, Kind.WAL, 10 + random.nextInt(60), moment);
  }

  private static Point whileItRecovers(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> new Point(Call.MMAP, Kind.SHM, 1, Moment.BEFORE);
      case 1 -> new Point(Call.WRITE, Kind.SHM, 1, Moment.AFTER);
      default -> new Point(Call.READ, Kind.WAL, 1 + random.nextInt(20), Moment.BEFORE);
    };
  }

  /** Lives the life once without a kill, and counts. */
  private List<Point> allPoints() throws Exception {
    FaultyDisk disk = new FaultyDisk(Files.createDirectory(directory.resolve("counted")));
    assertThat(live(disk, 0, Durability.FULL)).as("exit code").isZero();
    assertThat(disk.judge(0).count(Fate.STARTED)).isZero();
    List<Point> points = new ArrayList<>();
    for (Call call : List.of(Call.WRITE, Call.FSYNC, Call.TRUNCATE, Call.UNLINK)) {
      for (Kind kind : Kind.values()) {
        long calls = disk.faults().calls(call, kind);
        for (long nth = 1; nth <= calls; nth++) {
          points.add(new Point(call, kind, nth, Moment.BEFORE));
          points.add(new Point(call, kind, nth, Moment.AFTER));
          if (call == Call.WRITE) {
            points.add(new Point(call, kind, nth, Moment.HALFWAY));
          }
        }
      }
    }
    return points;
  }

  /** Of those that every life reaches. */
  private static List<Point> somePoints(Random random) {
    Moment[] moments = Moment.values();
    return List.of(
        new Point(Call.WRITE, Kind.WAL, 1 + random.nextInt(60), moments[random.nextInt(3)]),
        new Point(Call.WRITE, Kind.WAL, 1 + random.nextInt(60), Moment.HALFWAY),
        new Point(Call.FSYNC, Kind.WAL, 1 + random.nextInt(15), moments[2 * random.nextInt(2)]),
        new Point(Call.WRITE, Kind.MAIN, 1 + random.nextInt(5), moments[random.nextInt(3)]));
  }

  private Sums killAtEach(List<Point> points, Durability durability) throws Exception {
    Sums sums = new Sums();
    ExecutorService executor = Executors.newFixedThreadPool(AT_A_TIME);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Point point : points) {
        running.add(
            executor.submit(
                () -> {
                  killAt(point, durability, sums);
                  return null;
                }));
      }
      for (Future<?> one : running) {
        one.get(PATIENCE.multipliedBy(points.size()).toSeconds(), TimeUnit.SECONDS);
      }
    } finally {
      executor.shutdownNow();
    }
    return sums;
  }

  private void killAt(Point point, Durability durability, Sums sums) throws Exception {
    Path place = Files.createTempDirectory(directory, "point");
    FaultyDisk disk = new FaultyDisk(place);
    point.arm(disk.faults());
    int exit = live(disk, 0, durability);
    assertThat(exit).as("exit code at %s", point).isIn(0, KILLED);
    long reopenNanos = Files.exists(disk.file()) ? reopen(disk.file()) : 0;
    Verdict verdict = disk.verdict(0);
    assertThat(verdict.complaints()).as("%s: %s", point, verdict).isEmpty();
    assertThat(verdict.count(Fate.STARTED)).as("%s", point).isLessThanOrEqualTo(Life.LARGEST_GROUP);
    sums.add(verdict, exit == KILLED, reopenNanos);
    delete(place);
  }

  /** The exit code of a process that lives the life. */
  private static int live(FaultyDisk disk, int life, Durability durability) throws Exception {
    try (ChildJvm child = disk.start(launch -> launch, life, Life.class, durability)) {
      assertThat(child.endsWithin(PATIENCE)).as(child.transcript()).isTrue();
      return child.exitCode();
    }
  }

  private static long reopen(Path file) {
    long begun = System.nanoTime();
    try (SqliteDatabase database = SqliteDatabase.open(file)) {
      Bounded.get(database.script("CREATE TABLE IF NOT EXISTS reopened (times INTEGER)"));
      return System.nanoTime() - begun;
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** A database's life from its creation to its close, with every way to write. */
  static final class Life implements Scenario {

    static final int LARGEST_GROUP = 6;

    @Override
    public void run(Arena arena) {
      Durability durability = Durability.valueOf(arena.arguments().get(0));
      SqliteDatabase database = arena.open(config -> config.durability(durability));
      for (Way way : Way.values()) {
        arena.write(way);
      }
      refuse(arena, database).get();
      Bounded.get(database.maintenance().checkpoint(CheckpointMode.PASSIVE));
      // The log starts over
      List<Pending> group = arena.group(() -> {}, Way.GROUPED);
      group.forEach(Pending::get);
      Bounded.get(database.maintenance().checkpoint(CheckpointMode.TRUNCATE));
      arena.write(Way.UNIT);
      Bounded.get(database.maintenance().vacuum());
      arena.write(Way.TRANSACTION);
      database.close();
      Runtime.getRuntime().halt(0);
    }

    /** A unit that fails when it has written. */
    private static Pending refuse(Arena arena, SqliteDatabase database) {
      long unit = arena.nextUnit();
      return arena.start(
          Way.UNIT,
          unit,
          database.write(
              session -> {
                session.update("INSERT INTO entry VALUES (?, 0, NULL)").bind(1, unit).execute();
                throw new IllegalStateException("refused");
              }));
    }
  }
}
