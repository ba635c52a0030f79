package io.github.reactivesqlite.contract;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A real SQLite file in the given directory. */
record SqliteBackend(Path directory) implements Backend {

  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private Path file() {
    return directory.resolve("contract.db");
  }

  @Override
  public ReactiveDatabase open(Setup setup) {
    return SqliteDatabase.builder(file())
        .config(
            config ->
                config
                    .readers(setup.readers())
                    .interactiveQueueCapacity(setup.writeQueue())
                    .readQueueCapacity(setup.readQueue())
                    .returningRowLimit(setup.returningRows())
                    // No pause of the machine cuts a group that a test has put together
                    .maxGroupTime(Duration.ofSeconds(20))
                    .closeTimeout(setup.closeTimeout()))
        .build();
  }

  /** Each connection holds the database file open once; counted where Linux shows it. */
  @Override
  public int openConnections() {
    if (!Files.isDirectory(OPEN_FILES)) {
      return 0;
    }
    try (Stream<Path> descriptors = Files.list(OPEN_FILES)) {
      Path real = file().toRealPath();
      return (int) descriptors.filter(descriptor -> pointsTo(descriptor, real)).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean pointsTo(Path descriptor, Path file) {
    try {
      return Files.readSymbolicLink(descriptor).equals(file);
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }

  @Override
  public String writerThreadMark() {
    return "-writer";
  }

  @Override
  public String readerThreadMark() {
    return "-reader-";
  }
}
