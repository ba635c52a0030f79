package io.github.reactivesqlite.reliability.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.reliability.Scale;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.LogLines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Names of databases, of backups and in SQL that somebody else chose. */
@Tag("reliability")
class HostileNamesTest {

  @TempDir Path dir;

  private TreeSet<String> files() throws IOException {
    try (Stream<Path> all = Files.list(dir)) {
      TreeSet<String> names = new TreeSet<>();
      all.forEach(file -> names.add(file.getFileName().toString()));
      return names;
    }
  }

  private static void use(Path file) {
    try (SqliteDatabase db = SqliteDatabase.open(file)) {
      Bounded.get(db.script("CREATE TABLE IF NOT EXISTS t(a); INSERT INTO t VALUES (1)"));
    }
  }

  private void mkfifo(Path file) throws IOException, InterruptedException {
    NativeTools.needCommand("mkfifo");
    Process process = new ProcessBuilder("mkfifo", file.toString()).start();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  @Nested
  class Databases {

    @ParameterizedTest
    @ValueSource(
        strings = {
          "x.db?enable_load_extension=true",
          "x.db?mode=memory&cache=shared",
          "?",
          "x.db-wal",
          "x.db-shm",
          "x.db-journal"
        })
    void nameThatIsReadAsSomethingElseIsRefusedAndCreatesNothing(String name) throws IOException {
      assertThatIllegalArgumentException().isThrownBy(() -> use(dir.resolve(name)));
      assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          ":memory:",
          ":resource:http://127.0.0.1:1/x.db",
          ":resource:file:///etc/hostname",
          "file:x.db?vfs=unix-none",
          "jdbc:sqlite:x.db"
        })
    void urlIsNoPath(String name) {
      assertThatIllegalArgumentException().isThrownBy(() -> use(Path.of(name)));
    }

    @Test
    void nulIsNoPartOfAPath() throws IOException {
      assertThatThrownBy(() -> use(Path.of(dir + "/x.db\0y")))
          .isInstanceOf(InvalidPathException.class);
      assertThat(files()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "a#b.db",
          "a%3fb.db",
          "a%00b.db",
          "a&mode=ro",
          "a'b.db",
          "a\"b;--.db",
          "-rf",
          "$(id)",
          "a\nb.db",
          "\u202Eb.db",
          "\uD83D\uDE00",
          "é",
          "~",
          "...",
          ":memory:",
          "file:x",
          " "
        })
    void oddNameInsideADirectoryIsTheFileOfThatName(String name) throws IOException {
      use(dir.resolve(name));

      assertThat(files()).containsExactly(name);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"/dev/null", "/dev/zero", "/dev/full", "/proc/self/mem", "/proc/self/fd/0", "/"})
    void deviceAndPseudoFileAreNoDatabases(String name) {
      NativeTools.need(NativeTools.isLinux(), "there is no /proc");
      assertThatThrownBy(() -> use(Path.of(name))).isInstanceOf(StorageException.class);
    }

    @Test
    void fifoAndDirectoryAreNoDatabasesAndNobodyWaitsForThem() throws Exception {
      Path fifo = dir.resolve("fifo.db");
      mkfifo(fifo);
      Path folder = Files.createDirectory(dir.resolve("folder.db"));

      assertThatThrownBy(() -> use(fifo)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> use(folder)).isInstanceOf(StorageException.class);
      assertThatThrownBy(() -> use(dir.resolve(".."))).isInstanceOf(StorageException.class);
      assertThat(files()).containsExactly("fifo.db", "folder.db");
    }

    @Test
    void secondNameOfAnOpenFileIsRefused() throws IOException {
      Path file = dir.resolve("x.db");
      try (SqliteDatabase db = SqliteDatabase.open(file)) {
        Path soft = Files.createSymbolicLink(dir.resolve("soft.db"), file);
        Path hard = Files.createLink(dir.resolve("hard.db"), file);
        Path dots = dir.resolve("..").resolve(dir.getFileName()).resolve("x.db");

        for (Path other : new Path[] {soft, hard, dots, file}) {
          assertThatThrownBy(() -> use(other))
              .isInstanceOfSatisfying(
                  StorageException.class,
                  error -> assertThat(error.kind()).isEqualTo(StorageException.Kind.ALREADY_OPEN));
        }
        assertThat(Bounded.get(db.query("SELECT 1").mapTo(Long.class).one())).isEqualTo(1);
      }
    }

