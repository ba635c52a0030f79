package io.github.reactivesqlite.jobs.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the module needs beside the library is what docs/dependencies.md lists. */
class JobsDependenciesTest {

  private static final Path MODULE = Path.of("").toAbsolutePath();

  /** The rows of a section, as group:name version. */
  private static List<String> listed(String section) throws IOException {
    List<String> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(MODULE.resolve("../../docs/dependencies.md"))) {
      if (line.startsWith("## ")) {
        inside = line.equals(section);
      } else if (inside && line.startsWith("| `")) {
        String[] cells = line.split("\\|");
        rows.add(cells[1].strip().replace("`", "") + " " + cells[2].strip());
      }
    }
    return rows;
  }

  @Test
  void theListInTheJarIsTheListInTheDocumentation() throws IOException {
    try (InputStream file =
        getClass().getResourceAsStream("/META-INF/sbom/reactive-sqlite-jobs.cdx.json")) {
      assumeTrue(file != null, "Maven makes the list only when it is online");
      JsonNode components = JsonMapper.shared().readTree(file).get("components");
      List<String> needed =
          StreamSupport.stream(components.spliterator(), false)
              .filter(component -> !"optional".equals(component.path("scope").asString("")))
              .map(
                  component ->
                      component.get("group").asString()
                          + ":"
                          + component.get("name").asString()
                          + " "
                          + component.get("version").asString())
              .filter(name -> !name.startsWith("io.github.reactivesqlite:"))
              .toList();
      List<String> expected = new ArrayList<>(listed("## The library"));
      expected.addAll(listed("## The jobs module"));
      assertThat(needed).containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
