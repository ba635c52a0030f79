package io.github.reactivesqlite.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

/** The code of docs/security.md. */
class SecurityExamplesTest extends ExampleDatabase {

  private Flux<String> titles(String requested) {
    // region: security-order
    Map<String, String> columns = Map.of("title", "title", "newest", "created_at DESC");
    String order = columns.get(requested);
    if (order == null) {
      throw new IllegalArgumentException("There is no such order");
    }
    Flux<String> titles =
        db.query("SELECT title FROM note ORDER BY " + order + " LIMIT :most")
            .bind("most", 100)
            .mapTo(String.class)
            .all();
    // endregion
    return titles;
  }

  @Test
  void orderIsChosenFromAList() {
    run(
        "CREATE TABLE note (title TEXT, created_at INTEGER);"
            + " INSERT INTO note VALUES ('b', 1), ('a', 2), ('c', 3)");

    assertThat(titles("title").collectList().block(WAIT)).containsExactly("a", "b", "c");
    assertThat(titles("newest").collectList().block(WAIT)).containsExactly("c", "a", "b");
    assertThatIllegalArgumentException().isThrownBy(() -> titles("title; DROP TABLE note"));
  }

  @Test
  void misspeltNameInDoubleQuotesIsAText() {
    run("CREATE TABLE note (title TEXT); INSERT INTO note VALUES ('b'), ('a')");

    assertThat(
            db.query("SELECT title FROM note ORDER BY \"titel\"")
                .mapTo(String.class)
                .all()
                .collectList()
                .block(WAIT))
        .containsExactly("b", "a");
  }

  // region: security-tenant
  static Path fileOf(Path folder, String tenant) {
    if (!tenant.matches("[a-z0-9]{1,32}")) {
      throw new IllegalArgumentException("This is no name of a tenant");
    }
    return folder.resolve(tenant + ".db");
  }

  // endregion

  @Test
  void tenantHasAFileInTheFolder() {
    assertThat(fileOf(directory, "acme7")).isEqualTo(directory.resolve("acme7.db"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "..", "../x", "/etc/x", "a.b", "x?mode=ro", "A", "a\n", "a\0"})
  void whatIsNoShortNameIsRefused(String tenant) {
    assertThatIllegalArgumentException().isThrownBy(() -> fileOf(directory, tenant));
  }
}
