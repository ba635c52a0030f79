package io.github.reactivesqlite.sqlite.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.reactivesqlite.RetryPolicy;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

class SqliteConfigTest {

  /** Every knob with a value that is not its default. */
  private static final Map<String, Object> OTHER_VALUES =
      Map.ofEntries(
          Map.entry("name", "orders"),
          Map.entry("readers", 9),
          Map.entry("interactiveQueueCapacity", 11),
          Map.entry("bulkQueueCapacity", 12),
          Map.entry("queueBytes", 13L),
          Map.entry("readQueueCapacity", 14),
          Map.entry("reservedQueuePercent", 15),
          Map.entry("maxGroupUnits", 16),
          Map.entry("maxGroupTime", Duration.ofMillis(17)),
          Map.entry("lockTimeout", Duration.ofMillis(18)),
          Map.entry("retryPolicy", RetryPolicy.patient()),
          Map.entry("acquireTimeout", Duration.ofMillis(19)),
          Map.entry("executionTimeout", Duration.ofMillis(20)),
          Map.entry("transactionTimeout", Duration.ofMillis(21)),
          Map.entry("commitTimeout", Duration.ofMillis(22)),
          Map.entry("snapshotTimeout", Duration.ofMillis(23)),
          Map.entry("closeTimeout", Duration.ofMillis(24)),
          Map.entry("durability", Durability.NORMAL),
          Map.entry("cacheSizeKib", 25),
          Map.entry("tempStore", TempStore.FILE),
          Map.entry("mmapSize", 26L),
          Map.entry("pageSize", 8_192),
          Map.entry("incrementalVacuum", true),
          Map.entry("statementCacheSize", 27),
          Map.entry("foreignKeys", false),
          Map.entry("recursiveTriggers", true),
          Map.entry("walCheckpointFrames", 28),
          Map.entry("walLimit", 1_000_000_029L),
          Map.entry("walHardLimit", 1_000_000_030L),
          Map.entry("truncateInterval", Duration.ofMillis(31)),
          Map.entry("optimizeInterval", Duration.ofMillis(32)),
          Map.entry("readerIdleTimeout", Duration.ofMillis(33)),
          Map.entry("readerValidationInterval", Duration.ofMillis(34)),
          Map.entry("foreignChangePolling", Duration.ofMillis(340)),
          Map.entry("holdWarning", Duration.ofMillis(35)),
          Map.entry("slowOperation", Duration.ofMillis(36)),
          Map.entry("returningRowLimit", 37),
          Map.entry("returningBytesLimit", 38L),
          Map.entry("streamChunkRows", 39),
          Map.entry("streamChunkBytes", 40L),
          Map.entry("maxValueBytes", 1_000_041),
          Map.entry("maxSqlLength", 1_000_042),
          Map.entry("meterRegistry", new SimpleMeterRegistry()),
          Map.entry("resultScheduler", Schedulers.immediate()),
          Map.entry("privateFiles", false),
          Map.entry("createDirectories", true),
          Map.entry("acceptVulnerableSqlite", true));

  private static List<String> knobs() {
    return Arrays.stream(Knobs.class.getDeclaredFields())
        .filter(field -> !Modifier.isStatic(field.getModifiers()) && !field.isSynthetic())
        .map(Field::getName)
        .toList();
  }

  private static Object get(SqliteConfig config, String knob) throws Exception {
    return SqliteConfig.class.getMethod(knob).invoke(config);
  }

  private static void set(SqliteConfigBuilder builder, String knob, Object value) throws Exception {
    Method setter =
        Arrays.stream(SqliteConfigBuilder.class.getMethods())
            .filter(method -> method.getName().equals(knob) && method.getParameterCount() == 1)
            .findFirst()
            .orElseThrow();
    setter.invoke(builder, value);
  }

  @Nested
  class Values {

    @Test
    void everyKnobHasASetterAndAGetterOfItsName() throws Exception {
      assertThat(OTHER_VALUES.keySet()).containsExactlyInAnyOrderElementsOf(knobs());
      SqliteConfigBuilder builder = SqliteConfig.builder();
      for (String knob : knobs()) {
        set(builder, knob, OTHER_VALUES.get(knob));
      }

      SqliteConfig config = builder.build();

      for (String knob : knobs()) {
        assertThat(get(config, knob)).as(knob).isEqualTo(OTHER_VALUES.get(knob));
        assertThat(get(SqliteConfig.ofDefaults(), knob))
            .as(knob + " by default")
            .isNotEqualTo(OTHER_VALUES.get(knob));
      }
    }

