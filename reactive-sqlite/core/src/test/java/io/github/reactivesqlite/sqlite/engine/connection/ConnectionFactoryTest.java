package io.github.reactivesqlite.sqlite.engine.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.sqlite.config.Durability;
import io.github.reactivesqlite.sqlite.config.Settings;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.TempStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;

class ConnectionFactoryTest {

  @TempDir Path dir;
  private Path file;
  private final Deque<SQLiteConnection> open = new ArrayDeque<>();

  @BeforeEach
  void createTheFile() throws IOException {
    file = Files.createFile(dir.toRealPath().resolve("x.db"));
  }

  @AfterEach
  void closeAll() throws SQLException {
    while (!open.isEmpty()) {
      open.pop().close();
    }
  }

  private SQLiteConnection open(Role role) throws SQLException {
    return open(role, SqliteConfig.ofDefaults());
  }

  private SQLiteConnection open(Role role, SqliteConfig config) throws SQLException {
    SQLiteConnection connection = new ConnectionFactory(file, config).open(role);
    open.push(connection);
    return connection;
  }

  private static String ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      return rows.next() ? rows.getString(1) : null;
    }
  }

  private static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private Connection raw() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + file);
  }

  private static void assertEngineRefuses(SQLiteErrorCode code, ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOf(SQLException.class)
        .extracting(ErrorTranslator::extendedCode)
        .isEqualTo(code.code);
  }

  private static void assertStorageFails(StorageException.Kind kind, ThrowingCallable action) {
    assertThatThrownBy(action)
        .asInstanceOf(InstanceOfAssertFactories.type(StorageException.class))
        .extracting(StorageException::kind)
        .isEqualTo(kind);
  }

  @Nested
  class SettingsOfEachRole {

    @Test
    void theWriterWorksWithTheDefaults() throws SQLException {
      Settings settings = settings(open(Role.WRITER), SqliteConfig.ofDefaults());

      assertThat(settings.values())
          .containsEntry("journal_mode", "wal")
          .containsEntry("synchronous", "full")
          .containsEntry("locking_mode", "normal")
          .containsEntry("wal_autocheckpoint", "0")
          .containsEntry("journal_size_limit", "268435456")
          .containsEntry("busy_timeout", "0")
          .containsEntry("page_size", "4096")
          .containsEntry("auto_vacuum", "none")
          .containsEntry("encoding", "UTF-8")
          .containsEntry("cache_size", "-64000")
          .containsEntry("mmap_size", "0")
          .containsEntry("temp_store", "memory")
          .containsEntry("foreign_keys", "1")
          .containsEntry("recursive_triggers", "0")
          .containsEntry("trusted_schema", "0")
          .containsEntry("cell_size_check", "1")
          .containsEntry("query_only", "0")
          .containsEntry("limit.attached", "0")
          .containsEntry("limit.length", "100000000")
          .containsEntry("limit.sql_length", "1000000");
      assertThat(settings.values().keySet()).startsWith("journal_mode", "synchronous");
      assertThat(SqliteVersion.parse(settings.sqliteVersion()).isSafe()).isTrue();
      assertThat(settings.driverVersion()).startsWith(settings.sqliteVersion());
    }

    @Test
    void everyKnobReachesTheWriter() throws SQLException {
      SqliteConfig config =
          SqliteConfig.builder()
              .durability(Durability.NORMAL)
              .pageSize(8_192)
              .incrementalVacuum(true)
              .cacheSizeKib(1_234)
              .mmapSize(1_048_576)
              .tempStore(TempStore.FILE)
              .foreignKeys(false)
              .recursiveTriggers(true)
              .walLimit(50_000_000)
              .maxValueBytes(5_000_000)
              .maxSqlLength(50_000)
              .build();

      assertThat(settings(open(Role.WRITER, config), config).values())
          .containsEntry("synchronous", "normal")
          .containsEntry("page_size", "8192")
          .containsEntry("auto_vacuum", "incremental")
          .containsEntry("cache_size", "-1234")
          .containsEntry("mmap_size", "1048576")
          .containsEntry("temp_store", "file")
          .containsEntry("foreign_keys", "0")
          .containsEntry("recursive_triggers", "1")
          .containsEntry("journal_size_limit", "50000000")
          .containsEntry("limit.length", "5000000")
          .containsEntry("limit.sql_length", "50000");
    }

    @Test
    void readersServeWithTheSameSettingsButOnlyQuery() throws SQLException {
      open(Role.WRITER);

      assertThat(settings(open(Role.READER), SqliteConfig.ofDefaults()).values())
          .containsEntry("query_only", "1")
          .containsEntry("journal_mode", "wal")
          .containsEntry("cache_size", "-64000")
          .containsEntry("busy_timeout", "0")
          .containsEntry("trusted_schema", "0")
          .containsEntry("limit.attached", "0");
    }

    @ParameterizedTest
    @EnumSource(names = {"MAINTENANCE", "BACKUP"})
    void connectionsThatServeNobodyAreSmall(Role role) throws SQLException {
      SqliteConfig config = SqliteConfig.builder().mmapSize(1_048_576).build();
      open(Role.WRITER, config);

      assertThat(settings(open(role, config), config).values())
          .containsEntry("cache_size", "-2000")
          .containsEntry("mmap_size", "0")
          .containsEntry("query_only", "0")
          .containsEntry("wal_autocheckpoint", "0");
    }

    @Test
    void maintenanceFlushesAsTheWriterDoes() throws SQLException {
      SqliteConfig config = SqliteConfig.builder().durability(Durability.NORMAL).build();
      open(Role.WRITER, config);

      assertThat(settings(open(Role.MAINTENANCE, config), config).values())
          .containsEntry("synchronous", "normal");
    }

    @Test
    void anExistingFileKeepsItsLayout() throws SQLException {
      try (Connection earlier = raw()) {
        run(earlier, "PRAGMA page_size=1024", "CREATE TABLE t(a)");
      }
      SqliteConfig config = SqliteConfig.builder().pageSize(8_192).incrementalVacuum(true).build();

      assertThat(settings(open(Role.WRITER, config), config).values())
          .containsEntry("page_size", "1024")
          .containsEntry("auto_vacuum", "none")
          .containsEntry("journal_mode", "wal");
    }

    @Test
    void aSettingThatDoesNotHoldIsNamed() {
      SqliteConfig config = SqliteConfig.builder().mmapSize(Long.MAX_VALUE).build();

      assertThatThrownBy(() -> open(Role.WRITER, config))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("The setting mmap_size is '")
          .hasMessageContaining("'" + Long.MAX_VALUE + "' was asked for");
      assertThat(openDescriptors()).isZero();
    }

    private Settings settings(SQLiteConnection connection, SqliteConfig config)
        throws SQLException {
      return new ConnectionFactory(file, config).settings(connection);
    }
  }

  @Nested
  class Names {

    @ParameterizedTest
    @ValueSource(
        strings = {"a#b.db", "a%41.db", "mode=memory.db", "a&cache=shared;.db", "with space.db"})
    void theNameIsNotParsed(String name) throws Exception {
      file = Files.createFile(file.resolveSibling(name));

      SQLiteConnection writer = open(Role.WRITER);

      try (Statement statement = writer.createStatement();
          ResultSet rows = statement.executeQuery("PRAGMA database_list")) {
        assertThat(rows.next()).isTrue();
        assertThat(rows.getString("file")).isEqualTo(file.toString());
      }
      assertThat(Files.size(file)).isPositive();
    }

    @Test
    void aRelativePathIsRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new ConnectionFactory(Path.of(":memory:"), SqliteConfig.ofDefaults()));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void aFileThatVanishedIsNotCreated(Role role) throws IOException {
      Files.delete(file);

      assertStorageFails(StorageException.Kind.CANNOT_OPEN, () -> open(role));
      assertThat(file).doesNotExist();
    }
  }

  @Nested
  class Transactions {

    @Test
    void theDriverAddsNoTransactionOfItsOwn() throws SQLException {
      SQLiteConnection writer = open(Role.WRITER);
      run(writer, "CREATE TABLE t(a)", "INSERT INTO t VALUES (1)");
      SQLiteConnection reader = open(Role.READER);

      assertThat(writer.getAutoCommit()).isFalse();
      assertThat(ask(reader, "SELECT count(*) FROM t")).isEqualTo("1");
      run(writer, "BEGIN IMMEDIATE", "INSERT INTO t VALUES (2)");
      assertThat(ask(reader, "SELECT count(*) FROM t")).isEqualTo("1");
      run(writer, "COMMIT");
      assertThat(ask(reader, "SELECT count(*) FROM t")).isEqualTo("2");
      run(writer, "BEGIN IMMEDIATE", "INSERT INTO t VALUES (3)", "ROLLBACK");
      assertThat(ask(reader, "SELECT count(*) FROM t")).isEqualTo("2");
    }

    @Test
    void theFilesBesideAreAsPrivateAsTheFile() throws Exception {
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));

      run(open(Role.WRITER), "CREATE TABLE t(a)");

      for (String suffix : List.of("-wal", "-shm")) {
        Path beside = Path.of(file + suffix);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(beside)))
            .isEqualTo("rw-------");
      }
    }

    @Test
    void aSharedCacheOfOthersIsNotShared() throws SQLException {
      SQLiteConnection writer = open(Role.WRITER);
      run(writer, "CREATE TABLE t(a)");
      writer.getDatabase().shared_cache(true);
      try {
        SQLiteConnection second = open(Role.MAINTENANCE);
        SQLiteConnection reader = open(Role.READER);
        run(second, "BEGIN IMMEDIATE", "INSERT INTO t VALUES (1)");

        assertThat(ask(reader, "SELECT count(*) FROM t")).isEqualTo("0");
        run(second, "ROLLBACK");
      } finally {
        writer.getDatabase().shared_cache(false);
      }
    }
  }

  @Nested
  class Gates {

    @Test
    void aReaderCannotWriteEvenWithoutQueryOnly() throws SQLException {
      run(open(Role.WRITER), "CREATE TABLE t(a)");
      SQLiteConnection reader = open(Role.READER);

      assertEngineRefuses(
          SQLiteErrorCode.SQLITE_READONLY, () -> run(reader, "INSERT INTO t VALUES (1)"));
      run(reader, "PRAGMA query_only=0");
      assertEngineRefuses(
          SQLiteErrorCode.SQLITE_READONLY, () -> run(reader, "INSERT INTO t VALUES (1)"));
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void nothingCanBeAttached(Role role) throws SQLException {
      open(Role.WRITER);
      SQLiteConnection connection = open(role);
      Path other = dir.resolve("other.db");

      assertEngineRefuses(
          SQLiteErrorCode.SQLITE_ERROR, () -> run(connection, "ATTACH '" + other + "' AS o"));
      assertThat(other).doesNotExist();
    }

    @ParameterizedTest
    @EnumSource(Role.class)
    void extensionsCannotBeLoaded(Role role) throws SQLException {
      open(Role.WRITER);
      SQLiteConnection connection = open(role);

      assertThatThrownBy(() -> ask(connection, "SELECT load_extension('x')"))
          .hasMessageContaining("not authorized");
    }

    @Test
    void valuesAndTextsAreBounded() throws SQLException {
      SqliteConfig config =
          SqliteConfig.builder().maxValueBytes(10_000).maxSqlLength(5_000).build();
      SQLiteConnection writer = open(Role.WRITER, config);

      assertEngineRefuses(
          SQLiteErrorCode.SQLITE_TOOBIG, () -> ask(writer, "SELECT hex(zeroblob(9000))"));
      assertEngineRefuses(
          SQLiteErrorCode.SQLITE_TOOBIG, () -> ask(writer, "SELECT 1" + " ".repeat(5_000)));
    }

    @Test
    void aBackupMayAttachItsTargetForAWhile() throws SQLException {
      run(open(Role.WRITER), "CREATE TABLE t(a)", "INSERT INTO t VALUES (7)");
      SQLiteConnection backup = open(Role.BACKUP);
      Path copy = dir.resolve("copy.db");

      ConnectionFactory.allowAttach(backup, true);
      run(backup, "VACUUM INTO '" + copy + "'");
      ConnectionFactory.allowAttach(backup, false);

      assertThat(copy).isNotEmptyFile();
      assertThat(ask(backup, "PRAGMA integrity_check")).isEqualTo("ok");
      assertEngineRefuses(
          SQLiteErrorCode.SQLITE_ERROR, () -> run(backup, "ATTACH '" + copy + "' AS c"));
    }

    @Test
    void theDriverCopiesForABackupConnection() throws SQLException {
      run(open(Role.WRITER), "CREATE TABLE t(a)", "INSERT INTO t VALUES (7)");
      Path copy = dir.resolve("copy.db");

      int code = open(Role.BACKUP).getDatabase().backup("main", copy.toString(), null);

      assertThat(code).isZero();
      try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + copy)) {
        assertThat(ask(other, "SELECT a FROM t")).isEqualTo("7");
      }
    }
  }

  @Nested
  class Failures {

    @Test
    void aTakenLockIsThrownAsTheDriverThrewIt() throws SQLException {
      try (Connection other = raw()) {
        run(other, "CREATE TABLE t(a)", "BEGIN EXCLUSIVE");

        assertThatThrownBy(() -> open(Role.WRITER))
            .isInstanceOf(SQLException.class)
            .matches(ErrorTranslator::isBusy);

        run(other, "COMMIT");
      }
      assertThat(openDescriptors()).isZero();
      assertThat(open(Role.WRITER)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 600, 100_000})
    void anythingElseIsNoDatabase(int size) throws IOException {
      Files.writeString(file, "z".repeat(size));

      assertStorageFails(StorageException.Kind.NOT_A_DATABASE, () -> open(Role.WRITER));
      assertThat(file).hasSize(size);
      assertThat(openDescriptors()).isZero();
    }

    @Test
    void aDamagedFileIsCorrupt() throws Exception {
      try (Connection earlier = raw()) {
        run(earlier, "CREATE TABLE t(a)");
      }
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(new byte[3_000]), 100);
      }

      assertStorageFails(StorageException.Kind.CORRUPT, () -> open(Role.WRITER));
      assertThat(openDescriptors()).isZero();
    }

    @Test
    void readersNeedTheWriterToHaveBeenFirst() {
      assertThatThrownBy(() -> open(Role.READER))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("journal_mode is 'delete' although 'wal'");
    }
  }

  private long openDescriptors() {
    Path descriptors = Path.of("/proc/self/fd");
    assumeTrue(Files.isDirectory(descriptors));
    try (Stream<Path> paths = Files.list(descriptors)) {
      return paths.filter(this::isOurs).count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isOurs(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith(file.toString());
    } catch (IOException e) {
      return false;
    }
  }
}
