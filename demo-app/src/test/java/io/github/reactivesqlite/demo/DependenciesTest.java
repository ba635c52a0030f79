package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the application is built from is what docs/dependencies.md lists, and nothing is older than
 * the versions that the page calls safe. The library's own test does the same for the library.
 */
class DependenciesTest {

  private static final String BOM = "/META-INF/sbom/demo-app.cdx.json";
  private static final Path PAGE = Path.of("docs", "dependencies.md");

  /** Of a choice of licences, one is enough. */
  private static final Set<String> ALLOWED =
      Set.of("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "EPL-2.0");

  /** All artifacts of a group that have the same version and licences. */
  private record Family(String group, String version, String licences, String floor) {

    String asResolved() {
      return group + " " + version + " " + licences;
    }
  }

  private static Set<String> resolved() throws IOException {
    try (InputStream file = DependenciesTest.class.getResourceAsStream(BOM)) {
      assumeTrue(
          file != null || "required".equals(System.getenv("RELIABILITY_TOOLS")),
          "Maven makes " + BOM + " only when it is online");
      assertThat(file).as("made by the build: " + BOM).isNotNull();
      Set<String> families = new TreeSet<>();
      for (JsonNode component : JsonMapper.shared().readTree(file).get("components")) {
        String group = component.get("group").asString();
        if (!group.equals("io.github.reactivesqlite")) {
          families.add(
              group + " " + component.get("version").asString() + " " + licences(component));
        }
      }
      return families;
    }
  }

  private static String licences(JsonNode component) {
    return component
        .get("licenses")
        .valueStream()
        .map(one -> one.get("license"))
        .map(licence -> licence.has("id") ? licence.get("id") : licence.get("name"))
        .map(JsonNode::asString)
        .collect(Collectors.joining(" or "));
  }

  private static List<Family> listed() throws IOException {
    List<Family> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(page())) {
      if (line.startsWith("## ")) {
        inside = line.equals("## The demo application");
      } else if (inside && line.startsWith("| `")) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        rows.add(
            new Family(cells.get(1).replace("`", ""), cells.get(2), cells.get(3), cells.get(4)));
      }
    }
    return rows;
  }

  private static Path page() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(PAGE))) {
        return at.resolve(PAGE);
      }
    }
    throw new AssertionError("No " + PAGE);
  }

  private static List<Integer> numbers(String version) {
    return Arrays.stream(version.split("\\D+"))
        .filter(n -> !n.isEmpty())
        .map(Integer::valueOf)
        .toList();
  }

  @Test
  void whatIsResolvedIsWhatIsListed() throws IOException {
    assertThat(resolved())
        .containsExactlyElementsOf(
            listed().stream()
                .map(Family::asResolved)
                .collect(Collectors.toCollection(TreeSet::new)));
  }

  @Test
  void everyFamilyHasAPermissiveLicenceToChoose() throws IOException {
    for (Family family : listed()) {
      assertThat(family.licences().split(" or ")).as(family.group()).containsAnyElementsOf(ALLOWED);
    }
  }

  @Test
  void nothingIsOlderThanTheVersionThatIsKnownToBeSafe() throws IOException {
    int floors = 0;
    for (Family family : listed()) {
      if (!family.floor().isEmpty()) {
        floors++;
        assertThat(Arrays.compare(array(family.version()), array(family.floor())))
            .as("%s, at least %s", family.asResolved(), family.floor())
            .isNotNegative();
      }
    }
    assertThat(floors).isPositive();
  }

  private static Integer[] array(String version) {
    return numbers(version).toArray(Integer[]::new);
  }
}
