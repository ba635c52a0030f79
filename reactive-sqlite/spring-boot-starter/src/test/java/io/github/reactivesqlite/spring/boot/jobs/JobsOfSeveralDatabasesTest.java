package io.github.reactivesqlite.spring.boot.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.jobs.JobType;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.PayloadCodec;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.spring.boot.TwoOwnDatabases;
import io.github.reactivesqlite.spring.boot.ViewOfTheFirst;
import io.github.reactivesqlite.spring.boot.transaction.TransactionAwareDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import reactor.core.publisher.Mono;

/** In which of several databases the jobs are. */
class JobsOfSeveralDatabasesTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(SqliteAutoConfiguration.class, SqliteJobsAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"));
  }

  private static boolean hasJobs(ReactiveDatabase db) {
    Long tables =
        db.query("SELECT count(*) FROM sqlite_schema WHERE name = 'jobs_schema'")
            .mapTo(Long.class)
            .one()
            .block(WAIT);
    return tables != null && tables == 1;
  }

  @Configuration(proxyBeanMethods = false)
  static class JobsOfBoth {
    @Bean
    Jobs firstJobs(@Qualifier("first") SqliteDatabase first) {
      return Jobs.of(first);
    }

    @Bean
    Jobs secondJobs(@Qualifier("second") SqliteDatabase second) {
      return Jobs.of(second);
    }
  }

  @Test
  void theyAreInTheMainOne() {
    runner()
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"))
        .run(
            context -> {
              assertThat(hasJobs(context.getBean("reactiveDatabase", ReactiveDatabase.class)))
                  .isTrue();
              assertThat(hasJobs(context.getBean("archiveDatabase", ReactiveDatabase.class)))
                  .isFalse();
            });
  }

  @Test
  void theyAreInTheNamedOneThatIsAlone() {
    runner()
        .run(
            context ->
                assertThat(hasJobs(context.getBean("archiveDatabase", ReactiveDatabase.class)))
                    .isTrue());
  }

  @Test
  void theyAreInTheOneThatIsChosen() {
    runner()
        .withPropertyValues(
            "reactive-sqlite.file=" + dir.resolve("main.db"),
            "reactive-sqlite.jobs.database=archive")
        .run(
            context -> {
              assertThat(hasJobs(context.getBean("archiveDatabase", ReactiveDatabase.class)))
                  .isTrue();
              assertThat(hasJobs(context.getBean("reactiveDatabase", ReactiveDatabase.class)))
                  .isFalse();
            });
  }

  @Test
  void theyDoNotGoToANamedOneBecauseTheApplicationHasSeveral() {
    runner()
        .withUserConfiguration(TwoOwnDatabases.class)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOf(NoMainDatabaseException.class));
    try (SqliteDatabase archive = SqliteDatabase.open(dir.resolve("archive.db"))) {
      assertThat(hasJobs(archive)).isFalse();
    }
  }

  @Test
  void theyAreInTheOneWithTheOnlyViewOfTheApplication() {
    runner()
        .withUserConfiguration(TwoOwnDatabases.class, ViewOfTheFirst.class)
        .run(
            context -> {
              assertThat(hasJobs(context.getBean("first", ReactiveDatabase.class))).isTrue();
              assertThat(hasJobs(context.getBean("archiveDatabase", ReactiveDatabase.class)))
                  .isFalse();
            });
    runner()
        .withUserConfiguration(TwoOwnDatabases.class, ViewOfTheFirst.class)
        .withPropertyValues("reactive-sqlite.jobs.database=archive")
        .run(
            context ->
                assertThat(hasJobs(context.getBean("archiveDatabase", ReactiveDatabase.class)))
                    .isTrue());
  }

  @Test
  void aViewWithoutItsDatabaseIsEnough() {
    try (SqliteDatabase db = SqliteDatabase.temporary()) {
      runner()
          .withPropertyValues("reactive-sqlite.enabled=false")
          .withBean(TransactionAwareDatabase.class, () -> TransactionAwareDatabase.of(db))
          .run(
              context -> {
                assertThat(context).hasSingleBean(Jobs.class);
                assertThat(hasJobs(db)).isTrue();
              });
    }
    runner()
        .withPropertyValues("reactive-sqlite.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Jobs.class));
  }

  @Test
  void aDatabaseWithoutAViewIsNotEnoughWhereViewsAreNotMade() {
    runner()
        .withPropertyValues("reactive-sqlite.enabled=false")
        .withBean(SqliteDatabase.class, SqliteDatabase::temporary)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(Jobs.class);
            });
  }

  /** Which of them the workers are for, it has to say. */
  @Test
  void ofSeveralJobsThePrimaryOnesGetTheWorkers() {
    List<Jobs> working = new CopyOnWriteArrayList<>();
    ApplicationContextRunner withWorkers =
        runner()
            .withUserConfiguration(TwoOwnDatabases.class, JobsOfBoth.class)
            .withBean(
                JobWorkers.class,
                () ->
                    jobs -> {
                      working.add(jobs);
                      return jobs.queue()
                          .workers()
                          .handle(JobType.of("any", PayloadCodec.text()), job -> Mono.empty());
                    });

    withWorkers.run(
        context ->
            assertThat(context)
                .getFailure()
                .rootCause()
                .isInstanceOf(NoUniqueBeanDefinitionException.class)
                .hasMessageContaining("firstJobs")
                .hasMessageContaining("secondJobs"));
    assertThat(working).isEmpty();
    withWorkers
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    beans -> beans.getBeanDefinition("secondJobs").setPrimary(true)))
        .run(
            context ->
                assertThat(working).containsExactly(context.getBean("secondJobs", Jobs.class)));
  }

  @Test
  void theApplicationMayHaveJobsOfItsOwnInSeveral() {
    runner()
        .withUserConfiguration(TwoOwnDatabases.class, JobsOfBoth.class)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBeansOfType(Jobs.class))
                  .containsOnlyKeys("firstJobs", "secondJobs");
            });
  }
}
