package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.metrics.MeterNames;
import io.github.reactivesqlite.sqlite.config.CheckpointMode;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/**
 * Every query of docs/observability asks for meters, tags and values that the running application
 * has. Some meters come with their first event, so each kind of event happens once before.
 */
class ObservabilityTest {

  private static final Path PAGES = Path.of("docs", "observability");
  private static final Pattern METER =
      Pattern.compile("\\b((?:sqlite|jobs|db|library)_[a-z0-9_]+)(\\{[^}]*})?");
  private static final Pattern MATCHER =
      Pattern.compile("([a-z_]+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");
  private static final Pattern GROUPING = Pattern.compile("\\bby \\(([^)]*)\\)");
  private static final Pattern SERIES =
      Pattern.compile("^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\\{(.*)})? \\S+$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("([a-zA-Z_]+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

  /** Added by Prometheus when it scrapes. */
  private static final Set<String> OF_THE_SCRAPE = Set.of("job", "instance");

  @TempDir static Path folder;
  @TempDir static Path data;

  /** Values by tag by series. */
  private static final Map<String, Map<String, Set<String>>> SERIES_OF_DEMO = new HashMap<>();

  @BeforeAll
  static void letEverythingHappenOnce() throws Exception {
    Files.writeString(folder.resolve("a.txt"), "alpha");
    Path file = data.resolve("library.db");
    try (RunningDemo demo = RunningDemo.start(folder, file)) {
      demo.scan();
      meetALock(demo, file);
      demo.database().maintenance().checkpoint(CheckpointMode.PASSIVE).block(RunningDemo.LONG);
      demo.database()
          .withSnapshot(
              open ->
                  open.query("SELECT count(*) FROM document")
                      .mapTo(Long.class)
                      .one()
                      .flatMap(count -> Mono.fromCallable(() -> demo.get("/actuator/prometheus"))))
          .block(RunningDemo.LONG);
      HttpResponse<String> answer = demo.get("/actuator/prometheus");
      assertThat(answer.statusCode()).isEqualTo(200);
      Matcher series = SERIES.matcher(answer.body());
      while (series.find()) {
        Map<String, Set<String>> tags =
            SERIES_OF_DEMO.computeIfAbsent(series.group(1), name -> new HashMap<>());
        Matcher label = LABEL.matcher(series.group(2) == null ? "" : series.group(2));
        while (label.find()) {
          tags.computeIfAbsent(label.group(1), name -> new HashSet<>()).add(label.group(2));
        }
      }
    }
  }

  /**
   * The writer may turn to a write that is queued only when the lock is free again: then once more.
   */
  private static void meetALock(RunningDemo demo, Path file) throws SQLException {
    for (int tries = 0; lockWaits(demo) == 0; tries++) {
      assertThat(tries).as("writes without a wait for the lock that another held").isLessThan(50);
      writeBesideALock(demo, file);
    }
  }

  private static long lockWaits(RunningDemo demo) {
    return demo.bean(MeterRegistry.class).find(MeterNames.LOCK_WAIT).timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }

  /** A plain connection holds the lock until a write wants it. */
  private static void writeBesideALock(RunningDemo demo, Path file) throws SQLException {
    CompletableFuture<HttpResponse<String>> note;
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("BEGIN IMMEDIATE");
      note = demo.sendAsync(demo.postRequest("/api/notes", "{\"documentId\":1,\"text\":\"x\"}"));
      demo.progressUntil(report -> demo.database().stats().writes().queuedInteractive() > 0);
      statement.execute("COMMIT");
    }
    assertThat(note.orTimeout(60, TimeUnit.SECONDS).join().statusCode()).isEqualTo(201);
  }

  @Test
  void everyQueryOfTheDashboardFindsItsMeters() throws IOException {
    JsonNode board = RunningDemo.parse(Files.readString(page("grafana-dashboard.json")));
    List<String> queries = new ArrayList<>();
    board
        .get("panels")
        .forEach(
            panel ->
                panel.get("targets").forEach(target -> queries.add(target.get("expr").asString())));

    assertThat(queries).hasSizeGreaterThan(30);
    queries.forEach(ObservabilityTest::assertFound);
    for (JsonNode variable : board.get("templating").get("list")) {
      if (variable.has("definition")) {
        assertFound(variable.get("definition").asString());
      }
    }
    assertThat(board.get("uid").asString()).isEqualTo("reactive-sqlite");
  }

  @Test
  void everyRuleFindsItsMetersAndSaysWhatToDo() throws IOException {
    for (Map<String, Object> rule : rules()) {
      assertFound(String.valueOf(rule.get("expr")));
      assertThat(rule.get("alert")).asString().isNotBlank();
      assertThat(rule.get("labels").toString()).containsPattern("severity=(info|warning|critical)");
      assertThat(rule.get("annotations").toString()).contains("summary=", "description=");
    }
  }

  @Test
  void limitsOfTheRulesAreThoseOfTheDocumentedOnes() throws IOException {
    String all =
        rules().stream()
            .map(rule -> String.valueOf(rule.get("expr")))
            .collect(Collectors.joining());
    Set<String> limits = new TreeSet<>();
    Matcher limit = Pattern.compile("> ([0-9.e]+)").matcher(all);
    while (limit.find()) {
      limits.add(limit.group(1));
    }

    assertThat(limits)
        .containsExactlyInAnyOrder(
            "10e6",
            "0.01",
            "0.05",
            "0.1",
            "5",
            "1",
            "100",
            "0.8",
            "10e9",
            String.valueOf(SqliteDefaults.INTERACTIVE_QUEUE_CAPACITY * 8 / 10),
            String.valueOf(SqliteDefaults.BULK_QUEUE_CAPACITY * 0.8));
  }

  @SuppressWarnings("unchecked")
  private static List<Map<String, Object>> rules() throws IOException {
    Map<String, Object> file = new Yaml().load(Files.readString(page("alerts.yml")));
    List<Map<String, Object>> rules = new ArrayList<>();
    for (Map<String, Object> group : (List<Map<String, Object>>) file.get("groups")) {
      rules.addAll((List<Map<String, Object>>) group.get("rules"));
    }
    assertThat(rules).hasSizeGreaterThan(10);
    return rules;
  }

  private static void assertFound(String query) {
    Map<String, Set<String>> united = new HashMap<>();
    Matcher meter = METER.matcher(query);
    boolean any = false;
    while (meter.find()) {
      if (insideQuotes(query, meter.start()) || isTag(query, meter.start())) {
        continue;
      }
      any = true;
      Map<String, Set<String>> tags = SERIES_OF_DEMO.get(meter.group(1));
      assertThat(tags).as("%s, which is asked for in: %s", meter.group(1), query).isNotNull();
      tags.forEach((tag, values) -> united.merge(tag, values, ObservabilityTest::union));
      assertMatches(query, tags, meter.group(2));
    }
    assertThat(any).as("a meter in: " + query).isTrue();
    Matcher grouping = GROUPING.matcher(query);
    while (grouping.find()) {
      for (String tag : grouping.group(1).split("\\s*,\\s*")) {
        assertThat(united.keySet().contains(tag) || OF_THE_SCRAPE.contains(tag))
            .as("the tag %s in: %s", tag, query)
            .isTrue();
      }
    }
  }

  private static void assertMatches(String query, Map<String, Set<String>> tags, String selector) {
    Matcher matcher = MATCHER.matcher(selector == null ? "" : selector);
    while (matcher.find()) {
      String tag = matcher.group(1);
      if (OF_THE_SCRAPE.contains(tag)) {
        continue;
      }
      assertThat(tags).as("the tags in: " + query).containsKey(tag);
      String wanted = matcher.group(3);
      if (!wanted.startsWith("$")) {
        boolean not = matcher.group(2).startsWith("!");
        assertThat(tags.get(tag))
            .as("values of %s in: %s", tag, query)
            .anyMatch(value -> value.matches(wanted) != not);
      }
    }
  }

  private static boolean insideQuotes(String query, int at) {
    return query.substring(0, at).chars().filter(c -> c == '"').count() % 2 == 1;
  }

  /** A name before an operator of a selector, such as db_namespace=. */
  private static boolean isTag(String query, int at) {
    return query.substring(at).matches("(?s)[a-z0-9_]+\\s*(=~|!~|!=|=).*");
  }

  private static Set<String> union(Set<String> a, Set<String> b) {
    Set<String> both = new HashSet<>(a);
    both.addAll(b);
    return both;
  }

  private static Path page(String name) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(PAGES))) {
        return at.resolve(PAGES).resolve(name);
      }
    }
    throw new AssertionError("No " + PAGES);
  }
}
