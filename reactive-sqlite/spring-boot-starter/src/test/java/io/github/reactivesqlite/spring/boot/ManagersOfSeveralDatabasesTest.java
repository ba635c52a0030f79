package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.spring.boot.transaction.SqliteTransactionManager;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** A named database beside two that the application opens itself: who is meant, and when. */
class ManagersOfSeveralDatabasesTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class, TransactionAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
        .withUserConfiguration(TwoOwnDatabases.class, ViewOfTheFirst.class, Application.class);
  }

  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    Entries entries(
        @Qualifier("firstView") ReactiveDatabase first,
        @Qualifier("archiveDatabase") ReactiveDatabase archive) {
      return new Entries(first, archive);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ManagerOfTheFirst {
    @Bean
    SqliteTransactionManager firstManager(@Qualifier("first") SqliteDatabase first) {
      return new SqliteTransactionManager(first);
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ManagerOfTheSecond {
    @Bean
    SqliteTransactionManager secondManager(@Qualifier("second") SqliteDatabase second) {
      return new SqliteTransactionManager(second);
    }
  }

  static class Entries {
    private final ReactiveDatabase first;
    private final ReactiveDatabase archive;

    Entries(ReactiveDatabase first, ReactiveDatabase archive) {
      this.first = first;
      this.archive = archive;
    }

    private Mono<Long> intoBothAndFail() {
      String insert = "INSERT INTO entry DEFAULT VALUES";
      return first
          .update(insert)
          .rowsUpdated()
          .then(archive.update(insert).rowsUpdated())
          .then(Mono.error(new IllegalStateException("mine")));
    }

    @Transactional
    public Mono<Long> unnamed() {
      return intoBothAndFail();
    }

    @Transactional("archiveTransactionManager")
    public Mono<Long> named() {
      return intoBothAndFail();
    }

    @Transactional("firstManager")
    public Mono<Long> ofTheFirst() {
      return intoBothAndFail();
    }
  }

  private static void createTables(AssertableApplicationContext context) {
    for (String name : new String[] {"first", "archiveDatabase"}) {
      context
          .getBean(name, ReactiveDatabase.class)
          .script("CREATE TABLE entry (id INTEGER PRIMARY KEY)")
          .block(WAIT);
    }
  }

  private static void assertKept(AssertableApplicationContext context, long first, long archive) {
    assertThat(count(context, "first")).as("rows of the first").isEqualTo(first);
    assertThat(count(context, "archiveDatabase")).as("rows of the archive").isEqualTo(archive);
  }

  private static Long count(AssertableApplicationContext context, String database) {
    return context
        .getBean(database, ReactiveDatabase.class)
        .query("SELECT count(*) FROM entry")
        .mapTo(Long.class)
        .one()
        .block(WAIT);
  }

  @Test
  void injectionWithoutANameMeetsTheDatabasesOfTheApplication() {
    runner()
        .run(
            context ->
                assertThat(catchThrowable(() -> context.getBean(SqliteDatabase.class)))
                    .hasMessageContaining("first")
                    .hasMessageContaining("second"));
  }

  @Test
  void namedManagerIsMeantByItsNameAmongOthers() {
    runner()
        .withUserConfiguration(ManagerOfTheFirst.class, ManagerOfTheSecond.class)
        .run(
            context -> {
              createTables(context);
              Entries entries = context.getBean(Entries.class);

              assertThat(catchThrowable(() -> entries.named().block(WAIT))).hasMessage("mine");
              assertKept(context, 1, 0);
              assertThat(catchThrowable(() -> entries.ofTheFirst().block(WAIT))).hasMessage("mine");
              assertKept(context, 1, 1);
            });
  }

  @Test
  void nobodyIsMeantWithoutANameAmongSeveralOfTheApplication() {
    runner()
        .withUserConfiguration(ManagerOfTheFirst.class, ManagerOfTheSecond.class)
        .run(
            context -> {
              createTables(context);
              Entries entries = context.getBean(Entries.class);

              assertThat(catchThrowable(() -> entries.unnamed().block(WAIT)))
                  .isInstanceOf(NoUniqueBeanDefinitionException.class)
                  .hasMessageContaining("firstManager")
                  .hasMessageContaining("secondManager");
              assertKept(context, 0, 0);
              assertThat(context).doesNotHaveBean(TransactionalOperator.class);
            });
  }

  @Test
  void theOneManagerOfTheApplicationIsMeantWithoutAName() {
    runner()
        .withUserConfiguration(ManagerOfTheFirst.class)
        .run(
            context -> {
              createTables(context);
              Entries entries = context.getBean(Entries.class);

              assertThat(catchThrowable(() -> entries.unnamed().block(WAIT))).hasMessage("mine");

              assertKept(context, 0, 1);
              assertThat(context.getBean(ReactiveTransactionManager.class))
                  .isSameAs(context.getBean("firstManager"));
              assertThat(context).hasSingleBean(TransactionalOperator.class);
            });
  }

  /** As Spring has it: it does not know that there are databases without a manager. */
  @Test
  void theOnlyManagerIsMeantWithoutItsName() {
    runner()
        .run(
            context -> {
              createTables(context);
              Entries entries = context.getBean(Entries.class);

              assertThat(catchThrowable(() -> entries.unnamed().block(WAIT))).hasMessage("mine");

              assertKept(context, 1, 0);
              assertThat(context.getBean(ReactiveTransactionManager.class))
                  .isSameAs(context.getBean("archiveTransactionManager"));
            });
  }
}