    @ParameterizedTest
    @ValueSource(strings = {"-wal", "-shm", "-journal"})
    void fileThatALinkBesideTheDatabaseLeadsToIsNotTouched(String suffix) throws IOException {
      Path secret = Files.writeString(dir.resolve("secret.txt"), "SECRET");
      Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-r--r--"));
      Files.createSymbolicLink(dir.resolve("x.db" + suffix), secret);

      try {
        use(dir.resolve("x.db"));
      } catch (StorageException refused) {
        assertThat(refused.kind()).isEqualTo(StorageException.Kind.CANNOT_OPEN);
      }

      assertThat(secret).hasContent("SECRET");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
          .isEqualTo("rw-r--r--");
    }
  }

  @Nested
  class Directories {

    @ParameterizedTest
    @ValueSource(strings = {"rwxrwxrwx", "rwx-----x", "rwx----wx"})
    void oneThatEverybodyMayWriteToIsReported(String permissions) throws IOException {
      Path shared = Files.createDirectory(dir.resolve("shared"));
      Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString(permissions));
      try (LogLines log = new LogLines("io.github.reactivesqlite.sqlite.engine.connection")) {
        use(shared.resolve("x.db"));
        use(shared.resolve("x.db"));

        assertThat(log.linesWith("Everybody can write to the directory"))
            .hasSize(permissions.charAt(7) == 'w' ? 2 : 0);
      }
    }

    @Test
    void createdDirectoryIsForItsOwnerOnly() throws IOException {
      Path file = dir.resolve("new").resolve("inner").resolve("x.db");

      SqliteDatabase.builder(file).config(config -> config.createDirectories(true)).build().close();

      for (Path made : new Path[] {file.getParent(), file.getParent().getParent()}) {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
            .isEqualTo("rwx------");
      }
    }

    /** The driver's default is 0666, and these two take the rights of the file. */
    @Test
    void logAndIndexOfANewDatabaseAreForTheOwnerOnlyToo() throws IOException {
      Path file = dir.resolve("x.db");
      try (SqliteDatabase db = SqliteDatabase.open(file)) {
        Bounded.get(db.script("CREATE TABLE t(a)"));

        assertThat(files()).containsExactly("x.db", "x.db-shm", "x.db-wal");
        for (String name : files()) {
          assertThat(
                  PosixFilePermissions.toString(Files.getPosixFilePermissions(dir.resolve(name))))
              .as(name)
              .isEqualTo("rw-------");
        }
      }
    }
  }

  @Nested
  class Backups {

    private void backup(SqliteDatabase db, Path target) {
      Bounded.get(db.maintenance().backup(target).then());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"copy.db?mode=ro", "?", "copy.db-wal", "copy.db-shm", "copy.db-journal"})
    void targetThatCouldNotBeOpenedAgainIsRefused(String name) throws IOException {
      try (SqliteDatabase db = SqliteDatabase.open(dir.resolve("x.db"))) {
        assertThatIllegalArgumentException().isThrownBy(() -> backup(db, dir.resolve(name)));
      }
      assertThat(files()).containsExactly("x.db");
    }

    @ParameterizedTest
    @ValueSource(strings = {":memory:", "file:copy.db", ":resource:x", "jdbc:sqlite:x"})
    void urlIsNoTarget(String name) throws IOException {
      try (SqliteDatabase db = SqliteDatabase.open(dir.resolve("x.db"))) {
        assertThatIllegalArgumentException().isThrownBy(() -> backup(db, Path.of(name)));
      }
      assertThat(Path.of(name)).doesNotExist();
    }

    @Test
    void nothingThatExistsIsReplacedOrFollowed() throws Exception {
      Path secret = Files.writeString(dir.resolve("secret.txt"), "SECRET");
      Path link = Files.createSymbolicLink(dir.resolve("link.db"), secret);
      Path dangling = Files.createSymbolicLink(dir.resolve("dangling.db"), dir.resolve("new.db"));
      Path hard = Files.createLink(dir.resolve("hard.db"), secret);
      Path folder = Files.createDirectory(dir.resolve("folder.db"));
      Path fifo = dir.resolve("fifo.db");
      mkfifo(fifo);
      Path source = dir.resolve("x.db");
      TreeSet<String> before;
      try (SqliteDatabase db = SqliteDatabase.open(source)) {
        before = files();
        for (Path target : new Path[] {secret, link, dangling, hard, folder, fifo, source, dir}) {
          assertThatThrownBy(() -> backup(db, target))
              .as("%s", target)
              .isInstanceOf(StorageException.class);
        }
        assertThatThrownBy(() -> backup(db, dir.resolve("missing").resolve("copy.db")))
            .isInstanceOf(StorageException.class);
        assertThatThrownBy(() -> backup(db, Path.of("/dev/null")))
            .isInstanceOf(StorageException.class);
        assertThat(files()).isEqualTo(before);
      }
      assertThat(secret).hasContent("SECRET");
      assertThat(dir.resolve("new.db")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a#b.db", "a'b\".db", "-rf", "a\nb.db", "\uD83D\uDE00", "file:x"})
    void oddTargetIsTheFileOfThatNameForItsOwnerOnly(String name) throws IOException {
      Path target = dir.resolve(name);
      try (SqliteDatabase db = SqliteDatabase.open(dir.resolve("x.db"))) {
        Bounded.get(db.script("CREATE TABLE t(a)"));
        backup(db, target);
      }

      assertThat(files()).containsExactlyInAnyOrder("x.db", name);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target)))
          .isEqualTo("rw-------");
      use(target);
    }
  }

  @Nested
  class Identifiers {

    private static final int[] NASTY = {
      '"', '\'', '`', '[', ']', ';', '-', '/', '*', '(', ')', ':', '?', '@', '$', '%', '\\', '\n',
      '\r', '\t', ' ', 1, 0x1F, 0x7F, 0xA0, 0xFEFF, 0x200B, 0x202E, 0xFFFD, 0xFFFF, 0x1F600,
      0x10FFFF
    };

    /** Whatever the name, the quoted form is that name and nothing else. */
    @Test
    void everyNameComesBackAsItIs() {
      long seed = Long.getLong("hostile.names.seed", System.nanoTime());
      Random random = new Random(seed);
      int rounds = Scale.of(300, 20_000);
      try (SqliteDatabase db = SqliteDatabase.temporary()) {
        for (int i = 0; i < rounds; i++) {
          String table = "n" + name(random);
          String column = "c" + name(random);
          String quotedTable = SqliteDatabase.quoteIdentifier(table);
          String quotedColumn = SqliteDatabase.quoteIdentifier(column);
          String back =
              Bounded.get(
                  db.write(
                      session -> {
                        session
                            .update("CREATE TABLE " + quotedTable + "(" + quotedColumn + ")")
                            .execute();
                        session.update("INSERT INTO " + quotedTable + " VALUES (7)").execute();
                        String sql =
                            "SELECT "
                                + quotedColumn
                                + " FROM "
                                + quotedTable
                                + " WHERE "
                                + quotedColumn
                                + " = 7";
                        long value = session.query(sql).mapTo(Long.class).one().orElse(0L);
                        String found =
                            session
                                .query(
                                    "SELECT s.name || char(10) || i.name FROM sqlite_schema s,"
                                        + " pragma_table_info(s.name) i")
                                .mapTo(String.class)
                                .one()
                                .orElseThrow();
                        session.update("DROP TABLE " + quotedTable).execute();
                        return found + value;
                      }));

          assertThat(back).as("seed %d, round %d", seed, i).isEqualTo(table + "\n" + column + 7);
        }
      }
    }

    private String name(Random random) {
      StringBuilder name = new StringBuilder();
      int length = random.nextInt(12);
      for (int i = 0; i < length; i++) {
        int point = NASTY[random.nextInt(NASTY.length)];
        if (random.nextInt(3) == 0) {
          do {
            point = 1 + random.nextInt(Character.MAX_CODE_POINT);
          } while (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
        }
        name.appendCodePoint(point);
      }
      return name.toString();
    }
  }
}
