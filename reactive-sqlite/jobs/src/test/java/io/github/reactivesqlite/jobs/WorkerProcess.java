package io.github.reactivesqlite.jobs;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import reactor.core.publisher.Mono;

/**
 * Workers in a process of their own. It reads "clock seconds" and "stop", and ends with its input.
 */
final class WorkerProcess {

  static final JobType<String> TYPE =
      JobType.of("work", PayloadCodec.text()).backoff(Backoff.fixed(Duration.ofMillis(50)));

  private static final AtomicLong OFFSET_SECONDS = new AtomicLong();
  private static final AtomicInteger RUNNING = new AtomicInteger();
  private static final AtomicInteger MOST = new AtomicInteger();

  private static final class MovedClock extends Clock {
    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return Clock.offset(Clock.system(zone), Duration.ofSeconds(OFFSET_SECONDS.get()));
    }

    @Override
    public Instant instant() {
      return Instant.now().plusSeconds(OFFSET_SECONDS.get());
    }
  }

  private WorkerProcess() {}

  public static void main(String[] args) throws IOException {
    OFFSET_SECONDS.set(Long.parseLong(args[3]));
    SqliteDatabase db = SqliteDatabase.open(Path.of(args[0]));
    Jobs jobs =
        Jobs.of(
            db,
            JobsOptions.defaults()
                .clock(new MovedClock())
                .lease(Duration.ofMillis(Long.parseLong(args[2])))
                .pollInterval(Duration.ofMillis(100)));
    Workers workers =
        jobs.queue()
            .workers()
            .handle(TYPE, WorkerProcess::handle)
            .concurrency(Integer.parseInt(args[1]))
            .start();
    say("ready");
    try (BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      String line = input.readLine();
      while (line != null && !line.equals("stop")) {
        OFFSET_SECONDS.set(Long.parseLong(line.substring("clock ".length())));
        line = input.readLine();
      }
    }
    workers.stop(Duration.ofSeconds(5)).block(Duration.ofSeconds(30));
    jobs.close();
    db.close();
    say("most " + MOST.get());
    System.exit(0);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  /** Some fail at first; some complete together with a row of their own, the others plainly. */
  private static Mono<Void> handle(JobContext<String> job) {
    return Mono.defer(
            () -> {
              MOST.accumulateAndGet(RUNNING.incrementAndGet(), Math::max);
              return Mono.delay(Duration.ofMillis(5 + job.jobId() % 20)).then(work(job));
            })
        // Before the signal that frees the worker; doFinally would come after it
        .doOnTerminate(RUNNING::decrementAndGet)
        .doOnCancel(RUNNING::decrementAndGet);
  }

  private static Mono<Void> work(JobContext<String> job) {
    if (job.jobId() % 10 == 3 && job.attempt() == 1) {
      return Mono.error(new IllegalStateException("fails at first"));
    }
    return job.jobId() % 2 == 0
        ? Mono.empty()
        : job.completeWith(
                session ->
                    session
                        .update("INSERT INTO done (job_id, token) VALUES (:id, :token)")
                        .bind("id", job.jobId())
                        .bind("token", job.token())
                        .execute())
            .then();
  }
}
