package io.github.reactivesqlite.spring.boot.observation;

import static io.micrometer.observation.tck.TestObservationRegistryAssert.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

class ObservationsTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  private void run(ContextConsumer<AssertableApplicationContext> test) {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SqliteAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"))
        .withBean(TestObservationRegistry.class, TestObservationRegistry::create)
        .run(test);
  }

  @Test
  void operationsAreObservedByNameAndWithoutSql() {
    run(
        context -> {
          ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
          TestObservationRegistry registry = context.getBean(TestObservationRegistry.class);
          db.script("CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT)").block(WAIT);
          db.update("INSERT INTO book (title) VALUES ('secret')").rowsUpdated().block(WAIT);
          db.query("SELECT title FROM book").mapTo(String.class).all().blockLast(WAIT);

          for (String operation : new String[] {"SCRIPT", "INSERT", "SELECT"}) {
            assertThat(registry)
                .hasAnObservation(
                    observation ->
                        observation
                            .hasNameEqualTo("sqlite.operation")
                            .hasContextualNameEqualTo(operation + " main")
                            .hasLowCardinalityKeyValue("db.system.name", "sqlite")
                            .hasLowCardinalityKeyValue("db.namespace", "main")
                            .hasLowCardinalityKeyValue("db.operation.name", operation));
          }
          assertThat(registry)
              .forAllObservationsWithNameEqualTo(
                  "sqlite.operation",
                  observation ->
                      observation.hasOnlyKeys(
                          "db.system.name", "db.namespace", "db.operation.name"));
        });
  }

  @Test
  void errorsAndParentsAreKnown() {
    run(
        context -> {
          ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
          TestObservationRegistry registry = context.getBean(TestObservationRegistry.class);
          Observation request = Observation.start("request", registry);
          Mono<Long> failing =
              db.update("INSERT INTO nowhere VALUES (1)")
                  .rowsUpdated()
                  .contextWrite(own -> own.put(DatabaseObservations.CONTEXT_KEY, request));

          assertThat(catchThrowable(() -> failing.block(WAIT))).isNotNull();
          request.stop();

          assertThat(registry)
              .hasObservationWithNameEqualTo("sqlite.operation")
              .that()
              .hasParentObservationEqualTo(request)
              .hasError()
              .hasBeenStopped();
        });
  }

  @Test
  void cancelledOperationsAreStoppedOnce() {
    run(
        context -> {
          ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
          TestObservationRegistry registry = context.getBean(TestObservationRegistry.class);
          CountDownLatch begun = new CountDownLatch(1);
          Disposable running =
              db.withTransaction(
                      transaction -> {
                        begun.countDown();
                        return Mono.never();
                      })
                  .subscribe();
          org.assertj.core.api.Assertions.assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

          running.dispose();

          assertThat(registry)
              .hasObservationWithNameEqualTo("sqlite.operation")
              .that()
              .hasEvent("cancelled")
              .hasBeenStopped();
        });
  }

  @Test
  void migrationThatEndsByItselfIsNotCancelled() {
    run(
        context -> {
          ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
          TestObservationRegistry registry = context.getBean(TestObservationRegistry.class);
          db.migrate(List.of(Migration.of(1, "books", "CREATE TABLE book (id INTEGER)")))
              .block(WAIT);

          assertThat(registry)
              .hasSingleObservationThat()
              .hasContextualNameEqualTo("MIGRATE main")
              .doesNotHaveEvent("cancelled")
              .hasBeenStopped();
        });
  }

  @Test
  void conventionOfTheApplicationReplacesTheDefault() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SqliteAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"))
        .withBean(TestObservationRegistry.class, TestObservationRegistry::create)
        .withBean(
            SqliteObservationConvention.class,
            () ->
                new SqliteObservationConvention() {
                  @Override
                  public String getName() {
                    return "mine";
                  }
                })
        .run(
            context -> {
              context
                  .getBean(ReactiveDatabase.class)
                  .query("SELECT 1")
                  .mapTo(Integer.class)
                  .one()
                  .block(WAIT);
              assertThat(context.getBean(TestObservationRegistry.class))
                  .hasObservationWithNameEqualTo("mine");
            });
  }

  @Test
  void theContextKeyIsThatOfMicrometer() {
    assertThat(DatabaseObservations.CONTEXT_KEY)
        .isEqualTo(io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor.KEY);
  }

  @Test
  void withoutARegistryNothingIsWrapped() {
    Mono<Integer> work = Mono.just(1);
    assertThat(DatabaseObservations.of(ObservationRegistry.NOOP, null, "main").one("SELECT", work))
        .isSameAs(work);
  }
}
