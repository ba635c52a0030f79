package io.github.reactivesqlite.spring.boot.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.jobs.JobType;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.PayloadCodec;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.spring.boot.SqliteConfigCustomizer;
import io.github.reactivesqlite.spring.boot.jobs.JobWorkers;
import io.github.reactivesqlite.spring.boot.jobs.SqliteJobsAutoConfiguration;
import io.github.reactivesqlite.spring.boot.transaction.SqliteExceptionTranslator;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/** The code of docs/spring-boot.md. */
class SpringBootExamplesTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class,
                SqliteJobsAutoConfiguration.class,
                TransactionManagerCustomizationAutoConfiguration.class,
                TransactionAutoConfiguration.class))
        .withPropertyValues(
            "reactive-sqlite.file=" + dir.resolve("main.db"),
            "reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
        .withUserConfiguration(Application.class);
  }

  // region: spring-transactional
  static class Accounts {

    private final ReactiveDatabase db;

    Accounts(ReactiveDatabase db) {
      this.db = db;
    }

    @Transactional
    public Mono<Void> transfer(long from, long to, long amount) {
      return add(from, -amount).then(add(to, amount)).then();
    }

    @Transactional(readOnly = true)
    public Mono<Long> total() {
      return db.query("SELECT sum(balance) FROM account").mapTo(Long.class).one();
    }

    private Mono<Long> add(long account, long amount) {
      return db.update("UPDATE account SET balance = balance + :amount WHERE id = :id")
          .bind("amount", amount)
          .bind("id", account)
          .rowsUpdated();
    }
  }

  // endregion

  static final JobType<String> MAIL = JobType.of("mail", PayloadCodec.text());

  static final BlockingQueue<String> SENT = new LinkedBlockingQueue<>();

  static class Mailer {
    Mono<Void> send(String address) {
      return Mono.fromRunnable(() -> SENT.add(address));
    }
  }

  @Configuration(proxyBeanMethods = false)
  static class Application {

    @Bean
    Accounts accounts(ReactiveDatabase db) {
      return new Accounts(db);
    }

    @Bean
    Mailer mailer() {
      return new Mailer();
    }

    // region: spring-job-workers
    @Bean
    JobWorkers mailWorkers(Mailer mailer) {
      return jobs ->
          jobs.queue().workers().handle(MAIL, job -> mailer.send(job.payload())).concurrency(2);
    }

    // endregion

    // region: spring-customizer
    @Bean
    SqliteConfigCustomizer shorterGroups() {
      return (database, config) -> {
        if (database.equals(SqliteConfigCustomizer.MAIN)) {
          config.maxGroupTime(Duration.ofMillis(5));
        }
      };
    }

    // endregion

    @Bean
    Archive archive(
        @Qualifier("archiveDatabase") ReactiveDatabase archive,
        @Qualifier("archiveSqliteDatabase") SqliteDatabase maintained) {
      return new Archive(archive, maintained);
    }
  }

  // region: spring-several
  static class Archive {

    private final ReactiveDatabase archive;
    private final SqliteDatabase maintained;

    Archive(
        @Qualifier("archiveDatabase") ReactiveDatabase archive,
        @Qualifier("archiveSqliteDatabase") SqliteDatabase maintained) {
      this.archive = archive;
      this.maintained = maintained;
    }

    @Transactional("archiveTransactionManager")
    public Mono<Long> clear() {
      return archive.update("DELETE FROM entry").rowsUpdated();
    }

    public Mono<Void> shrink() {
      return maintained.maintenance().vacuum();
    }
  }

  // endregion

  @Test
  void transactions() {
    runner()
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.script(
                      "CREATE TABLE account (id INTEGER PRIMARY KEY, balance INTEGER NOT NULL"
                          + " CHECK (balance >= 0)); INSERT INTO account VALUES (1, 100), (2, 0)")
                  .block(WAIT);
              Accounts accounts = context.getBean(Accounts.class);

              accounts.transfer(1, 2, 40).block(WAIT);
              assertThat(catchThrowable(() -> accounts.transfer(2, 1, 50).block(WAIT)))
                  .isInstanceOf(ConstraintViolationException.class);
              assertThat(accounts.total().block(WAIT)).isEqualTo(100);

              TransactionalOperator operator = context.getBean(TransactionalOperator.class);
              // region: spring-operator
              Mono<Long> emptied =
                  db.update("UPDATE account SET balance = 0")
                      .rowsUpdated()
                      .as(operator::transactional);
              // endregion
              assertThat(emptied.block(WAIT)).isEqualTo(2);
            });
  }

  @Test
  void severalDatabases() {
    runner()
        .run(
            context -> {
              context
                  .getBean("archiveDatabase", ReactiveDatabase.class)
                  .script("CREATE TABLE entry (x); INSERT INTO entry VALUES (1)")
                  .block(WAIT);
              Archive archive = context.getBean(Archive.class);
              assertThat(archive.clear().block(WAIT)).isEqualTo(1);
              archive.shrink().block(WAIT);
            });
  }

  @Test
  void jobs() {
    runner()
        .run(
            context -> {
              Jobs jobs = context.getBean(Jobs.class);
              jobs.enqueue(MAIL.job("a@example.com")).block(WAIT);
              assertThat(SENT.poll(20, TimeUnit.SECONDS)).isEqualTo("a@example.com");
            });
  }

  @Test
  void translation() {
    runner()
        .run(
            context -> {
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              db.script("CREATE TABLE book (id INTEGER PRIMARY KEY); INSERT INTO book VALUES (1)")
                  .block(WAIT);
              // region: spring-translate
              Mono<Long> inserted =
                  db.update("INSERT INTO book (id) VALUES (1)")
                      .rowsUpdated()
                      .onErrorMap(SqliteExceptionTranslator::translate);
              // endregion
              assertThat(catchThrowable(() -> inserted.block(WAIT)))
                  .isInstanceOf(DuplicateKeyException.class);
            });
  }
}
