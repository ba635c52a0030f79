package io.github.reactivesqlite.reliability.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.reliability.NativeTools;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.Settings;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What the library needs at run time is what docs/dependencies.md lists, under licences that allow
 * it, and nothing below a version that is known to be vulnerable. Needs no network: the build makes
 * the list of what it resolved, and the known versions are written down in the same page.
 */
@Tag("reliability")
class DependenciesTest {

  private static final String BOM = "/META-INF/sbom/reactive-sqlite.cdx.json";
  private static final Path PAGE = Path.of("docs", "dependencies.md");
  private static final List<String> ALLOWED =
      List.of("Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0");

  /** A row of the table. */
  private record Listed(String name, String version, String licences, String floor) {

    String asResolved() {
      return name + " " + version + " " + licences;
    }
  }

  private static String bom() throws IOException {
    try (InputStream file = DependenciesTest.class.getResourceAsStream(BOM)) {
      NativeTools.need(file != null, "Maven makes " + BOM + " only when it is online");
      assertThat(file).as("made by the build, in the jar: " + BOM).isNotNull();
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Name, version and licences of each component, as the table has them. */
  private static List<String> resolved() throws IOException {
    String bom = bom();
    try (SqliteDatabase db = SqliteDatabase.temporary()) {
      return Bounded.get(
          db.query(
                  "SELECT (c.value ->> 'group') || ':' || (c.value ->> 'name') || ' ' || (c.value"
                      + " ->> 'version') || ' ' || (SELECT group_concat(ifnull(l.value ->>"
                      + " '$.license.id', l.value ->> '$.license.name'), ' or ') FROM"
                      + " json_each(c.value, '$.licenses') l) FROM json_each(:bom, '$.components')"
                      + " c ORDER BY 1")
              .bind("bom", bom)
              .mapTo(String.class)
              .all()
              .collectList());
    }
  }

  private static List<Listed> listed() throws IOException {
    List<Listed> rows = new ArrayList<>();
    boolean inside = false;
    for (String line : Files.readAllLines(page())) {
      if (line.startsWith("## ")) {
        inside = line.equals("## The library");
      } else if (inside && line.startsWith("| `")) {
        List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
        rows.add(
            new Listed(cells.get(1).replace("`", ""), cells.get(2), cells.get(3), cells.get(4)));
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

  /** By number, not by text: 3.9 is older than 3.51. */
  private static boolean isBelow(String version, String floor) {
    String[] a = version.split("\\D+");
    String[] b = floor.split("\\D+");
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      int left = i < a.length && !a[i].isEmpty() ? Integer.parseInt(a[i]) : 0;
      int right = i < b.length && !b[i].isEmpty() ? Integer.parseInt(b[i]) : 0;
      if (left != right) {
        return left < right;
      }
    }
    return false;
  }

  @Test
  void whatIsResolvedIsWhatIsListed() throws IOException {
    assertThat(resolved())
        .containsExactlyElementsOf(listed().stream().map(Listed::asResolved).sorted().toList());
  }

  @Test
  void everyLicenceIsPermissive() throws IOException {
    for (Listed dependency : listed()) {
      assertThat(dependency.licences().split(" or ")).as(dependency.name()).isSubsetOf(ALLOWED);
    }
  }

  @Test
  void nothingIsOlderThanTheVersionThatIsKnownToBeSafe() throws IOException {
    int floors = 0;
    for (Listed dependency : listed()) {
      if (!dependency.floor().isEmpty()) {
        floors++;
        assertThat(isBelow(dependency.version(), dependency.floor()))
            .as("%s is below %s", dependency.asResolved(), dependency.floor())
            .isFalse();
      }
    }
    assertThat(floors).isPositive();
  }

  /** The class path of an application may hold another driver than ours; here it does not. */
  @Test
  void theDriverThatRunsIsTheOneThatIsListed() throws IOException {
    Listed driver =
        listed().stream()
            .filter(row -> row.name().equals("org.xerial:sqlite-jdbc"))
            .findFirst()
            .get();
    try (SqliteDatabase db = SqliteDatabase.temporary()) {
      Settings settings = Bounded.get(db.maintenance().settings());

      assertThat(settings.driverVersion()).isEqualTo(driver.version());
      assertThat(driver.version()).startsWith(settings.sqliteVersion());
      assertThat(isBelow(settings.sqliteVersion(), "3.51.3")).isFalse();
    }
  }

  @Test
  void theListInTheJarNamesTheLibraryAndItsDriver() throws IOException {
    assertThat(bom())
        .contains("\"bomFormat\" : \"CycloneDX\"", "\"sqlite-jdbc\"", "\"reactive-sqlite\"")
        .doesNotContain("\"junit", "archunit", "blockhound");
  }

  @Test
  void versionsAreComparedByNumber() {
    assertThat(isBelow("3.9.1", "3.51.3")).isTrue();
    assertThat(isBelow("4.2.17.Final", "4.2.18.Final")).isTrue();
    assertThat(isBelow("3.54.1.0", "3.51.3.0")).isFalse();
    assertThat(isBelow("1.0", "1.0.0")).isFalse();
  }
}
