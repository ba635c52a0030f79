package io.github.reactivesqlite.reliability.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.process.ChildJvm;
import io.github.reactivesqlite.reliability.Scale;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that are no databases, not any more, or made to do harm. */
@Tag("reliability")
@Tag("process")
class HostileFileTest {

  private static final Duration PATIENCE = Duration.ofMinutes(Scale.of(1, 25));
  private static final int PAGE = 4_096;

  @TempDir Path dir;
  @TempDir Path scratch;
  private byte[] sane;

  @BeforeEach
  void makeASaneOne() throws SQLException, IOException {
    Path file = scratch.resolve("sane");
    make(
        file,
        "PRAGMA journal_mode=WAL",
        "CREATE TABLE item(id INTEGER PRIMARY KEY, body TEXT, extra)",
        "CREATE INDEX by_body ON item(body)",
        "CREATE TABLE keyed(k TEXT PRIMARY KEY, v) WITHOUT ROWID",
        "CREATE VIRTUAL TABLE words USING fts5(x)",
        "CREATE VIEW v AS SELECT * FROM item JOIN keyed ON k = body",
        "CREATE TRIGGER g AFTER DELETE ON item BEGIN DELETE FROM keyed WHERE k = OLD.body; END",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 400) INSERT INTO"
            + " item(body, extra) SELECT 'row ' || x, zeroblob(x * 20) FROM c",
        "INSERT INTO keyed SELECT body, extra FROM item WHERE id < 100",
        "INSERT INTO words SELECT body FROM item WHERE id < 100",
        "PRAGMA wal_checkpoint(TRUNCATE)");
    sane = Files.readAllBytes(file);
  }

  private static void make(Path file, String... statements) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Path put(String name, byte[] content) throws IOException {
    return Files.write(dir.resolve(name + ".db"), content);
  }

  private byte[] random(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  /** What the child said of each file. It must have come to its end, and no file may be gone. */
  private Map<String, String> run() throws Exception {
    Map<String, String> outcomes = new TreeMap<>();
    try (Stream<Path> files = Files.list(dir)) {
      files
          .filter(file -> file.toString().endsWith(".db"))
          .forEach(file -> outcomes.put(file.getFileName().toString(), ""));
    }
    try (ChildJvm child =
        ChildJvm.of(scratch, HostileFileMain.class)
            .option("-XX:-CreateCoredumpOnCrash")
            .start(dir, Scale.isLong())) {
      for (String name : outcomes.keySet()) {
        String said = child.awaitLine("END " + name + " ", PATIENCE);
        outcomes.put(name, said);
      }
      child.awaitLine("DONE " + outcomes.size(), PATIENCE);
      assertThat(child.endsWithin(Duration.ofSeconds(20))).isTrue();
      assertThat(child.exitCode()).as(child.transcript()).isZero();
    }
    outcomes.forEach(
        (name, outcome) -> {
          assertThat(outcome).as(name).doesNotContain("UNTYPED");
          assertThat(dir.resolve(name)).as("never deleted").exists();
        });
    return outcomes;
  }

  @Test
  void whatIsNoDatabaseIsRefusedAndLeftAsItIs() throws Exception {
    Random random = new Random(7);
    byte[] withHeader = random(random, 20_000);
    System.arraycopy(sane, 0, withHeader, 0, 16);
    Map<String, byte[]> contents = new TreeMap<>();
    for (int size : new int[] {2, 15, 16, 99, 100, 511, 512, 4_096, 100_000}) {
      contents.put("random-" + size, random(random, size));
    }
    contents.put("header-only", Arrays.copyOf(sane, 16));
    contents.put("header-and-noise", withHeader);
    contents.put("text", "hello, world\n".repeat(1_000).getBytes());
    contents.put("zeros", new byte[50_000]);
    contents.put("encrypted-looking", random(random, 40_960));
    for (Map.Entry<String, byte[]> content : contents.entrySet()) {
      put(content.getKey(), content.getValue());
    }

    Map<String, String> outcomes = run();

    contents.forEach(
        (name, content) -> {
          assertThat(outcomes.get(name + ".db")).as(name).isEqualTo("{open=StorageException}");
          assertThat(dir.resolve(name + ".db")).hasBinaryContent(content);
        });
  }

  @Test
  void damagedPagesGiveTypedErrorsOrSaneData() throws Exception {
    int cases = Scale.of(12, 2_000);
    long seed = Long.getLong("hostile.file.seed", 20_261);
    for (int i = 0; i < cases; i++) {
      Random random = new Random(seed + i);
      byte[] content = sane.clone();
      int damages = 1 + random.nextInt(6);
      for (int d = 0; d < damages; d++) {
        int page = random.nextInt(content.length / PAGE);
        // The beginning of a page says what is where in it
        int within = random.nextInt(random.nextBoolean() ? 112 : PAGE);
        int run = 1 + random.nextInt(random.nextInt(4) == 0 ? 64 : 2);
        for (int k = 0; k < run && within + k < PAGE; k++) {
          content[page * PAGE + within + k] = (byte) random.nextInt(256);
        }
      }
      put("flipped-%05d".formatted(i), content);
    }
    for (int cut : new int[] {100, 2_000, PAGE, PAGE + 1, 2 * PAGE, sane.length / 2}) {
      put("truncated-" + cut, Arrays.copyOf(sane, cut));
      put("truncated-end-" + cut, Arrays.copyOf(sane, sane.length - Math.min(cut, 3 * PAGE)));
    }
    put("longer", Arrays.copyOf(sane, sane.length + 3 * PAGE + 17));
    put("sane", sane);

    Map<String, String> outcomes = run();

    assertThat(outcomes.get("sane.db")).doesNotContain("Exception");
    long refused = outcomes.values().stream().filter(said -> said.contains("Exception")).count();
    System.out.printf(
        "hostile files: %d damaged, seed %d, %d with typed errors, 0 crashes%n",
        outcomes.size(), seed, refused);
    assertThat(refused).isPositive();
  }

  @Test
  void headersThatLieAreNotBelieved() throws Exception {
    int[][] lies = {
      {16, 0x0001}, {16, 0x0200}, {16, 0x8000}, {16, 0x0003}, {18, 0x0909}, {20, 0xFF40},
      {20, 0x0000}, {24, 0xFFFF}, {28, 0x7FFF}, {28, 0xFFFF}, {32, 0x7FFF}, {36, 0xFFFF},
      {40, 0xFFFF}, {44, 0x7F00}, {46, 0x0009}, {52, 0x0000}, {54, 0x0003}, {56, 0x0000},
      {58, 0x0002}, {58, 0x0063}, {96, 0xFFFF}, {100, 0x0D00}, {100, 0x0500}, {103, 0xFFFF},
      {105, 0x0001}, {108, 0xFFFF}
    };
    for (int i = 0; i < lies.length; i++) {
      byte[] content = sane.clone();
      ByteBuffer.wrap(content).putShort(lies[i][0], (short) lies[i][1]);
      put("header-%02d-%d".formatted(i, lies[i][0]), content);
    }

    run();
  }

  @Test
  void foreignLogsAreNotReplayedIntoNonsense() throws Exception {
    Random random = new Random(11);
    for (String suffix : new String[] {"-wal", "-shm", "-journal"}) {
      for (int size : new int[] {32, 100_000}) {
        String name = "beside" + suffix + "-" + size;
        put(name, sane);
        Files.write(dir.resolve(name + ".db" + suffix), random(random, size));
      }
    }
    byte[] journal = random(random, 10_000);
    System.arraycopy(
        new byte[] {(byte) 0xd9, (byte) 0xd5, 5, (byte) 0xf9, 0x20, (byte) 0xa1, 0x63, (byte) 0xd7},
        0,
        journal,
        0,
        8);
    put("hot-journal", sane);
    Files.write(dir.resolve("hot-journal.db-journal"), journal);

    Map<String, String> outcomes = run();

    outcomes.forEach(
        (name, outcome) -> {
          if (!outcome.startsWith("{open=")) {
            assertThat(outcome).as(name).contains("check=ok");
          }
        });
  }

  /** Each would call a function that ends the process, loads code or writes, if it were trusted. */
  @Test
  void schemaOfAStrangerCallsNothingUnsafe() throws Exception {
    String bomb = "replicate(body, 9007199254740993)";
    crafted("view", "DROP VIEW v", "CREATE VIEW v AS SELECT " + bomb + " FROM item");
    crafted("view-load", "DROP VIEW v", "CREATE VIEW v AS SELECT load_extension(body) FROM item");
    crafted(
        "view-tokenizer", "DROP VIEW v", "CREATE VIEW v AS SELECT fts3_tokenizer(body) FROM item");
    crafted("view-pragma", "DROP VIEW v", "CREATE VIEW v AS SELECT * FROM pragma_optimize(65538)");
    crafted(
        "trigger",
        "CREATE TRIGGER h BEFORE INSERT ON item BEGIN SELECT replicate('x', 9007199254740993);"
            + " END");
    crafted(
        "check",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE item(id INTEGER PRIMARY KEY, body TEXT"
            + " CHECK (padl(body, 9007199254740993) IS NOT NULL), extra)' WHERE name = 'item'");
    crafted(
        "default",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE item(id INTEGER PRIMARY KEY, body TEXT,"
            + " extra, more DEFAULT (padr(''x'', 9007199254740993)))' WHERE name = 'item'");
    crafted(
        "generated",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET sql = 'CREATE TABLE item(id INTEGER PRIMARY KEY, body TEXT,"
            + " extra AS (padc(body, 9007199254740993)))' WHERE name = 'item'");
    crafted(
        "endless-view",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET sql = 'CREATE VIEW v AS SELECT * FROM v' WHERE name = 'v'");
    crafted(
        "roots",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET rootpage = 1 WHERE name = 'item'");
    crafted(
        "far-root",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET rootpage = 99999999 WHERE name = 'by_body'");
    crafted(
        "shared-root",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name ="
            + " 'item') WHERE name = 'by_body'");
    crafted(
        "nonsense",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET sql = 'DROP TABLE item; ATTACH ''stolen'' AS z' WHERE name ="
            + " 'v'");
    crafted(
        "blob-for-sql",
        "PRAGMA writable_schema=ON",
        "UPDATE sqlite_schema SET sql = randomblob(500) WHERE name = 'by_body'");

    Map<String, String> outcomes = run();

    for (String name : new String[] {"view", "view-load", "view-tokenizer", "view-pragma"}) {
      assertThat(outcomes.get(name + ".db"))
          .as(name)
          .contains("view=InvalidSqlException", "count=ok", "insert=ok");
    }
    assertThat(outcomes.get("trigger.db")).contains("insert=InvalidSqlException", "count=ok");
    for (String name : new String[] {"check", "default"}) {
      assertThat(outcomes.get(name + ".db")).as(name).contains("insert=InvalidSqlException");
    }
    assertThat(outcomes.get("generated.db")).isEqualTo("{open=StorageException}");
    assertThat(outcomes.get("nonsense.db")).doesNotContain("count=ok");
    try (Stream<Path> files = Files.list(Path.of(""))) {
      assertThat(files).noneMatch(file -> file.toString().startsWith("stolen"));
    }
  }

  private void crafted(String name, String... statements) throws Exception {
    make(put(name, sane), statements);
  }
}
