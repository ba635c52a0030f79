package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.reactivesqlite.demo.RunningDemo;
import io.github.reactivesqlite.demo.SecondDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

@Tag("process")
class DashboardPageTest {

  @TempDir Path folder;
  @TempDir Path data;
  private RunningDemo demo;
  private Browser browser;

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 200; i++) {
      Files.writeString(folder.resolve(i + ".txt"), "Otters swim in river " + i);
    }
    demo = RunningDemo.start(folder, data.resolve("library.db"));
    browser = Browser.open(demo);
  }

  @AfterEach
  void stop() {
    try {
      if (browser != null) {
        browser.close();
      }
    } finally {
      demo.close();
    }
  }

  @Test
  void chartsMoveWithoutAReload() {
    browser.visit("/dashboard.html");
    browser.awaitText("connection", "Live");
    browser.script("window.sameVisit = true");
    browser.await("the first line", () -> !throughput().isEmpty());
    String before = throughput();

    demo.scan();

    browser.await("the line moves", () -> !throughput().equals(before));
    browser.await("writes were seen", () -> greatestInView() > 1);
    assertThat(browser.all("#charts figure")).hasSizeGreaterThanOrEqualTo(12);
    assertThat(browser.script("return window.sameVisit")).isEqualTo(true);
    browser.assertCalmAndAtHome();
  }

  @Test
  void heldChartsRestAndGoOn() {
    browser.visit("/dashboard.html");
    browser.await("the first line", () -> !throughput().isEmpty());
    browser.byId("hold").click();
    String held = throughput();
    String seen = demo.json("/api/health/db-metrics").get("reads_completed").asString();
    browser.await(
        "time passes",
        () -> !demo.json("/api/health/db-metrics").get("reads_completed").asString().equals(seen));

    assertThat(throughput()).isEqualTo(held);
    browser.byId("hold").click();
    browser.await("the line moves", () -> !throughput().equals(held));
    browser.assertCalmAndAtHome();
  }

  @Test
  void momentIsReadWithTheKeyboard() {
    demo.scan();
    browser.visit("/dashboard.html");
    browser.await("some seconds are there", () -> throughput().split("L").length > 4);
    browser.script("document.querySelector('#charts .chart').focus()");

    browser.all("#charts .chart").get(0).sendKeys(Keys.ARROW_LEFT, Keys.ARROW_LEFT);

    assertThat(browser.all("#charts .when").get(0).getText()).startsWith("at ");
    assertThat(browser.all("#charts .chart").get(0).getDomAttribute("aria-valuetext"))
        .startsWith("2 seconds ago: writes ");
    browser.assertCalmAndAtHome();
  }

  @Test
  void thresholdsAreListedWithTheirState() {
    browser.visit("/dashboard.html");
    browser.await("the tables", () -> browser.all("#outgrown tr").size() == 7);

    List<String> crossed = List.of("lock-share", "lock-persistence", "writers", "users", "size");
    for (String id : crossed) {
      assertThat(browser.all("tr[data-id=" + id + "]").get(0).getDomAttribute("data-state"))
          .as(id)
          .isEqualTo("BELOW");
    }
    assertThat(browser.all("tr[data-id=spread]").get(0).getText()).contains("for you to know");
    assertThat(browser.all("#alarms tr")).hasSize(6);
    assertThat(browser.byId("others").isDisplayed()).isFalse();
    browser.assertCalmAndAtHome();
  }

  @Test
  void secondProcessOnTheFileIsNamedAndForgotten() throws Exception {
    assumeThat(Path.of("/proc/locks")).isReadable();
    browser.visit("/dashboard.html");
    browser.awaitText("connection", "Live");

    try (SecondDemo second = SecondDemo.start(folder, data.resolve("library.db"))) {
      browser.awaitText("others", "(process " + second.pid() + "). That works");
      second.stop();
    }

    browser.await("nobody else is named", () -> !browser.byId("others").isDisplayed());
    browser.assertCalmAndAtHome();
  }

  private String throughput() {
    return (String)
        browser.script(
            "return document.querySelector('#charts .line.s1:not(.key *)')"
                + ".getAttribute('d') ?? ''");
  }

  /** What the top of the first chart's scale says. */
  private double greatestInView() {
    String scale = browser.all("#charts .scale.top").get(0).getText();
    return Double.parseDouble(scale.replaceAll("[^0-9.]", ""));
  }
}
