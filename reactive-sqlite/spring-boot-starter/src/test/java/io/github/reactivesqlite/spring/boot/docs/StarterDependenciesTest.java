package io.github.reactivesqlite.spring.boot.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the starter needs is in the tables of docs/dependencies.md. */
class StarterDependenciesTest {

  private static final String BOM = "/META-INF/sbom/reactive-sqlite-spring-boot-starter.cdx.json";

  private static Set<String> listed() throws IOException {
    Set<String> groups = new TreeSet<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("../../docs/dependencies.md"))) {
      if (line.startsWith("## ")) {
        inside = line.equals("## The demo application");
      } else if (inside && line.startsWith("| `")) {
        String[] cells = line.split("\\|");
        groups.add(cells[1].strip().replace("`", "") + " " + cells[2].strip());
      }
    }
    return groups;
  }

  @Test
  void theListInTheJarIsPartOfTheListInTheDocumentation() throws IOException {
    try (InputStream file = getClass().getResourceAsStream(BOM)) {
      assumeTrue(file != null, "Maven makes the list only when it is online");
      Set<String> needed = new TreeSet<>();
      for (JsonNode component : JsonMapper.shared().readTree(file).get("components")) {
        boolean optional = "optional".equals(component.path("scope").asString(""));
        String group = component.get("group").asString();
        if (!optional && !group.startsWith("io.github.reactivesqlite")) {
          needed.add(group + " " + component.get("version").asString());
        }
      }

      assertThat(needed).contains("org.springframework.boot 4.1.0");
      assertThat(listed()).containsAll(needed);
    }
  }
}
