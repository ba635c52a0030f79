package io.github.reactivesqlite.demo.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

class SharedTest {

  private final List<Sinks.Many<Integer>> sources = new ArrayList<>();
  private final List<Integer> heard = new ArrayList<>();
  private final List<Throwable> errors = new ArrayList<>();

  private Flux<Integer> source() {
    return Flux.defer(
        () -> {
          Sinks.Many<Integer> source = Sinks.many().unicast().onBackpressureBuffer();
          sources.add(source);
          return source.asFlux();
        });
  }

  private Disposable listen(Flux<Integer> shared) {
    return shared.subscribe(heard::add, errors::add);
  }

  @Test
  void whoComesLaterBeginsWithTheLatest() {
    Flux<Integer> shared = Shared.latest(source());
    listen(shared);
    sources.get(0).tryEmitNext(1);
    sources.get(0).tryEmitNext(2);
    heard.clear();

    listen(shared);

    assertThat(heard).containsExactly(2);
    assertThat(sources).hasSize(1);
  }

  @Test
  void sourceIsLeftWithTheLastOne() {
    Flux<Integer> shared = Shared.latest(source());
    Disposable one = listen(shared);
    Disposable two = listen(shared);

    one.dispose();
    assertThat(sources.get(0).currentSubscriberCount()).isOne();
    two.dispose();
    assertThat(sources.get(0).currentSubscriberCount()).isZero();

    listen(shared);
    assertThat(sources).hasSize(2);
  }

  @Test
  void whoComesWhileTheLastOneGoesHearsWhatFollows() {
    AtomicReference<Flux<Integer>> shared = new AtomicReference<>();
    List<Disposable> another = new ArrayList<>();
    shared.set(
        Shared.latest(
            source()
                .doOnCancel(
                    () -> {
                      if (another.isEmpty()) {
                        another.add(listen(shared.get()));
                      }
                    })));
    Disposable last = listen(shared.get());

    last.dispose();

    assertThat(errors).isEmpty();
    assertThat(sources).hasSize(2);
    sources.get(1).tryEmitNext(7);
    assertThat(heard).containsExactly(7);
  }

  @Test
  void errorsOfTheSourceAreTold() {
    listen(Shared.latest(source()));

    sources.get(0).tryEmitError(new IllegalStateException("mine"));

    assertThat(errors).singleElement().isInstanceOf(IllegalStateException.class);
    assertThat(sources).hasSize(1);
  }
}
