package io.github.reactivesqlite.sqlite.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LockLogTest {

  private static final long MILLI = 1_000_000;

  private final Logger logger = (Logger) LoggerFactory.getLogger(LockLog.LOGGER);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  // The clock of a machine that started with a negative nanoTime.
  private final AtomicLong now = new AtomicLong(Long.MIN_VALUE + 7);
  private final LockLog log = new LockLog(Duration.ofSeconds(1), 2, now::get);

  @BeforeEach
  void listen() {
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
    logger.setLevel(null);
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private List<Level> levels() {
    return lines.list.stream().map(ILoggingEvent::getLevel).toList();
  }

  @Nested
  class Words {

    @Test
    void retryIsAWarningWithItsNumberAndItsWaits() {
      log.retrying("save-topic", 3, 10, 200 * MILLI, 350 * MILLI);

      assertThat(messages())
          .containsExactly(
              "Database locked in save-topic, retry 3/10 after 0.200 s (total wait 0.350 s)");
      assertThat(levels()).containsExactly(Level.WARN);
    }

    @Test
    void greatestNumberIsLeftOutWhereOnlyADeadlineBoundsTheRetries() {
      log.retrying(null, 41, Long.MAX_VALUE, 10 * MILLI, 12_345 * MILLI);

      assertThat(messages())
          .containsExactly(
              "Database locked in unlabelled, retry 41 after 0.010 s (total wait 12.345 s)");
    }

    @Test
    void givingUpIsAnError() {
      log.gaveUp("ack", 11);
      log.gaveUp(null, 1);

      assertThat(messages())
          .containsExactly(
              "Database locked after 11 attempts, giving up: ack",
              "Database locked after 1 attempts, giving up: unlabelled");
      assertThat(levels()).containsOnly(Level.ERROR);
    }

    @Test
    void completionIsAnInformation() {
      log.completed("scan", 1_500 * MILLI, 400 * MILLI, 4);

      assertThat(messages())
          .containsExactly("scan completed in 1.500 s (waited 0.400 s for locks, 4 attempts)");
      assertThat(levels()).containsExactly(Level.INFO);
    }

    @Test
    void decimalsArePointsInEveryLocale() {
      Locale before = Locale.getDefault();
      Locale.setDefault(Locale.GERMANY);
      try {
        log.completed("scan", 2_250 * MILLI, 0, 1);
      } finally {
        Locale.setDefault(before);
      }

      assertThat(messages())
          .containsExactly("scan completed in 2.250 s (waited 0.000 s for locks, 1 attempts)");
    }
  }

  @Nested
  class Completions {

    @Test
    void fastOneThatNeverWaitedIsNotLogged() {
      log.completed("read", 1_000 * MILLI, 0, 1);

      assertThat(messages()).isEmpty();
    }

    @Test
    void slowOneIsLoggedAlthoughItNeverWaited() {
      log.completed("scan", 1_000 * MILLI + 1, 0, 1);

      assertThat(messages()).hasSize(1);
    }

    @Test
    void fastOneThatWaitedIsLogged() {
      log.completed("ack", 3 * MILLI, 2 * MILLI, 2);

      assertThat(messages())
          .containsExactly("ack completed in 0.003 s (waited 0.002 s for locks, 2 attempts)");
    }
  }

  @Nested
  class Limits {

    @Test
    void linesBeyondTheLimitAreCountedByTheNextSecondsFirst() {
      for (int retry = 1; retry <= 5; retry++) {
        log.retrying("a", retry, 10, 0, 0);
      }
      assertThat(messages()).hasSize(2);

      now.addAndGet(1_000 * MILLI - 1);
      log.retrying("a", 6, 10, 0, 0);
      assertThat(messages()).hasSize(2);

      now.addAndGet(1);
      log.retrying("a", 7, 10, 0, 0);
      log.retrying("a", 8, 10, 0, 0);
      assertThat(messages())
          .hasSize(4)
          .endsWith(
              "Database locked in a, retry 7/10 after 0.000 s (total wait 0.000 s); 4 similar lines"
                  + " before it were left out",
              "Database locked in a, retry 8/10 after 0.000 s (total wait 0.000 s)");
    }

    @Test
    void kindsAreLimitedByThemselves() {
      for (int i = 0; i < 5; i++) {
        log.retrying("a", 1, 10, 0, 0);
      }
      log.gaveUp("a", 2);
      log.completed("b", 5, 5, 1);

      assertThat(levels()).containsExactly(Level.WARN, Level.WARN, Level.ERROR, Level.INFO);
    }

    @Test
    void whatWasLeftOutAtTheEndIsSaidOnce() {
      for (int i = 0; i < 5; i++) {
        log.retrying("a", 1, 10, 0, 0);
        log.gaveUp("a", 2);
        log.completed("b", 5, 5, 1);
      }
      lines.list.clear();

      log.flush();
      log.flush();

      assertThat(messages())
          .containsExactly(
              "Database locked: 3 more retries were not logged",
              "3 more operations that were slow or waited for locks were not logged",
              "Database locked: 3 more operations that gave up were not logged");
    }

    @Test
    void silencedLevelsAreNotCounted() {
      logger.setLevel(Level.OFF);
      for (int i = 0; i < 5; i++) {
        log.retrying("a", 1, 10, 0, 0);
        log.gaveUp("a", 2);
        log.completed("b", 5, 5, 1);
      }
      logger.setLevel(Level.INFO);

      log.flush();

      assertThat(messages()).isEmpty();
    }

    @Test
    void limitBelowOneIsRefused() {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> new LockLog(Duration.ofSeconds(1), 0, now::get))
          .withMessageContaining("At least 1");
    }
  }
}
