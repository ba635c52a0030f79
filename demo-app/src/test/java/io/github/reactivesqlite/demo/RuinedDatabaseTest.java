package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RuinedDatabaseTest {

  private static final String SECRET = "Zq7secretXvalue";

  @TempDir Path folder;
  @TempDir Path data;

  @Test
  void failureInsideIsToldWithoutPathStatementOrValue() throws IOException {
    Path file = data.resolve(SECRET + ".db");
    Files.writeString(folder.resolve("a.txt"), "alpha");
    try (RunningDemo demo = RunningDemo.start(folder, file)) {
      demo.scan();
      Path gone = file.resolveSibling("gone");
      Files.move(file, gone);
      // The first finds out; the second is refused because of it
      for (int i = 0; i < 2; i++) {
        HttpResponse<String> answer =
            demo.post("/api/notes", "{\"documentId\": 1, \"text\": \"" + SECRET + "\"}");

        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.headers().firstValue("Content-Type"))
            .hasValue("application/problem+json");
        assertThat(answer.body().toLowerCase(Locale.ROOT))
            .contains("detail")
            .doesNotContain("/", "sqlite", "insert", "exception", "java", "note")
            .doesNotContain(SECRET.toLowerCase(Locale.ROOT));
      }
      Files.move(gone, file);
    }
  }
}
