package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The pages and everything they load, as they are served. */
class PagesTest {

  private static final Pattern LOADED =
      Pattern.compile("(?:src|href)=\"(/[^\"#]+\\.(?:js|css|svg))\"|from \"\\./([^\"]+)\"");

  private static final List<String> PAGES = List.of("/", "/dashboard.html", "/lab.html");

  @TempDir static Path folder;
  @TempDir static Path data;
  private static RunningDemo demo;

  @BeforeAll
  static void start() {
    demo = RunningDemo.start(folder, data.resolve("library.db"));
  }

  @AfterAll
  static void stop() {
    demo.close();
  }

  @ParameterizedTest
  @FieldSource("PAGES")
  void pageHasNoForeignOrInlineCode(String path) {
    HttpResponse<String> page = demo.get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
        .contains("default-src 'self'", "frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(page.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
    assertThat(page.body())
        .doesNotContain("http:", "https:", "style=", "onclick", "onload")
        .doesNotContainPattern("<script(?![^>]*\\bsrc=)");
  }

  @Test
  void everythingThatPagesLoadIsServedFromHereAndMakesNoMarkupOfData() {
    Set<String> seen = new LinkedHashSet<>();
    Deque<String> open = new ArrayDeque<>(PAGES);
    while (!open.isEmpty()) {
      String path = open.remove();
      if (seen.add(path)) {
        HttpResponse<String> answer = demo.get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        if (path.endsWith(".js")) {
          assertThat(answer.body())
              .as(path)
              .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
              .doesNotContain("eval(", "new Function", "https:");
        }
        Matcher matcher = LOADED.matcher(answer.body());
        while (matcher.find()) {
          open.add(matcher.group(1) != null ? matcher.group(1) : "/" + matcher.group(2));
        }
      }
    }
    assertThat(seen)
        .contains("/app.js", "/dashboard.js", "/chart.js", "/lab.js", "/lab-side.js", "/dom.js")
        .contains("/plot.js", "/place.js", "/lab-result.js")
        .contains("/style.css", "/dashboard.css", "/lab.css");
  }

  @Test
  void pagesShareOneNavigation() {
    for (String path : PAGES) {
      String page = demo.get(path).body();
      assertThat(PAGES).allSatisfy(other -> assertThat(page).contains("<a href=\"" + other + "\""));
      assertThat(page).containsOnlyOnce("aria-current=\"page\"");
      assertThat(page).contains("<a href=\"" + path + "\" aria-current=\"page\"");
    }
  }
}
