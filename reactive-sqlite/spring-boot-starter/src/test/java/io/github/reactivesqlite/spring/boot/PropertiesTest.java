package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.jobs.JobsOptions;
import io.github.reactivesqlite.spring.boot.jobs.JobsProperties;
import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.config.SqliteConfigBuilder;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.util.unit.DataSize;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every knob has a property, and what editors show as its default is the library's constant. */
class PropertiesTest {

  private static final String METADATA = "/META-INF/spring-configuration-metadata.json";

  /** Objects, which a bean gives instead of a property. */
  private static final Set<String> BEANS = Set.of("meter-registry", "result-scheduler");

  private final Map<String, JsonNode> properties = properties();

  private static Map<String, JsonNode> properties() {
    try (InputStream file = PropertiesTest.class.getResourceAsStream(METADATA)) {
      assertThat(file).as("made by the annotation processor").isNotNull();
      Map<String, JsonNode> named = new TreeMap<>();
      for (JsonNode property : JsonMapper.shared().readTree(file).get("properties")) {
        named.put(property.get("name").asString(), property);
      }
      return named;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static Set<String> knobs() {
    Set<String> knobs = new TreeSet<>();
    for (Method method : SqliteConfigBuilder.class.getDeclaredMethods()) {
      if (method.getReturnType() == SqliteConfigBuilder.class) {
        knobs.add(kebab(method.getName()));
      }
    }
    return knobs;
  }

  @Test
  void everyKnobHasAProperty() {
    Set<String> missing = new TreeSet<>();
    for (String knob : knobs()) {
      String name = "reactive-sqlite." + knob;
      boolean there =
          properties.containsKey(name)
              || properties.keySet().stream().anyMatch(other -> other.startsWith(name + "."));
      if (!there && !BEANS.contains(knob)) {
        missing.add(knob);
      }
    }
    assertThat(missing).isEmpty();
    assertThat(knobs()).hasSizeGreaterThan(40);
  }

  @Test
  void everyPropertyIsDescribed() {
    assertThat(properties.values())
        .filteredOn(property -> property.get("name").asString().startsWith("reactive-sqlite."))
        .allSatisfy(
            property -> {
              String description = property.path("description").asString("");
              assertThat(description)
                  .as(property.get("name").asString())
                  .endsWith(".")
                  .doesNotStartWith("The ")
                  .doesNotStartWith("A ");
            });
  }

  @Test
  void defaultsAreTheConstantsOfTheLibrary() throws IllegalAccessException {
    int compared = 0;
    for (Field constant : SqliteDefaults.class.getFields()) {
      String knob = constant.getName().toLowerCase(Locale.ROOT).replace('_', '-');
      // One depends on the machine, the other is a policy
      if (!Set.of("readers", "retry-policy").contains(knob)) {
        assertThat(defaultOf("reactive-sqlite." + knob, constant.get(null).getClass()))
            .as(knob)
            .isEqualTo(constant.get(null));
        compared++;
      }
    }
    assertThat(compared).isGreaterThan(35);
  }

  @Test
  void defaultsOfTheJobsAreTheirConstants() {
    Map<String, Object> expected =
        Map.of(
            "lease", JobsOptions.DEFAULT_LEASE,
            "poll-interval", JobsOptions.DEFAULT_POLL_INTERVAL,
            "flush-interval", JobsOptions.DEFAULT_FLUSH_INTERVAL,
            "flush-size", JobsOptions.DEFAULT_FLUSH_SIZE,
            "retention", JobsOptions.DEFAULT_RETENTION,
            "stop-timeout", JobsProperties.DEFAULT_STOP_TIMEOUT,
            "migrate-timeout", JobsProperties.DEFAULT_MIGRATE_TIMEOUT);
    expected.forEach(
        (name, value) ->
            assertThat(defaultOf("reactive-sqlite.jobs." + name, value.getClass()))
                .as(name)
                .isEqualTo(value));
    assertThat(defaultOf("reactive-sqlite.schema.timeout", Duration.class))
        .isEqualTo(SchemaProperties.DEFAULT_TIMEOUT);
  }

  private <V> Object defaultOf(String name, Class<V> type) {
    JsonNode property = properties.get(name);
    assertThat(property).as(name).isNotNull();
    JsonNode text = property.get("defaultValue");
    assertThat(text).as("default of " + name).isNotNull();
    String shown = text.asString();
    if (property.get("type").asString().equals(DataSize.class.getName())) {
      long bytes = DataSize.parse(shown).toBytes();
      return type == Integer.class ? (Object) (int) bytes : (Object) bytes;
    }
    return ApplicationConversionService.getSharedInstance().convert(shown, type);
  }

  @Test
  void whatIsNotSetIsLeftToTheLibrary() {
    SqliteProperties nothing =
        new Binder(new MapConfigurationPropertySource(Map.of()))
            .bindOrCreate("reactive-sqlite", SqliteProperties.class);
    SqliteConfigBuilder builder = SqliteConfig.builder();
    ConfiguredKnobs.apply(nothing, builder);
    assertThat(builder.build()).usingRecursiveComparison().isEqualTo(SqliteConfig.ofDefaults());
  }

  /** Each property alone changes exactly the knob it is named after. */
  @Test
  void everyPropertyReachesItsKnob() throws ReflectiveOperationException {
    int changed = 0;
    for (String knob : knobs()) {
      if (BEANS.contains(knob) || knob.equals("retry-policy")) {
        continue;
      }
      JsonNode property = properties.get("reactive-sqlite." + knob);
      String type = property.get("type").asString();
      String value = otherThanDefault(knob, type);
      SqliteProperties set =
          new Binder(new MapConfigurationPropertySource(Map.of("reactive-sqlite." + knob, value)))
              .bind("reactive-sqlite", SqliteProperties.class)
              .get();
      SqliteConfigBuilder builder = SqliteConfig.builder();
      ConfiguredKnobs.apply(set, builder);
      SqliteConfig config = builder.build();
      Set<String> different = new TreeSet<>();
      for (Method getter : SqliteConfig.class.getMethods()) {
        boolean isKnob = knobs().contains(kebab(getter.getName()));
        if (isKnob && getter.getParameterCount() == 0) {
          Object now = getter.invoke(config);
          if (now != null && !now.equals(getter.invoke(SqliteConfig.ofDefaults()))) {
            different.add(kebab(getter.getName()));
          }
        }
      }
      assertThat(different).as(knob + "=" + value).containsExactly(knob);
      changed++;
    }
    assertThat(changed).isGreaterThan(40);
  }

  private static String otherThanDefault(String knob, String type) {
    return switch (knob) {
      case "page-size" -> "8KB";
      case "durability" -> "normal";
      case "temp-store" -> "file";
      case "readers" -> "7";
      case "wal-limit", "wal-hard-limit" -> "777MB";
      case "foreign-keys", "private-files" -> "false";
      default ->
          switch (type) {
            case "java.lang.Boolean" -> "true";
            case "java.lang.Integer" -> "77";
            case "java.time.Duration" -> "77s";
            case "org.springframework.util.unit.DataSize" -> "77KB";
            default -> "other";
          };
    };
  }

  @Test
  void theDocumentationNamesEveryPropertyThatIsNoKnob() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    Pattern row = Pattern.compile("\\| `(reactive-sqlite\\.[a-z.-]+)` \\| (?:`([^`]*)`)? ?\\|.*");
    for (String line : Files.readAllLines(Path.of("../../docs/spring-boot.md"))) {
      Matcher cells = row.matcher(line);
      if (cells.matches()) {
        documented.put(cells.group(1), cells.group(2) == null ? "" : cells.group(2));
      }
    }
    Map<String, String> expected = new TreeMap<>();
    properties.forEach(
        (name, property) -> {
          String last = name.substring("reactive-sqlite.".length());
          if (name.startsWith("reactive-sqlite.") && (!knobs().contains(last))) {
            expected.put(name, property.path("defaultValue").asString(""));
          }
        });

    assertThat(documented).isEqualTo(expected);
  }
}
