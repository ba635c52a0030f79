package io.github.reactivesqlite.demo.figures;

import io.github.reactivesqlite.demo.library.DatabaseFile;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** How large the database file is. */
@Component
class DatabaseSize {

  /** The gauge's name. */
  static final String METER = "library.database.size";

  private final Path file;

  DatabaseSize(DatabaseFile database, MeterRegistry registry) {
    this.file = database.path();
    Gauge.builder(METER, this, DatabaseSize::bytes)
        .description("Size of the database file, without its WAL")
        .baseUnit("bytes")
        .strongReference(true)
        .register(registry);
  }

  /** Asks for the size alone: the file is not opened. */
  long bytes() {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }
}
