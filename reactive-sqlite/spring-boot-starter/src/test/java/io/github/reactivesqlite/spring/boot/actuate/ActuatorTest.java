package io.github.reactivesqlite.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.Transaction;
import io.github.reactivesqlite.TransactionOptions;
import io.github.reactivesqlite.error.DatabaseBusyException;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.spring.boot.SqliteConfigCustomizer;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.WalSize;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.CompositeReactiveHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.ReactiveHealthContributor;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Health, endpoint and meters, with and without what they need. */
class ActuatorTest {

  private static final Duration WAIT = Duration.ofSeconds(30);

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class,
                SqliteHealthAutoConfiguration.class,
                SqliteEndpointAutoConfiguration.class,
                EndpointAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"));
  }

  private static Health healthOf(ReactiveHealthContributor contributor) {
    return Objects.requireNonNull(((ReactiveHealthIndicator) contributor).health().block(WAIT));
  }

  @Test
  void healthHasTheFiguresPeopleLookFor() {
    runner()
        .run(
            context -> {
              context.getBean(ReactiveDatabase.class).script("CREATE TABLE t (x)").block(WAIT);
              Health health = healthOf(context.getBean(ReactiveHealthContributor.class));
              assertThat(health.getStatus()).isEqualTo(Status.UP);
              assertThat(health.getDetails())
                  .containsEntry("database", "main")
                  .containsEntry("writer", "answers")
                  .containsEntry("lock_failures", 0L)
                  .containsEntry("queue_depth_interactive", 0)
                  .containsKeys("lock_attempts", "wal_bytes", "readers_active", "failure_rate")
                  .doesNotContainKey("warnings");
            });
  }

  @Test
  void healthIsDownWhenTheFileWasReplaced() {
    runner()
        .run(
            context -> {
              Files.delete(dir.resolve("main.db"));
              Health health = healthOf(context.getBean(ReactiveHealthContributor.class));
              assertThat(health.getStatus()).isEqualTo(Status.DOWN);
              assertThat(String.valueOf(health.getDetails().get("error"))).contains("replaced");
            });
  }

  @Test
  void healthIsDownWhenTheDatabaseIsClosed() {
    runner()
        .run(
            context -> {
              context.getBean(SqliteDatabase.class).close();
              assertThat(healthOf(context.getBean(ReactiveHealthContributor.class)).getStatus())
                  .isEqualTo(Status.DOWN);
            });
  }

  @Test
  void lockOfAnotherProcessIsADetailAndNoFailure() {
    runner()
        .run(
            context -> {
              try (Connection other =
                      DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("main.db"));
                  Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                Health health = healthOf(context.getBean(ReactiveHealthContributor.class));
                assertThat(health.getStatus()).isEqualTo(Status.UP);
                assertThat(health.getDetails())
                    .containsEntry("writer", "waits for another process to release the lock")
                    .containsEntry("lock_failures", 1L)
                    .containsKey("warnings");
              }
            });
  }

  /** One bad moment must not be a warning until the next start. */
  @Test
  void locksStopBeingAWarningWhenTheyAreOver() {
    runner()
        .withPropertyValues("reactive-sqlite.lock-timeout=50ms")
        .run(
            context -> {
              SqliteDatabase db = context.getBean(SqliteDatabase.class);
              AtomicLong clock = new AtomicLong();
              SqliteHealthIndicator indicator = new SqliteHealthIndicator(db, clock::get);
              try (Connection other =
                      DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("main.db"));
                  Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                assertThat(catchThrowable(() -> db.script("CREATE TABLE t (x)").block(WAIT)))
                    .isInstanceOf(DatabaseBusyException.class);
              }
              clock.addAndGet(Duration.ofSeconds(30).toNanos());
              assertThat(healthOf(indicator).getDetails().get("warnings"))
                  .asInstanceOf(InstanceOfAssertFactories.list(String.class))
                  .contains("more than 1 % of the writes failed by locks in the last 1 min");

              clock.addAndGet(RecentFigures.WINDOW.toNanos());

              assertThat(healthOf(indicator).getDetails())
                  .doesNotContainKey("warnings")
                  .containsEntry("lock_failures", 1L);
            });
  }

  /** The probe has its turn only after the writes that were first, if at all. */
  @Test
  void lockOfAnotherProcessIsNoFailureEitherWhileWritesWaitForIt() {
    runner()
        .run(
            context -> {
              SqliteDatabase db = context.getBean(SqliteDatabase.class);
              db.script("CREATE TABLE t (x)").block(WAIT);
              CompletableFuture<Void> bulk;
              CompletableFuture<Void> interactive;
              try (Connection other =
                      DriverManager.getConnection("jdbc:sqlite:" + dir.resolve("main.db"));
                  Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                bulk = writes(db, Lane.BULK, 3);
                interactive = writes(db, Lane.INTERACTIVE, 3);
                Health health = healthOf(context.getBean(ReactiveHealthContributor.class));
                assertThat(health.getStatus()).as("%s", health.getDetails()).isEqualTo(Status.UP);
                assertThat(health.getDetails())
                    .containsEntry("writer", "waits for another process to release the lock");
              }
              CompletableFuture.allOf(bulk, interactive).get(30, TimeUnit.SECONDS);
            });
  }

  @Test
  void warnsOfQueuesByTheCapacityThatTheDatabaseWasOpenedWith() {
    runner()
        .withPropertyValues(
            "reactive-sqlite.bulk-queue-capacity=200",
            // Neither empties the queue within the test
            "reactive-sqlite.transaction-timeout=10m",
            "reactive-sqlite.acquire-timeout=10m")
        .withBean(
            SqliteConfigCustomizer.class, () -> (name, config) -> config.bulkQueueCapacity(10))
        .run(
            context -> {
              SqliteDatabase db = context.getBean(SqliteDatabase.class);
              db.script("CREATE TABLE t (x)").block(WAIT);
              Transaction held =
                  Objects.requireNonNull(db.begin(TransactionOptions.ofDefaults()).block(WAIT));
              CompletableFuture<Void> eight = writes(db, Lane.BULK, 8);
              assertThat(warnings(db)).isEmpty();

              CompletableFuture<Void> ninth = writes(db, Lane.BULK, 1);

              assertThat(warnings(db))
                  .containsExactly("the bulk lane is above 80 % of its capacity, 10");
              held.rollback().block(WAIT);
              CompletableFuture.allOf(eight, ninth).get(30, TimeUnit.SECONDS);
              assertThat(warnings(db)).isEmpty();
            });
  }

  private static CompletableFuture<Void> writes(SqliteDatabase db, Lane lane, int count) {
    Mono<Long> insert =
        db.with(OperationOptions.labelled("import").lane(lane))
            .update("INSERT INTO t VALUES (1)")
            .rowsUpdated();
    return Flux.range(0, count).flatMap(i -> insert, count).then().toFuture();
  }

  private static List<String> warnings(SqliteDatabase db) {
    WalSize wal = Objects.requireNonNull(db.maintenance().walSize().block(WAIT));
    RecentFigures recent = new RecentFigures(db::stats, System::nanoTime);
    return DatabaseFigures.warnings(recent.look(), wal, db.config());
  }

  @Test
  void severalDatabasesAreAComposite() {
    runner()
        .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
        .run(
            context -> {
              CompositeReactiveHealthContributor all =
                  context.getBean(CompositeReactiveHealthContributor.class);
              assertThat(healthOf(Objects.requireNonNull(all.getContributor("main"))).getStatus())
                  .isEqualTo(Status.UP);
              assertThat(
                      healthOf(Objects.requireNonNull(all.getContributor("archive"))).getDetails())
                  .containsEntry("database", "archive");
            });
  }

  @Test
  void healthCanBeTurnedOff() {
    runner()
        .withPropertyValues("management.health.sqlite.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(ReactiveHealthContributor.class));
  }

  @Test
  void withoutHealthOnTheClassPathThereIsNone() {
    runner()
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.health"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean("sqliteHealthContributor");
            });
  }

  @Test
  void withoutActuatorThereIsNoEndpoint() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class, SqliteEndpointAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"))
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean("sqliteEndpoint");
            });
  }

  @Test
  void endpointIsThereOnlyWhereItIsExposed() {
    runner().run(context -> assertThat(context).doesNotHaveBean(SqliteEndpoint.class));
    runner()
        .withPropertyValues(
            "management.endpoints.jmx.exposure.include=sqlite", "spring.jmx.enabled=true")
        .run(context -> assertThat(context).hasSingleBean(SqliteEndpoint.class));
  }

  @Test
  @SuppressWarnings("unchecked")
  void endpointShowsFiguresAndSettingsAndDoesMaintenance() {
    runner()
        .run(
            context -> {
              SqliteEndpoint endpoint =
                  new SqliteEndpoint(context.getBeansOfType(SqliteDatabase.class));
              Map<String, Object> all =
                  (Map<String, Object>)
                      Objects.requireNonNull(endpoint.databases().block(WAIT)).get("databases");
              assertThat(all).containsOnlyKeys("main");
              assertThat((Map<String, Object>) all.get("main"))
                  .containsKeys("lock_attempts", "queue_depth_bulk");
              Map<String, Object> main =
                  Objects.requireNonNull(endpoint.database("main").block(WAIT));
              assertThat((Map<String, String>) main.get("settings"))
                  .containsEntry("journal_mode", "wal");
              assertThat(endpoint.database("other").block(WAIT)).isNull();
              for (String operation :
                  new String[] {
                    "checkpoint", "truncate", "optimize", "release-idle", "integrity-check"
                  }) {
                assertThat(endpoint.maintain("main", operation).block(WAIT)).containsKey("result");
              }
              assertThat(endpoint.maintain("other", "optimize").block(WAIT)).isNull();
            });
  }

  @Test
  void metersGoToTheRegistryOfTheContext() {
    runner()
        .withBean(MeterRegistry.class, SimpleMeterRegistry::new)
        .run(
            context -> {
              context.getBean(ReactiveDatabase.class).script("CREATE TABLE t (x)").block(WAIT);
              assertThat(
                      context
                          .getBean(MeterRegistry.class)
                          .get("sqlite.writer.committed")
                          .tag("database", "main")
                          .functionCounter()
                          .count())
                  .isEqualTo(1);
            });
  }
}
