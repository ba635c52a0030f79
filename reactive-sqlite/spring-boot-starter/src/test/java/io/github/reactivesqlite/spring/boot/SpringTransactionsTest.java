package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.spring.boot.transaction.SqliteTransactionManager;
import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.InvalidDataAccessResourceUsageException;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.Exceptions;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What the context makes of transactions: proxies, several managers, translated errors. */
class SpringTransactionsTest {

  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final String TABLE = "CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT)";

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class,
                TransactionAutoConfiguration.class,
                TransactionManagerCustomizationAutoConfiguration.class,
                PersistenceExceptionTranslationAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"));
  }

  private ApplicationContextRunner withArchive() {
    return runner()
        .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"));
  }

  static class Shelf {
    private final ReactiveDatabase db;

    Shelf(ReactiveDatabase db) {
      this.db = db;
    }

    @Transactional
    public Mono<Long> save(long id, boolean fail) {
      return insert(db, id)
          .flatMap(rows -> fail ? Mono.error(new IllegalStateException("mine")) : Mono.just(rows));
    }

    @Transactional
    public Mono<Long> saveAndFailChecked(long id) {
      return insert(db, id).then(Mono.error(new IOException("mine")));
    }

    @Transactional(rollbackFor = Exception.class)
    public Mono<Long> saveAndRollBackChecked(long id) {
      return insert(db, id).then(Mono.error(new IOException("mine")));
    }

    @Transactional
    public Flux<Long> saveAndList(long id) {
      return insert(db, id)
          .thenMany(db.query("SELECT id FROM book ORDER BY id").mapTo(Long.class).all());
    }

    @Transactional(readOnly = true)
    public Mono<Long> saveInReadOnly(long id) {
      return insert(db, id);
    }
  }

  private static Mono<Long> insert(ReactiveDatabase db, long id) {
    return db.update("INSERT INTO book (id) VALUES (?)").bind(1, id).rowsUpdated();
  }

  private static Long count(ReactiveDatabase db) {
    return db.query("SELECT count(*) FROM book").mapTo(Long.class).one().block(WAIT);
  }

  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    Shelf shelf(ReactiveDatabase db) {
      return new Shelf(db);
    }

    @Bean
    Books books(ReactiveDatabase db) {
      return new Books(db);
    }
  }

  @Test
  void annotatedMethodsAreTransactions() {
    runner()
        .withUserConfiguration(Application.class)
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.script(TABLE).block(WAIT);
              Shelf shelf = context.getBean(Shelf.class);

              shelf.save(1, false).block(WAIT);
              assertThat(catchThrowable(() -> shelf.save(2, true).block(WAIT))).hasMessage("mine");
              assertThat(shelf.saveAndList(3).collectList().block(WAIT)).containsExactly(1L, 3L);
              assertThat(catchThrowable(() -> shelf.saveInReadOnly(4).block(WAIT)))
                  .hasMessageContaining("read-only");
              assertThat(count(db)).isEqualTo(2);
            });
  }

  /** As everywhere in Spring. */
  @Test
  void checkedErrorsRollBackWhereTheAnnotationSaysSo() {
    runner()
        .withUserConfiguration(Application.class)
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.script(TABLE).block(WAIT);
              Shelf shelf = context.getBean(Shelf.class);
              TransactionalOperator operator = context.getBean(TransactionalOperator.class);

              for (Mono<?> failing :
                  List.of(
                      shelf.saveAndRollBackChecked(1),
                      shelf.saveAndFailChecked(2).as(operator::transactional))) {
                assertThat(catchThrowable(() -> failing.block(WAIT)))
                    .hasRootCauseInstanceOf(IOException.class);
              }
              assertThat(count(db)).isZero();
              assertThat(catchThrowable(() -> shelf.saveAndFailChecked(3).block(WAIT)))
                  .hasRootCauseInstanceOf(IOException.class);
              assertThat(count(db)).isEqualTo(1);
            });
  }

  @Test
  void theOperatorOfSpringBootUsesTheManager() {
    runner()
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.script(TABLE).block(WAIT);
              TransactionalOperator operator = context.getBean(TransactionalOperator.class);

              insert(db, 1).as(operator::transactional).block(WAIT);

              assertThat(count(db)).isEqualTo(1);
            });
  }

  @Test
  void theViewIsInjectedForTheInterfaceAndTheDatabaseForItsClass() {
    withArchive()
        .run(
            context -> {
              assertThat(context.getBean(ReactiveDatabase.class))
                  .isSameAs(context.getBean("reactiveDatabase"))
                  .isInstanceOf(TransactionAwareDatabase.class);
              assertThat(context.getBean(SqliteDatabase.class))
                  .isSameAs(context.getBean("sqliteDatabase"));
              assertThat(context.getBean(ReactiveTransactionManager.class))
                  .isSameAs(context.getBean("sqliteTransactionManager"));
            });
  }

  static class Archive {
    private final ReactiveDatabase archive;

    Archive(ReactiveDatabase archive) {
      this.archive = archive;
    }

    @Transactional("archiveTransactionManager")
    public Mono<Long> saveAndFail(long id) {
      return insert(archive, id).then(Mono.error(new IllegalStateException("mine")));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class ArchiveApplication {
    @Bean
    Archive archive(@Qualifier("archiveDatabase") ReactiveDatabase archive) {
      return new Archive(archive);
    }

    @Bean
    Shelf shelf(ReactiveDatabase db) {
      return new Shelf(db);
    }
  }

  @Test
  void eachDatabaseHasTransactionsOfItsOwn() {
    withArchive()
        .withUserConfiguration(ArchiveApplication.class)
        .run(
            context -> {
              ReactiveDatabase main = context.getBean(ReactiveDatabase.class);
              ReactiveDatabase archive = context.getBean("archiveDatabase", ReactiveDatabase.class);
              main.script(TABLE).block(WAIT);
              archive.script(TABLE).block(WAIT);

              assertThat(
                      catchThrowable(
                          () -> context.getBean(Archive.class).saveAndFail(1).block(WAIT)))
                  .hasMessage("mine");
              context.getBean(Shelf.class).save(1, false).block(WAIT);

              assertThat(count(archive)).isZero();
              assertThat(count(main)).isEqualTo(1);
              assertThat(
                      context
                          .getBean("archiveTransactionManager", SqliteTransactionManager.class)
                          .database()
                          .name())
                  .isEqualTo("archive");
            });
  }

  @Test
  void aSingleNamedDatabaseIsInjectedWithoutItsName() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class, TransactionAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
        .run(
            context -> {
              assertThat(context.getBean(ReactiveDatabase.class))
                  .isSameAs(context.getBean("archiveDatabase"));
              assertThat(context).hasSingleBean(TransactionalOperator.class);
            });
  }

  @Test
  void twoNamedDatabasesHaveToBeNamedAtTheInjection() {
    new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SqliteAutoConfiguration.class))
        .withPropertyValues(
            "reactive-sqlite.databases.one.file=" + dir.resolve("one.db"),
            "reactive-sqlite.databases.two.file=" + dir.resolve("two.db"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(catchThrowable(() -> context.getBean(ReactiveDatabase.class)))
                  .hasMessageContaining("oneDatabase")
                  .hasMessageContaining("twoDatabase");
            });
  }

  @Test
  void namedDatabasesStepBackFromOneOfTheApplication() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class, TransactionAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
        .withBean("own", SqliteDatabase.class, SqliteDatabase::temporary)
        .withUserConfiguration(Application.class)
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              SqliteDatabase own = context.getBean("own", SqliteDatabase.class);
              own.script(TABLE).block(WAIT);
              assertThat(db).isSameAs(context.getBean("reactiveDatabase"));
              assertThat(context.getBean(SqliteTransactionManager.class).database()).isSameAs(own);

              context.getBean(Shelf.class).save(1, false).block(WAIT);

              assertThat(count(own)).isEqualTo(1);
            });
  }

  @Test
  void backsOffFromAManagerOfTheApplication() {
    try (SqliteDatabase managed = SqliteDatabase.temporary()) {
      runner()
          .withBean(
              "own", SqliteTransactionManager.class, () -> new SqliteTransactionManager(managed))
          .run(
              context ->
                  assertThat(context.getBean(ReactiveTransactionManager.class))
                      .isSameAs(context.getBean("own")));
    }
  }

  @Test
  void listenersHearOfTransactions() {
    StringBuffer heard = new StringBuffer();
    runner()
        .withBean(
            TransactionExecutionListener.class,
            () ->
                new TransactionExecutionListener() {
                  @Override
                  public void afterCommit(TransactionExecution transaction, Throwable failure) {
                    heard.append("committed ").append(transaction.getTransactionName());
                  }
                })
        .withUserConfiguration(Application.class)
        .run(
            context -> {
              context.getBean(ReactiveDatabase.class).script(TABLE).block(WAIT);
              context.getBean(Shelf.class).save(1, false).block(WAIT);
              assertThat(heard.toString()).endsWith("Shelf.save");
            });
  }

  @Repository
  static class Books {
    private final ReactiveDatabase db;

    Books(ReactiveDatabase db) {
      this.db = db;
    }

    public Mono<Long> one(long id) {
      return insert(db, id);
    }

    public Flux<Long> many(long id) {
      return insert(db, id).flux();
    }

    public Mono<Long> nonsense() {
      return db.query("SELEC nonsense").mapTo(Long.class).one();
    }
  }

  @Test
  void errorsOfRepositoriesAreThoseOfSpring() {
    runner()
        .withUserConfiguration(Application.class)
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.script(TABLE).block(WAIT);
              insert(db, 1).block(WAIT);
              Books books = context.getBean(Books.class);

              assertThat(Exceptions.unwrap(catchThrowable(() -> books.one(1).block(WAIT))))
                  .isInstanceOf(DuplicateKeyException.class)
                  .hasCauseInstanceOf(ConstraintViolationException.class);
              assertThat(Exceptions.unwrap(catchThrowable(() -> books.many(1).blockLast(WAIT))))
                  .isInstanceOf(DuplicateKeyException.class);
              assertThat(catchThrowable(books::nonsense))
                  .isInstanceOf(InvalidDataAccessResourceUsageException.class);
              assertThat(catchThrowable(() -> insert(db, 1).block(WAIT)))
                  .as("elsewhere they stay those of the library")
                  .isInstanceOf(ConstraintViolationException.class);
            });
  }

  @Test
  void translationCanBeTurnedOff() {
    runner()
        .withPropertyValues("spring.persistence.exceptiontranslation.enabled=false")
        .withUserConfiguration(Application.class)
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.script(TABLE).block(WAIT);
              insert(db, 1).block(WAIT);

              assertThat(catchThrowable(() -> context.getBean(Books.class).one(1).block(WAIT)))
                  .isInstanceOf(ConstraintViolationException.class);
            });
  }
}
