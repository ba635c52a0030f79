package io.github.reactivesqlite.blockhound;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.core.NativeDB;
import reactor.blockhound.BlockingOperationError;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

/** Without these, {@link NoBlockingCallTest} could pass because nobody looks. */
class BlockHoundWouldNoticeTest {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path directory;

  @BeforeEach
  @AfterEach
  void forget() {
    DriverCalls.forget();
  }

  @Test
  void rawJdbcOpen() {
    isNoticed("_open_utf8", () -> DriverManager.getConnection(url()));
  }

  @Test
  void rawJdbcStatement() throws Exception {
    try (Connection connection = DriverManager.getConnection(url());
        Statement statement = connection.createStatement()) {
      isNoticed("_exec_utf8", () -> statement.executeUpdate("CREATE TABLE t (id INTEGER)"));
    }
  }

  @Test
  void rawJdbcPreparation() throws Exception {
    try (Connection connection = DriverManager.getConnection(url())) {
      isNoticed("prepare_utf8", () -> connection.prepareStatement("SELECT 1"));
    }
  }

  @Test
  void rawJdbcQuery() throws Exception {
    try (Connection connection = DriverManager.getConnection(url());
        PreparedStatement statement = connection.prepareStatement("SELECT 1")) {
      isNoticed("reset", statement::executeQuery);
    }
  }

  @Test
  void parkedThread() {
    isNoticed(
        "park",
        () -> {
          LockSupport.parkNanos(1);
          return 1;
        });
  }

  @Test
  void awaitedLatch() {
    isNoticed("park", () -> new CountDownLatch(1).await(1, TimeUnit.MILLISECONDS));
  }

  @Test
  void blockingFacadeCall() {
    try (SqliteDatabase database = SqliteDatabase.open(directory.resolve("noticed.db"))) {
      Mono<Object> blocking =
          Mono.fromCallable(
              () -> {
                database.query("SELECT 1").mapTo(Long.class).one().block(SOON);
                return 1;
              });

      StepVerifier.create(blocking.subscribeOn(Schedulers.parallel()))
          .expectError(IllegalStateException.class)
          .verify(SOON);
    }
  }

  /** A method that the driver renames would no longer be watched, silently. */
  @Test
  void everyWatchedMethodIsNativeInTheDriver() throws Exception {
    assertThat(DriverCalls.NATIVE_CLASS).isEqualTo(NativeDB.class.getName());
    for (String name : DriverCalls.METHODS.keySet()) {
      assertThat(NativeDB.class.getDeclaredMethods())
          .as("the native twin that BlockHound makes of " + name)
          .anyMatch(method -> isWatched(method, name));
    }
  }

  private static boolean isWatched(Method method, String name) {
    return Modifier.isNative(method.getModifiers())
        && method.getName().endsWith("_" + name)
        && !method.getName().equals(name)
        && Arrays.stream(NativeDB.class.getDeclaredMethods())
            .anyMatch(
                outer ->
                    outer.getName().equals(name)
                        && !Modifier.isNative(outer.getModifiers())
                        && Arrays.equals(outer.getParameterTypes(), method.getParameterTypes()));
  }

  private String url() {
    return "jdbc:sqlite:" + directory.resolve("raw.db");
  }

  private static void isNoticed(String method, Callable<?> blocking) {
    StepVerifier.create(Mono.fromCallable(blocking).subscribeOn(Schedulers.parallel()))
        .expectErrorSatisfies(error -> assertThat(isStop(error, method)).isTrue())
        .verify(SOON);
    assertThat(DriverCalls.stopped())
        .anyMatch(stopped -> stopped.getMethod().getName().equals(method));
  }

  private static boolean isStop(Throwable error, String method) {
    Throwable cause = error;
    while (cause != null && !(cause instanceof BlockingOperationError)) {
      cause = cause.getCause();
    }
    return cause instanceof BlockingOperationError stop
        && stop.getMethod().getName().equals(method);
  }
}
