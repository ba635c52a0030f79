package io.github.reactivesqlite.demo.scan;

import jakarta.annotation.PreDestroy;
import java.util.concurrent.Callable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/** The threads that read files, which blocks. */
@Component
class FileThreads {

  private static final int THREADS = 4;

  private final Scheduler scheduler =
      Schedulers.newBoundedElastic(THREADS, Integer.MAX_VALUE, "library-files", 60, true);

  Scheduler scheduler() {
    return scheduler;
  }

  <T> Mono<T> call(Callable<T> work) {
    return Mono.fromCallable(work).subscribeOn(scheduler);
  }

  @PreDestroy
  void close() {
    scheduler.dispose();
  }
}
