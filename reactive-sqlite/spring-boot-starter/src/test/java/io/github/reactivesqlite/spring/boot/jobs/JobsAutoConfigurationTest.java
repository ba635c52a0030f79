package io.github.reactivesqlite.spring.boot.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.jobs.JobInfo;
import io.github.reactivesqlite.jobs.JobState;
import io.github.reactivesqlite.jobs.JobType;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.JobsOptions;
import io.github.reactivesqlite.jobs.PayloadCodec;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionManagerCustomizationAutoConfiguration;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class JobsAutoConfigurationTest {

  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final JobType<String> GREET = JobType.of("greet", PayloadCodec.text());

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class,
                SqliteJobsAutoConfiguration.class,
                TransactionManagerCustomizationAutoConfiguration.class,
                TransactionAutoConfiguration.class))
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"));
  }

  private static JobWorkers greeting(CountDownLatch begun, Mono<Void> work) {
    return jobs ->
        jobs.queue()
            .workers()
            .handle(
                GREET,
                job -> {
                  begun.countDown();
                  return work;
                });
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
  }

  private static void awaitState(Jobs jobs, long id, JobState state) {
    JobInfo reached =
        jobs.find(id)
            .filter(job -> job.state() == state)
            .repeatWhenEmpty(again -> again.delayElements(Duration.ofMillis(5)))
            .block(WAIT);
    assertThat(reached).isNotNull();
  }

  @Test
  void workersStartWithTheContextAndRunJobs() {
    CountDownLatch begun = new CountDownLatch(1);
    runner()
        .withBean(JobWorkers.class, () -> greeting(begun, Mono.empty()))
        .run(
            context -> {
              Jobs jobs = context.getBean(Jobs.class);
              long id = jobs.enqueue(GREET.job("you")).block(WAIT).id();
              await(begun);
              awaitState(jobs, id, JobState.COMPLETED);
            });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void workersRunTheJobsThatTheApplicationMakesItself(boolean withOurs) {
    CountDownLatch begun = new CountDownLatch(1);
    try (SqliteDatabase db = SqliteDatabase.temporary()) {
      Jobs own = Jobs.of(db);
      own.migrate().block(WAIT);
      runner()
          .withPropertyValues("reactive-sqlite.enabled=" + withOurs)
          .withBean("ownJobs", Jobs.class, () -> own)
          .withBean(JobWorkers.class, () -> greeting(begun, Mono.empty()))
          .run(
              context -> {
                assertThat(context).getBeanNames(Jobs.class).containsExactly("ownJobs");
                long id = own.enqueue(GREET.job("you")).block(WAIT).id();
                await(begun);
                awaitState(own, id, JobState.COMPLETED);
              });
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "lease=0s",
        "poll-interval=-1s",
        "flush-interval=-1s",
        "flush-size=0",
        "retention=-1d",
        "worker-name=",
        "stop-timeout=-1s",
        "migrate-timeout=0s"
      })
  void propertyThatIsOutOfRangeIsNamed(String setting) {
    String property = "reactive-sqlite.jobs." + setting.substring(0, setting.indexOf('='));
    runner()
        .withPropertyValues("reactive-sqlite.jobs." + setting)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOfSatisfying(
                        InvalidConfigurationPropertyValueException.class,
                        failure -> {
                          assertThat(failure.getName()).isEqualTo(property);
                          assertThat(failure.getReason()).isNotBlank();
                        }));
  }

  @Test
  void runningHandlersEndBeforeTheDatabaseCloses() {
    CountDownLatch begun = new CountDownLatch(1);
    Mono<Void> slow = Mono.delay(Duration.ofMillis(300)).then();
    long[] id = new long[1];
    runner()
        .withBean(JobWorkers.class, () -> greeting(begun, slow))
        .run(
            context -> {
              id[0] = context.getBean(Jobs.class).enqueue(GREET.job("you")).block(WAIT).id();
              await(begun);
            });
    // The context is closed: its last job was finished and recorded
    try (SqliteDatabase again = SqliteDatabase.open(dir.resolve("main.db"))) {
      assertThat(Jobs.of(again).find(id[0]).block(WAIT).state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void handlersThatDoNotEndInTimeGiveTheirJobsBack() {
    CountDownLatch begun = new CountDownLatch(1);
    long[] id = new long[1];
    runner()
        .withPropertyValues("reactive-sqlite.jobs.stop-timeout=100ms")
        .withBean(JobWorkers.class, () -> greeting(begun, Mono.never()))
        .run(
            context -> {
              id[0] = context.getBean(Jobs.class).enqueue(GREET.job("you")).block(WAIT).id();
              await(begun);
            });
    try (SqliteDatabase again = SqliteDatabase.open(dir.resolve("main.db"))) {
      assertThat(Jobs.of(again).find(id[0]).block(WAIT).state()).isEqualTo(JobState.AVAILABLE);
    }
  }

  @Test
  void jobEnqueuedInATransactionIsThereWhenItCommitsAndStartedAtOnce() {
    CountDownLatch begun = new CountDownLatch(1);
    runner()
        // A worker that is not woken would look again after the test
        .withPropertyValues("reactive-sqlite.jobs.poll-interval=10m")
        .withBean(JobWorkers.class, () -> greeting(begun, Mono.empty()))
        .run(
            context -> {
              Jobs jobs = context.getBean(Jobs.class);
              TransactionalOperator operator = context.getBean(TransactionalOperator.class);
              assertThat(
                      catchThrowable(
                          () ->
                              jobs.enqueue(GREET.job("nobody"))
                                  .then(Mono.error(new IllegalStateException("mine")))
                                  .as(operator::transactional)
                                  .block(WAIT)))
                  .hasMessage("mine");
              assertThat(jobs.counts().block(WAIT)).isEmpty();

              jobs.enqueue(GREET.job("you")).as(operator::transactional).block(WAIT);

              await(begun);
            });
  }

  @Test
  void workersCanWaitToBeStarted() {
    CountDownLatch begun = new CountDownLatch(1);
    runner()
        .withPropertyValues("reactive-sqlite.jobs.auto-start=false")
        .withBean(JobWorkers.class, () -> greeting(begun, Mono.empty()))
        .run(
            context -> {
              Jobs jobs = context.getBean(Jobs.class);
              jobs.enqueue(GREET.job("you")).block(WAIT);
              assertThat(context.getBean(JobWorkersLifecycle.class).isRunning()).isFalse();
              assertThat(begun.getCount()).isEqualTo(1);
              context.getBean(JobWorkersLifecycle.class).start();
              await(begun);
            });
  }

  @Test
  void shutdownWaitsForAllWorkersAlsoWhenSomeFailToStop() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    Sinks.Empty<Void> handled = Sinks.empty();
    Scheduler broken = Schedulers.newSingle("broken");
    try (SqliteDatabase db = SqliteDatabase.temporary();
        SqliteDatabase other = SqliteDatabase.temporary();
        Jobs jobs = Jobs.of(db);
        Jobs failing = Jobs.of(other, JobsOptions.defaults().scheduler(broken))) {
      jobs.migrate().then(failing.migrate()).block(WAIT);
      JobWorkers failed = ignored -> greeting(begun, Mono.empty()).workers(failing);
      JobWorkersLifecycle lifecycle =
          new JobWorkersLifecycle(
              () -> jobs, List.of(greeting(begun, handled.asMono()), failed), WAIT, true);
      lifecycle.start();
      long id = jobs.enqueue(GREET.job("you")).block(WAIT).id();
      await(begun);
      broken.dispose();

      lifecycle.stop(stopped::countDown);
      assertThat(stopped.getCount()).as("before the handler has ended").isEqualTo(1);
      handled.tryEmitEmpty();

      await(stopped);
      assertThat(jobs.find(id).block(WAIT).state()).isEqualTo(JobState.COMPLETED);
    }
  }

  @Test
  void theyStopInThePhaseInWhichAWebServerFinishesItsRequests() {
    assertThat(JobWorkersLifecycle.PHASE)
        .isEqualTo(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
  }

  @Test
  void propertiesAndCustomizersReachTheJobs() {
    runner()
        .withPropertyValues("reactive-sqlite.jobs.worker-name=from-properties")
        .withBean(
            JobsOptionsCustomizer.class, () -> options -> options.lease(Duration.ofSeconds(7)))
        .run(context -> assertThat(context).hasSingleBean(Jobs.class));
    runner()
        .withPropertyValues("reactive-sqlite.jobs.lease=1ms")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining("at least 100 ms"));
  }

  @Test
  void withoutTheModuleThereAreNone() {
    runner()
        .withClassLoader(new FilteredClassLoader("io.github.reactivesqlite.jobs"))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean("sqliteJobs");
              assertThat(
                      context
                          .getBean(ReactiveDatabase.class)
                          .query("SELECT count(*) FROM sqlite_schema")
                          .mapTo(Long.class)
                          .one()
                          .block(WAIT))
                  .isZero();
            });
  }

  /** Else the first request made them, and waited for their tables on its event loop. */
  @Test
  void areMadeAtTheStartEvenIfOtherBeansAreLazy() {
    runner()
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .run(
            context -> {
              assertThat(context.getBeanFactory().containsSingleton("sqliteJobs")).isTrue();
              Long id =
                  Mono.fromCallable(() -> context.getBean(Jobs.class))
                      .flatMap(jobs -> jobs.enqueue(GREET.job("you")))
                      .map(enqueued -> enqueued.id())
                      .subscribeOn(Schedulers.parallel())
                      .block(WAIT);
              assertThat(id).isNotNull();
            });
  }

  @Test
  void canBeTurnedOff() {
    runner()
        .withPropertyValues("reactive-sqlite.jobs.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Jobs.class));
  }
}
