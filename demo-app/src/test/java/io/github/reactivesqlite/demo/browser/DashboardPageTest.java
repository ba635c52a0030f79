package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.reactivesqlite.demo.SecondDemo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;

@Tag("process")
class DashboardPageTest extends InBrowser {

  private static final String THROUGHPUT =
      "(document.querySelector('#charts .line.s1:not(.key *)').getAttribute('d') ?? '')";

  // Until something has come.
  private static final String RELEASE_FOR_A_MOMENT =
      """
      const before = %1$s;
      hold.click();
      const after = %1$s;
      if (after === before) {
        hold.click();
      }
      return [before, after];
      """
          .formatted(THROUGHPUT);

  @BeforeEach
  void start() throws IOException {
    for (int i = 0; i < 200; i++) {
      Files.writeString(folder.resolve(i + ".txt"), "Otters swim in river " + i);
    }
    open();
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
    assertThat(browser.all("#charts figure")).hasSizeGreaterThanOrEqualTo(13);
    assertThat(browser.script("return window.sameVisit")).isEqualTo(true);
    browser.assertCalmAndAtHome();
  }

  @Test
  void heldChartsRestAndGoOn() {
    browser.visit("/dashboard.html");
    browser.await("the first line", () -> !throughput().isEmpty());
    browser.byId("hold").click();
    String held = throughput();
    assertThat(endOfTime()).isNotEmpty().isNotEqualTo("now");
    assertThat(browser.all("#charts .chart").get(0).getDomAttribute("aria-valuetext"))
        .startsWith("at " + endOfTime() + ": writes ");

    // Nothing can come between the clicks: what is drawn anew was there and held back.
    browser.await(
        "samples that are held back",
        () -> {
          List<?> lines = (List<?>) browser.script(RELEASE_FOR_A_MOMENT);
          assertThat(lines.get(0)).as("while they are held").isEqualTo(held);
          return !lines.get(1).equals(held);
        });
    assertThat(endOfTime()).isEqualTo("now");
    String released = throughput();
    browser.await("the line moves", () -> !throughput().equals(released));
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
    String said = browser.all("#charts .chart").get(0).getDomAttribute("aria-valuetext");
    assertThat(said).startsWith("2 seconds ago: writes ");
    // What moves by itself is not read out to who is here.
    String before = throughput();
    browser.await("the line moves", () -> !throughput().equals(before));
    assertThat(browser.all("#charts .chart").get(0).getDomAttribute("aria-valuetext"))
        .isEqualTo(said);
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
    assertThat(browser.all("tr[data-id=spread]").get(0).getText()).contains("yours to judge");
    assertThat(browser.all("#alarms tr")).hasSize(6);
    assertThat(browser.text("others")).isEmpty();
    browser.script("document.querySelector('tr[data-id=users]').seen = true");

    Disposable another = demo.events("/api/dashboard/events", "samples").subscribe();
    browser.awaitText("outgrown", "2, without locks");
    another.dispose();

    assertThat(browser.script("return document.querySelector('tr[data-id=users]').seen"))
        .as("rows stay for who reads in them")
        .isEqualTo(true);
    browser.assertCalmAndAtHome();
  }

  @Test
  void onlyTheTabThatIsSeenListens() {
    // A browser opens six connections to a server.
    for (int tab = 0; tab < 8; tab++) {
      browser.openTab(tab % 2 == 0 ? "/dashboard.html" : "/");
      browser.awaitText(tab % 2 == 0 ? "charts" : "results-text", tab % 2 == 0 ? "now" : "empty");
    }

    browser.await("one listens", () -> viewers() == 1);
    browser.assertCalmAndAtHome();
  }

  private double viewers() {
    JsonNode meter = demo.json("/actuator/metrics/library.viewers");
    return meter.get("measurements").get(0).get("value").asDouble();
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

    browser.await("nobody else is named", () -> browser.text("others").isEmpty());
    browser.assertCalmAndAtHome();
  }

  private String throughput() {
    return (String) browser.script("return " + THROUGHPUT);
  }

  /** What the right end of the first chart's time says. */
  private String endOfTime() {
    return browser.all("#charts .scale.end").get(0).getText();
  }

  /** What the top of the first chart's scale says. */
  private double greatestInView() {
    String scale = browser.all("#charts .scale.top").get(0).getText();
    return Double.parseDouble(scale.replaceAll("[^0-9.]", ""));
  }
}
