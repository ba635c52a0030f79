package io.github.reactivesqlite.reliability.power;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.reliability.power.Event.Op;
import io.github.reactivesqlite.reliability.power.Marks.Phase;
import io.github.reactivesqlite.sqlite.config.Durability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The power fails at any moment of a process that writes in every way. What the disk may hold then
 * is worked out from a recording of everything that the process asked of it, and opened. {@code
 * -Dpower.seed} repeats the choices of a run, not the recording itself.
 */
@Tag("reliability")
@Tag("process")
class PowerLossTest {

  private static final Duration STEP = Duration.ofSeconds(60);
  private static final int UNITS = Scale.of(150, 1000);
  private static final int CARELESS_UNITS = 120;
  private static final String LOG = RecordedWriter.FILE + "-wal";
  private static final long SEED = Long.getLong("power.seed", System.nanoTime());

  @TempDir static Path shared;

  private static final PowerCuts.Sum AT_FULL = new PowerCuts.Sum();

  private static Recording full;
  private static Recording normal;
  private static Recording careless;

  @TempDir Path scratch;

  private Random random;

  @BeforeAll
  static void record() throws Exception {
    System.out.println("seed " + SEED);
    try (ChildJvm atFull = start("full", RecordedWriter.class, Durability.FULL, UNITS);
        ChildJvm atNormal = start("normal", RecordedWriter.class, Durability.NORMAL, UNITS);
        ChildJvm withoutCare = start("careless", CarelessWriter.class, CARELESS_UNITS)) {
      full = end(atFull, "full");
      normal = end(atNormal, "normal");
      careless = end(withoutCare, "careless");
    }
    print("FULL", full);
    print("NORMAL", normal);
  }

  private static void print(String durability, Recording recording) {
    System.out.printf(
        "recorded at %s: %d calls; log: %d writes, %d flushes, %d times anew; file: %d writes,"
            + " %d flushes%n",
        durability,
        recording.size(),
        recording.count(Op.WRITE, LOG),
        recording.count(Op.SYNC, LOG),
        logStarts(recording).size(),
        recording.count(Op.WRITE, RecordedWriter.FILE),
        recording.count(Op.SYNC, RecordedWriter.FILE));
  }

  private static ChildJvm start(String name, Class<?> program, Object... arguments)
      throws IOException {
    Path directory = Files.createDirectories(shared.toRealPath().resolve(name).resolve("data"));
    Path marks = directory.resolveSibling("marks");
    return ChildJvm.of(directory.getParent(), program)
        .environment("LD_PRELOAD", NativeTools.sharedObject("plog").toString())
        .environment("PLOG_DIR", directory.toString())
        .environment("PLOG_LOG", directory.resolveSibling("log").toString())
        .environment("PLOG_MARKS", marks.toString())
        .start(Stream.concat(Stream.of(directory, marks), Stream.of(arguments)).toArray());
  }

  private static Recording end(ChildJvm child, String name) throws Exception {
    child.awaitLine(RecordedWriter.DONE, STEP);
    child.kill();
    assertThat(child.transcript()).doesNotContain("error");
    return Recording.read(shared.resolve(name).resolve("log"));
  }

  @AfterAll
  static void printTheSum() {
    System.out.printf("power loss, FULL, all: %s, seed %d%n", AT_FULL, SEED);
    // Large, and the JVM goes on to other tests
    full = null;
    normal = null;
    careless = null;
  }

  @BeforeEach
  void takeTheSeed() {
    random = new Random(SEED);
  }

  private static List<Integer> anywhere(Recording recording) {
    return IntStream.range(recording.indexOf(Phase.SCHEMA.end()), recording.size())
        .boxed()
        .toList();
  }

  private static List<Integer> during(Recording recording, Phase phase) {
    return recording.between(phase.begin(), phase.end());
  }

  /** When the copy is complete and gets its name. */
  private static List<Integer> endOfBackup(Recording recording) {
    List<Integer> renamed =
        recording.where(
            i ->
                (recording.get(i).is(Op.LINK) || recording.get(i).is(Op.RENAME))
                    && recording.get(i).names()[1].equals(RecordedWriter.COPY));
    assertThat(renamed).hasSize(1);
    int end = recording.indexOf(Phase.BACKUP.end());
    return IntStream.rangeClosed(renamed.get(0) - 6, end + 2).boxed().toList();
  }

  /** Pages go from the log into the file. */
  private static List<Integer> checkpoints(Recording recording) {
    int start = recording.indexOf(Phase.SCHEMA.end());
    return recording.where(
        i ->
            i > start
                && (recording.is(i, Op.WRITE, RecordedWriter.FILE)
                    || recording.is(i, Op.SYNC, RecordedWriter.FILE)));
  }

  /** The log's first bytes are written over, or the log is cut. */
  private static List<Integer> logStarts(Recording recording) {
    int start = recording.indexOf(Phase.SCHEMA.end());
    return recording.where(
        i ->
            i > start
                && (recording.is(i, Op.TRUNCATE, LOG)
                    || (recording.is(i, Op.WRITE, LOG) && recording.get(i).offset() == 0)));
  }

  /** And what goes on around it. */
  private static List<Integer> logRestarts(Recording recording) {
    return logStarts(recording).stream()
        .flatMap(i -> IntStream.rangeClosed(i - 3, i + 6).boxed())
        .filter(i -> i < recording.size())
        .toList();
  }

  private PowerCuts cuts(Recording recording) {
    return new PowerCuts(recording, scratch, random, Survival.values());
  }

  private static void print(String what, PowerCuts cuts) {
    System.out.printf("power loss, %s: %s, seed %d%n", what, cuts, SEED);
  }

  @Nested
  class AtFull {

    private void losesNothing(String what, List<Integer> places, int images) throws IOException {
      losesNothing(what, cuts(full).at(places, images));
    }

