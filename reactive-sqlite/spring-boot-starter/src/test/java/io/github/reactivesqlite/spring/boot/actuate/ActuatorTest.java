package io.github.reactivesqlite.spring.boot.actuate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
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
