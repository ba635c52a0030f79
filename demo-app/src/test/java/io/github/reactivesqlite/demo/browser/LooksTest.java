package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.RunningDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every page in both themes, on a desk and on a phone. The pictures are in target/screenshots. */
@Tag("process")
class LooksTest {

  private static final String NAMELESS =
      """
      return [...document.querySelectorAll('button, input, select, textarea, a, [role=slider]')]
        .filter(e => !e.closest('[hidden]'))
        .filter(e => !(e.textContent.trim() || e.ariaLabel
          || (e.labels && [...e.labels].some(l => l.textContent.trim()))))
        .map(e => e.outerHTML)""";

  @TempDir static Path folder;
  @TempDir static Path data;
  private static RunningDemo demo;
  private static Browser browser;

  @BeforeAll
  static void start() throws IOException {
    for (int i = 0; i < 300; i++) {
      Files.writeString(
          folder.resolve("a-file-with-a-name-that-is-longer-than-a-phone-is-wide-" + i + ".md"),
          "# Otters of river " + i + "\n\n" + "Otters swim in rivers. ".repeat(10) + "\n\nFin.");
    }
    Files.createDirectory(folder.resolve("y".repeat(200)));
    demo = RunningDemo.start(folder, data.resolve("library.db"));
    browser = Browser.open(demo);
    demo.scan();
  }

  @AfterAll
  static void stop() {
    try {
      if (browser != null) {
        browser.close();
      }
    } finally {
      demo.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "light, 1200, 900",
    "dark, 1200, 900",
    // Twice as large as on 1440 pixels
    "light, 720, 450",
    "light, 360, 740",
    "dark, 360, 740",
  })
  void pagesFitTheScreenAndEverythingHasAName(String scheme, int width, int height)
      throws IOException {
    browser.prefer(scheme);
    browser.resize(width, height);
    browser.visit("/?" + scheme + width);
    browser.awaitText("results-text", "300 documents");
    browser.byId("choose").click();
    browser.awaitText("folders", "y");
    assertFits(width);
    browser.picture("library-" + scheme + "-" + width);

    browser.visit("/dashboard.html?" + scheme + width);
    browser.await("the tables", () -> !browser.all("#outgrown tr").isEmpty());
    browser.await(
        "a line",
        () ->
            (Boolean)
                browser.script("return document.querySelector('figure path.s1[d*=L]') !== null"));
    assertFits(width);
    browser.picture("dashboard-" + scheme + "-" + width);

    browser.visit("/lab.html?" + scheme + width);
    browser.await("the scenarios", () -> browser.all("#scenarios input").size() == 5);
    assertFits(width);
    browser.picture("lab-before-a-run-" + scheme + "-" + width);
    browser.assertCalmAndAtHome();
  }

  private static void assertFits(int width) {
    assertThat(((Number) browser.script("return document.documentElement.scrollWidth")).intValue())
        .isLessThanOrEqualTo(width);
    assertThat(browser.script(NAMELESS)).asList().isEmpty();
    assertThat(browser.all("h1")).hasSize(1);
  }
}
