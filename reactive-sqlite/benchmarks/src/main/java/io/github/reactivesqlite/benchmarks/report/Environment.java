package io.github.reactivesqlite.benchmarks.report;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.zaxxer.hikari.HikariDataSource;
import io.github.reactivesqlite.benchmarks.measure.Fsync;
import io.github.reactivesqlite.benchmarks.peer.Load;
import io.github.reactivesqlite.benchmarks.peer.PeerKind;
import io.vertx.jdbcclient.JDBCPool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.davidmoten.rxjava3.jdbc.Database;
import org.jobrunr.configuration.JobRunr;
import org.springframework.jdbc.core.JdbcTemplate;
import org.sqlite.JDBC;
import reactor.core.publisher.Flux;

/** What a run ran on. */
public final class Environment {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path LOAD = Path.of("/proc/loadavg");

  private final double fsyncMillis;
  private final Map<String, String> lines = new LinkedHashMap<>();

  private Environment(double fsyncMillis) {
    this.fsyncMillis = fsyncMillis;
  }

  /**
   * Looks around; takes a moment, because it measures the disk.
   *
   * @param directory where the databases of the run live
   */
  public static Environment of(Path directory, String mode, long seed, List<PeerKind> peers)
      throws IOException, SQLException {
    Environment environment = new Environment(Fsync.medianMillis(directory));
    environment.describe(directory, mode, seed, peers);
    return environment;
  }

  private void describe(Path directory, String mode, long seed, List<PeerKind> peers)
      throws IOException, SQLException {
    put("mode", mode + ", seed " + seed);
    put(
        "machine",
        "%d cores, %s, load %s before the run"
            .formatted(Runtime.getRuntime().availableProcessors(), processor(), load()));
    put(
        "system",
        property("os.name")
            + " "
            + property("os.version")
            + ", "
            + Files.getFileStore(directory).type());
    put(
        "fsync",
        "%.3f ms for a page of 4 KiB (median)%s"
            .formatted(
                fsyncMillis,
                fsyncMillis < Reach.LEAST_FSYNC_MILLIS
                    ? ": too fast to be a disk, rows at FULL do not count"
                    : ""));
    put(
        "java",
        property("java.vm.name")
            + " "
            + property("java.vm.version")
            + ", heap of at most "
            + Runtime.getRuntime().maxMemory() / (1024 * 1024)
            + " MiB");
    put(
        "versions",
        "SQLite "
            + sqliteVersion()
            + ", "
            + List.of(
                    JDBC.class,
                    Flux.class,
                    HikariDataSource.class,
                    JdbcTemplate.class,
                    Database.class,
                    JDBCPool.class,
                    JobRunr.class,
                    Scheduler.class)
                .stream()
                .map(Environment::jar)
                .collect(Collectors.joining(", ")));
    put(
        "durability",
        "WAL; FULL (an fsync per commit) or NORMAL (none), as the workload's name says;"
            + " FULL where it says neither, and NORMAL for mixes and limits");
    for (PeerKind kind : peers) {
      put(
          kind.id(),
          kind.description(Load.WRITES)
              + " for writes; "
              + kind.description(Load.READS)
              + " for reads");
    }
  }

  private void put(String name, String value) {
    lines.put(name, value);
  }

  /** The measured time of making a page durable. */
  public double fsyncMillis() {
    return fsyncMillis;
  }

  /** One line each: name, then value. */
  public List<String> lines() {
    return lines.entrySet().stream()
        .map(line -> "%-15s %s".formatted(line.getKey(), line.getValue()))
        .toList();
  }

  private static String processor() throws IOException {
    if (Files.isReadable(CPU_INFO)) {
      for (String line : Files.readAllLines(CPU_INFO)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return property("os.arch");
  }

  private static String load() throws IOException {
    return Files.isReadable(LOAD) ? Files.readString(LOAD).split(" ", 2)[0] : "unknown";
  }

  private static String property(String name) {
    return System.getProperty(name, "unknown");
  }

  private static String sqliteVersion() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT sqlite_version()")) {
      return row.next() ? row.getString(1) : "unknown";
    }
  }

  /** The name of the jar that a class comes from has its version in it. */
  private static String jar(Class<?> type) {
    CodeSource source = type.getProtectionDomain().getCodeSource();
    if (source == null) {
      return type.getSimpleName();
    }
    String path = source.getLocation().getPath();
    return path.substring(path.lastIndexOf('/') + 1).replaceFirst("\\.jar$", "");
  }
}