    private void losesNothing(String what, PowerCuts cuts) {
      print("FULL, " + what, cuts);
      AT_FULL.add(cuts);
      assertThat(cuts.complaints()).as("%s, seed %d", cuts, SEED).isEmpty();
      assertThat(cuts.lost()).as("lost, seed %d", SEED).isZero();
      assertThat(cuts.corrupt()).as("corrupt, seed %d", SEED).isZero();
    }

    @Test
    void nothingAcknowledgedIsLost() throws IOException {
      losesNothing("anywhere", anywhere(full), Scale.of(16, 800));
    }

    @Test
    void nothingIsLostDuringACheckpoint() throws IOException {
      losesNothing("checkpoint", checkpoints(full), Scale.of(10, 300));
    }

    @Test
    void nothingIsLostWhenTheLogStartsAnew() throws IOException {
      losesNothing("log restart", logRestarts(full), Scale.of(10, 300));
    }

    @Test
    void aVacuumLosesNothing() throws IOException {
      losesNothing("VACUUM", during(full, Phase.VACUUM), Scale.of(5, 200));
    }

    @Test
    void aMigrationIsThereAsAWholeOrNotAtAll() throws IOException {
      losesNothing("migration", during(full, Phase.MIGRATION), Scale.of(5, 200));
    }

    @Test
    void aBackupIsThereAsAWholeOrNotAtAll() throws IOException {
      losesNothing(
          "backup",
          cuts(full)
              .at(during(full, Phase.BACKUP), Scale.of(5, 150))
              .at(endOfBackup(full), Scale.of(5, 150)));
    }

    @Test
    void closingAndOpeningAgainLoseNothing() throws IOException {
      losesNothing(
          "close and open",
          cuts(full)
              .at(during(full, Phase.CLOSE), Scale.of(5, 100))
              .at(during(full, Phase.REOPEN), Scale.of(5, 100)));
    }

    @Test
    void aNewFileCanBeOpenedAlways() throws IOException {
      losesNothing("creation", during(full, Phase.SCHEMA), Scale.of(5, 200));
    }
  }

  @Nested
  class AtNormal {

    @Test
    void onlyTheLastCommitsMayBeLost() throws IOException {
      PowerCuts cuts = cuts(normal).at(anywhere(normal), Scale.of(15, 400));
      cuts.at(checkpoints(normal), Scale.of(7, 200));
      cuts.at(logRestarts(normal), Scale.of(7, 200));
      cuts.at(endOfBackup(normal), Scale.of(5, 100));
      cuts.at(during(normal, Phase.CLOSE), Scale.of(5, 100));
      print("NORMAL", cuts);
      assertThat(cuts.complaints()).as("%s, seed %d", cuts, SEED).isEmpty();
      assertThat(cuts.corrupt()).isZero();
      assertThat(cuts.lost()).as("the window that is documented").isPositive();
    }
  }

  /** Otherwise the figures above would mean nothing. */
  @Nested
  class TheModelOfTheDisk {

    @Test
    void leavesNothingOut() throws Exception {
      assertThat(leftBy(full, "of full")).isEqualTo(contents(shared.resolve("full/data")));
      assertThat(leftBy(normal, "of normal")).isEqualTo(contents(shared.resolve("normal/data")));
    }

    private Map<String, String> leftBy(Recording recording, String name) throws Exception {
      Path directory = Files.createDirectory(scratch.resolve(name));
      ModelDisk disk = new ModelDisk(recording);
      disk.advanceTo(recording.size());
      disk.write(directory, Survival.EVERYTHING, random);
      return contents(directory);
    }

    private Map<String, String> contents(Path directory) throws Exception {
      Map<String, String> contents = new TreeMap<>();
      try (Stream<Path> files = Files.list(directory)) {
        for (Path file : files.filter(each -> !each.toString().endsWith("-shm")).toList()) {
          byte[] bytes = Files.readAllBytes(file);
          byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
          contents.put(
              file.getFileName().toString(),
              bytes.length + " bytes, " + HexFormat.of().formatHex(sum));
        }
      }
      return contents;
    }

    @ParameterizedTest
    @ValueSource(strings = {RecordedWriter.FILE, LOG, ModelDisk.DIRECTORY})
    void losesUnitsWhenOneIsNotFlushed(String ignored) throws IOException {
      PowerCuts cuts =
          new PowerCuts(full, scratch, random, Survival.NOTHING, Survival.SECTORS)
              .at(anywhere(full), Scale.of(16, 50), file -> !file.equals(ignored));
      print("FULL without flushes of " + ignored, cuts);
      assertThat(cuts.lost() + cuts.corrupt()).as("lost or corrupt, seed %d", SEED).isPositive();
    }

    @Test
    void breaksABackupThatIsNotFlushed() throws IOException {
      PowerCuts cuts =
          new PowerCuts(full, scratch, random, Survival.NOTHING)
              .at(List.of(full.indexOf(Phase.BACKUP.end())), 2, file -> !file.endsWith(".part"));
      assertThat(cuts.imagesWithComplaints()).isEqualTo(2);
      assertThat(cuts.complaints()).allMatch(complaint -> complaint.contains("backup"));
    }

    @Test
    void breaksTheFileWhenNothingIsFlushed() throws IOException {
      PowerCuts cuts =
          new PowerCuts(
                  careless, scratch, random, Survival.SECTORS, Survival.WRITES, Survival.FILES)
              .at(anywhere(careless), Scale.of(40, 100));
      print("OFF, by plain JDBC", cuts);
      assertThat(cuts.lost()).as("lost, seed %d", SEED).isPositive();
      assertThat(cuts.corrupt()).as("corrupt, seed %d", SEED).isPositive();
    }
  }
}