    @Test
    void aChangedCopyKeepsAllOtherValues() throws Exception {
      SqliteConfigBuilder builder = SqliteConfig.builder();
      for (String knob : knobs()) {
        set(builder, knob, OTHER_VALUES.get(knob));
      }
      SqliteConfig original = builder.build();

      SqliteConfig changed = original.toBuilder().readers(3).build();

      for (String knob : knobs()) {
        Object expected = knob.equals("readers") ? 3 : OTHER_VALUES.get(knob);
        assertThat(get(changed, knob)).as(knob).isEqualTo(expected);
      }
      assertThat(original.readers()).isEqualTo(9);
    }

    @Test
    void aBuilderUsedAgainDoesNotReachIntoWhatItBuilt() {
      SqliteConfigBuilder builder = SqliteConfig.builder().readers(5);
      SqliteConfig config = builder.build();

      builder.readers(6);

      assertThat(config.readers()).isEqualTo(5);
      assertThat(builder.build().readers()).isEqualTo(6);
    }

    @Test
    void everyDefaultIsAPublicConstant() throws Exception {
      Map<String, Object> constants =
          Arrays.stream(SqliteDefaults.class.getFields())
              .collect(Collectors.toMap(Field::getName, SqliteConfigTest::constant));
      List<String> withoutConstant =
          List.of("name", "walHardLimit", "meterRegistry", "resultScheduler");

      for (String knob : knobs()) {
        if (!withoutConstant.contains(knob)) {
          String constant = knob.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
          assertThat(constants).as(knob).containsKey(constant);
          assertThat(get(SqliteConfig.ofDefaults(), knob))
              .as(knob)
              .isEqualTo(constants.remove(constant));
        }
      }
      assertThat(constants).isEmpty();
    }

    @Test
    void whatHasNoConstantDefaultsToTheSharedOrNothing() {
      SqliteConfig config = SqliteConfig.ofDefaults();

      assertThat(config.name()).isNull();
      assertThat(config.walHardLimit()).isNull();
      assertThat(config.meterRegistry()).isSameAs(Metrics.globalRegistry);
      assertThat(config.resultScheduler()).isNull();
    }

    @Test
    void nullIsRefusedByTheSetter() {
      assertThatNullPointerException()
          .isThrownBy(() -> SqliteConfig.builder().lockTimeout(null))
          .withMessage("lockTimeout");
    }

    @Test
    void theResultSchedulerCanBeTakenBack() {
      Scheduler own = Schedulers.immediate();

      SqliteConfig config =
          SqliteConfig.builder().resultScheduler(own).resultScheduler(null).build();

      assertThat(config.resultScheduler()).isNull();
    }
  }

