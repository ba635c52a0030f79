package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.Durability;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of docs/configuration.md. */
class ConfigurationExamplesTest {

  @TempDir Path directory;

  @Test
  void builder() {
    Path file = directory.resolve("library.db");
    // region: configuration-open
    SqliteDatabase db =
        SqliteDatabase.builder(file)
            .config(
                config ->
                    config
                        .durability(Durability.NORMAL)
                        .readers(3)
                        .lockTimeout(Duration.ofSeconds(60))
                        .retryPolicy(RetryPolicy.patient()))
            .build();
    // endregion
    try (db) {
      assertThat(db.config().readers()).isEqualTo(3);
      assertThat(db.config().lockTimeout()).isEqualTo(Duration.ofSeconds(60));
      // region: configuration-view
      ReactiveDatabase importer =
          db.with(
              OperationOptions.labelled("nightly-import")
                  .lane(Lane.BULK)
                  .executionTimeout(Duration.ofMinutes(1)));
      // endregion
      importer.script("CREATE TABLE t (a)").block(Duration.ofSeconds(30));
      Long synchronous =
          db.query("SELECT count(*) FROM t").mapTo(Long.class).one().block(Duration.ofSeconds(30));
      assertThat(synchronous).isZero();
    }
  }

  @Test
  void allViolationsAreReportedAtOnce() {
    assertThatThrownBy(() -> SqliteConfig.builder().readers(1).pageSize(1_000).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readers")
        .hasMessageContaining("pageSize");
  }
}
