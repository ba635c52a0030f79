package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/configuration.md names every knob with the default it really has. */
class ConfigurationTableTest {

  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| ([^|]+) \\| ([^|]+) \\| ([^|]+) \\|");

  /** Defaults that are no constant, because they depend on something or are objects. */
  private static final Map<String, String> NOT_CONSTANT =
      Map.of(
          "name", "from the file",
          "readers", "2 to 4",
          "walHardLimit", "none",
          "meterRegistry", "`Metrics.globalRegistry`",
          "resultScheduler", "threads of its own",
          "retryPolicy", "`RetryPolicy.ofDefaults()`");

  private static final Set<String> BYTES =
      Set.of("queueBytes", "walLimit", "returningBytesLimit", "streamChunkBytes");

  private final Map<String, String> documented = documented();

  private static Map<String, String> documented() {
    Map<String, String> defaults = new TreeMap<>();
    for (String line : DocsFiles.lines(DocsFiles.ROOT.resolve("docs/configuration.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        assertThat(defaults.put(row.group(1), row.group(3).strip())).as(line).isNull();
      }
    }
    return defaults;
  }

  @Test
  void everyKnobIsDocumentedAndNothingElse() {
    Set<String> knobs = new TreeSet<>();
    for (Method method : SqliteConfigBuilder.class.getDeclaredMethods()) {
      if (method.getReturnType() == SqliteConfigBuilder.class) {
        knobs.add(method.getName());
      }
    }
    assertThat(documented.keySet()).containsExactlyElementsOf(knobs);
  }

  @Test
  void everyDefaultIsTheOneInForce() {
    Map<String, String> inForce = new HashMap<>(NOT_CONSTANT);
    for (String knob : documented.keySet()) {
      if (!NOT_CONSTANT.containsKey(knob)) {
        inForce.put(knob, text(knob, constant(knob)));
      }
    }
    assertThat(documented).containsExactlyInAnyOrderEntriesOf(inForce);
    assertThat(SqliteDefaults.READERS).isBetween(2, 4);
    assertThat(SqliteDefaults.RETRY_POLICY).isSameAs(RetryPolicy.ofDefaults());
  }

  @Test
  void everyOptionOfAViewIsDocumented() {
    List<String> options =
        Arrays.stream(OperationOptions.class.getDeclaredMethods())
            .filter(method -> Modifier.isPublic(method.getModifiers()))
            .filter(method -> method.getReturnType() == OperationOptions.class)
            .filter(method -> method.getParameterCount() == 1)
            .map(Method::getName)
            .filter(name -> !Set.of("labelled", "inheriting").contains(name))
            .toList();
    String page =
        String.join("\n", DocsFiles.lines(DocsFiles.ROOT.resolve("docs/configuration.md")));
    String section = page.substring(page.indexOf("## Options of one view"));
    assertThat(options)
        .isNotEmpty()
        .allSatisfy(option -> assertThat(section).contains("`" + option + "`"));
  }

  private static Object constant(String knob) {
    String name = knob.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
    try {
      return SqliteDefaults.class.getField(name).get(null);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError("SqliteDefaults has no constant for the knob " + knob, e);
    }
  }

  private static String text(String knob, Object value) {
    if (value instanceof Duration time) {
      return text(time);
    }
    if (value instanceof Boolean on) {
      return on ? "on" : "off";
    }
    if (value instanceof Number number) {
      return BYTES.contains(knob) ? bytes(number.longValue()) : grouped(number.longValue());
    }
    return "`" + value + "`";
  }

  private static String text(Duration time) {
    if (time.toMillis() < 1_000) {
      return time.toMillis() + " ms";
    }
    if (time.toSeconds() < 60) {
      return time.toSeconds() + " s";
    }
    return time.toMinutes() < 60 ? time.toMinutes() + " min" : time.toHours() + " h";
  }

  private static String bytes(long value) {
    long mebibyte = 1024 * 1024;
    return value % mebibyte == 0 ? value / mebibyte + " MiB" : value / 1024 + " KiB";
  }

  private static String grouped(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }
}