  private static Object constant(Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  @Nested
  class Violations {

    static Stream<Arguments> wrong() {
      return Stream.of(
          wrong("name has", b -> b.name("a/b")),
          wrong("name has", b -> b.name("")),
          wrong("name has", b -> b.name("x".repeat(65))),
          wrong("readers is at least 2, not 1", b -> b.readers(1)),
          wrong("interactiveQueueCapacity", b -> b.interactiveQueueCapacity(0)),
          wrong("bulkQueueCapacity", b -> b.bulkQueueCapacity(0)),
          wrong("queueBytes", b -> b.queueBytes(0)),
          wrong("readQueueCapacity", b -> b.readQueueCapacity(0)),
          wrong("reservedQueuePercent is from 0 to 90", b -> b.reservedQueuePercent(91)),
          wrong("reservedQueuePercent", b -> b.reservedQueuePercent(-1)),
          wrong("maxGroupUnits", b -> b.maxGroupUnits(0)),
          wrong("maxGroupTime is positive", b -> b.maxGroupTime(Duration.ZERO)),
          wrong("lockTimeout", b -> b.lockTimeout(Duration.ofNanos(-1))),
          wrong("acquireTimeout", b -> b.acquireTimeout(Duration.ofDays(1_000_000))),
          wrong("executionTimeout", b -> b.executionTimeout(Duration.ZERO)),
          wrong("transactionTimeout", b -> b.transactionTimeout(Duration.ZERO)),
          wrong("commitTimeout", b -> b.commitTimeout(Duration.ZERO)),
          wrong("snapshotTimeout", b -> b.snapshotTimeout(Duration.ZERO)),
          wrong("closeTimeout", b -> b.closeTimeout(Duration.ZERO)),
          wrong("cacheSizeKib", b -> b.cacheSizeKib(0)),
          wrong("mmapSize", b -> b.mmapSize(-1)),
          wrong("pageSize is a power of two", b -> b.pageSize(5_000)),
          wrong("pageSize", b -> b.pageSize(256)),
          wrong("pageSize", b -> b.pageSize(131_072)),
          wrong("statementCacheSize", b -> b.statementCacheSize(0)),
          wrong("walCheckpointFrames", b -> b.walCheckpointFrames(0)),
          wrong("walLimit is at least walCheckpointFrames", b -> b.walLimit(2_047_999)),
          wrong("walHardLimit is at least walLimit", b -> b.walHardLimit(5_000_000L)),
          wrong("truncateInterval is zero (off)", b -> b.truncateInterval(Duration.ofMillis(-1))),
          wrong("optimizeInterval", b -> b.optimizeInterval(Duration.ofMillis(-1))),
          wrong("readerIdleTimeout", b -> b.readerIdleTimeout(Duration.ofMillis(-1))),
          wrong("readerValidation", b -> b.readerValidationInterval(Duration.ofMillis(-1))),
          wrong("holdWarning", b -> b.holdWarning(Duration.ofMillis(-1))),
          wrong("slowOperation", b -> b.slowOperation(Duration.ofMillis(-1))),
          wrong("returningRowLimit", b -> b.returningRowLimit(0)),
          wrong("returningBytesLimit", b -> b.returningBytesLimit(0)),
          wrong("streamChunkRows", b -> b.streamChunkRows(0)),
          wrong("streamChunkBytes", b -> b.streamChunkBytes(0)),
          wrong("maxValueBytes is from 4096 to 1000000000", b -> b.maxValueBytes(4_095)),
          wrong("maxSqlLength", b -> b.maxSqlLength(1_000_000_001)));
    }

    private static Arguments wrong(String message, UnaryOperator<SqliteConfigBuilder> change) {
      return Arguments.of(message, change);
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aValueOutOfRangeIsNamed(String message, UnaryOperator<SqliteConfigBuilder> change) {
      SqliteConfigBuilder builder = change.apply(SqliteConfig.builder());

      assertThatIllegalArgumentException()
          .isThrownBy(builder::build)
          .withMessageContaining(message);
    }

    @Test
    void allViolationsAreReportedAtOnce() {
      SqliteConfigBuilder builder =
          SqliteConfig.builder().readers(0).pageSize(1_000).lockTimeout(Duration.ZERO);

      assertThatIllegalArgumentException()
          .isThrownBy(builder::build)
          .withMessageContainingAll(
              "readers is at least 2, not 0",
              "pageSize is a power of two",
              "lockTimeout is positive");
    }

    @Test
    void zeroTurnsSchedulesAndWarningsOff() {
      SqliteConfig config =
          SqliteConfig.builder()
              .truncateInterval(Duration.ZERO)
              .optimizeInterval(Duration.ZERO)
              .readerIdleTimeout(Duration.ZERO)
              .readerValidationInterval(Duration.ZERO)
              .holdWarning(Duration.ZERO)
              .slowOperation(Duration.ZERO)
              .build();

      assertThat(config.optimizeInterval()).isZero();
    }
  }

  @Nested
  class Names {

    @ParameterizedTest
    @CsvSource({
      "/data/orders.db, orders",
      "/data/orders, orders",
      "/data/my orders.v2.sqlite, my_orders.v2",
      "/data/.hidden, .hidden",
      "/, database"
    })
    void theNameComesFromTheFile(String file, String name) {
      assertThat(SqliteConfig.ofDefaults().nameFor(Path.of(file))).isEqualTo(name);
    }

    @Test
    void aNameOfAFileIsCutToTheGreatestLength() {
      String name = SqliteConfig.ofDefaults().nameFor(Path.of("y".repeat(200) + ".db"));

      assertThat(name).isEqualTo("y".repeat(64));
      assertThat(SqliteConfig.builder().name(name).build().name()).isEqualTo(name);
    }

    @Test
    void theConfiguredNameWins() {
      SqliteConfig config = SqliteConfig.builder().name("main").build();

      assertThat(config.nameFor(Path.of("/data/orders.db"))).isEqualTo("main");
    }
  }

  @Nested
  class Results {

    @Test
    void settingsKeepTheirOrderAndTheirValues() {
      Map<String, String> values = new LinkedHashMap<>();
      values.put("z", "1");
      values.put("a", "2");
      Settings settings = new Settings(values, "3.54.1", "3.54.1.0");

      values.put("b", "3");

      assertThat(settings.values().keySet()).containsExactly("z", "a");
    }

    @Test
    void backupProgressIsAFraction() {
      assertThat(new BackupProgress(0, 0, false).fraction()).isZero();
      assertThat(new BackupProgress(200, 50, false).fraction()).isEqualTo(0.75);
      assertThat(new BackupProgress(0, 0, true).fraction()).isEqualTo(1.0);
    }

    @Test
    void walFiguresSayWhatIsLeft() {
      assertThat(new WalSize(10, 4, 41_232).pendingFrames()).isEqualTo(6);
      assertThat(new CheckpointResult(false, 5, 5).complete()).isTrue();
      assertThat(new CheckpointResult(true, 5, 4).complete()).isFalse();
      assertThat(new IntegrityReport(false, List.of("row missing")).problems()).hasSize(1);
    }
  }
}
