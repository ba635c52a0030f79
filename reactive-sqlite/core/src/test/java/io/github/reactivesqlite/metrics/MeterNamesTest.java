package io.github.reactivesqlite.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Lane;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class MeterNamesTest {

  private static final Path PAGE = Path.of("../../docs/metrics.md");
  // A table row: | `name` | type | tags | …
  private static final Pattern ROW =
      Pattern.compile("^\\| `([a-z.]+)` \\|([^|]*)\\|([^|]*)\\|", Pattern.MULTILINE);
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern METER = Pattern.compile("`((?:sqlite|db\\.client)\\.[a-z.]+)`");

  private static Set<String> constants(boolean tags) {
    return Arrays.stream(MeterNames.class.getFields())
        .filter(field -> field.getType() == String.class)
        .filter(field -> field.getName().startsWith("TAG_") == tags)
        .map(MeterNamesTest::value)
        .filter(value -> tags || value.contains("."))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String value(Field field) {
    try {
      return (String) field.get(null);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  /** By meter name, the tag keys that the page gives it. */
  private static Map<String, Set<String>> documented() throws IOException {
    Map<String, Set<String>> rows = new TreeMap<>();
    ROW.matcher(Files.readString(PAGE))
        .results()
        .filter(row -> METER.matcher("`" + row.group(1) + "`").matches())
        .forEach(
            row ->
                assertThat(
                        rows.put(
                            row.group(1),
                            CODE.matcher(row.group(3))
                                .results()
                                .map(code -> code.group(1))
                                .collect(Collectors.toCollection(TreeSet::new))))
                    .as("%s has one row", row.group(1))
                    .isNull());
    return rows;
  }

  /** The simple registry shows each bucket of a histogram as a gauge of its own. */
  private static List<Meter> withoutBuckets(SimpleMeterRegistry registry) {
    return registry.getMeters().stream()
        .filter(meter -> meter.getId().getTag("le") == null)
        .toList();
  }

  @Test
  void everyMeterHasItsRowInThePageAndNoRowIsWithoutAMeter() throws IOException {
    assertThat(documented().keySet()).isEqualTo(constants(false)).isNotEmpty();
  }

  @Test
  void pageNamesNoMeterThatDoesNotExist() throws IOException {
    Set<String> mentioned =
        METER
            .matcher(Files.readString(PAGE))
            .results()
            .map((MatchResult found) -> found.group(1))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(mentioned).isEqualTo(constants(false));
  }

  @Test
  void pageGivesEveryMeterTheTagsItHas() throws IOException {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (DatabaseMetrics metrics = new DatabaseMetrics(registry, "app")) {
      metrics.bindGauges(new StandingStill());
      metrics.lockAcquired("save", Lane.BULK, 1, 1);
      metrics.queueWait("save", Lane.BULK, 1);
      metrics.hold("save", Lane.BULK, 1);
      metrics.checkpoint("PASSIVE", 1, false);
      metrics.pinStarted("save").end();
      metrics.operation("SELECT", "save", 1, null);

      Map<String, Set<String>> real = new TreeMap<>();
      for (Meter meter : withoutBuckets(registry)) {
        real.put(
            meter.getId().getName(),
            meter.getId().getTags().stream()
                .map(Tag::getKey)
                // On every meter but one, so the page says it once.
                .filter(key -> !key.equals(MeterNames.TAG_DATABASE))
                .collect(Collectors.toCollection(TreeSet::new)));
      }

      assertThat(documented()).isEqualTo(real);
    }
  }

  @Test
  void pageExplainsEveryTag() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(constants(true)).allSatisfy(key -> assertThat(page).contains("| `" + key + "` |"));
  }

  @Test
  void everyMeterSaysWhatItIs() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    try (DatabaseMetrics metrics = new DatabaseMetrics(registry, "app")) {
      metrics.bindGauges(new StandingStill());

      assertThat(withoutBuckets(registry))
          .isNotEmpty()
          .allSatisfy(meter -> assertThat(meter.getId().getDescription()).isNotBlank());
    }
  }
}
