package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.RunningDemo;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import tools.jackson.databind.JsonNode;

/** The lab in a browser: a run seen live on both sides, its table and its downloads. */
@Tag("process")
class LabPageTest {

  @TempDir static Path folder;
  @TempDir static Path data;
  private static RunningDemo demo;
  private static Browser browser;
  private static long ladder;

  @BeforeAll
  static void start() {
    demo = RunningDemo.start(folder, data.resolve("library.db"));
    browser = Browser.open(demo);
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

  @AfterEach
  void nothingRuns() {
    JsonNode running = demo.json("/api/lab").get("running");
    if (!running.isNull()) {
      demo.post("/api/lab/runs/" + running.asLong() + "/cancel", "{}");
      demo.get("/api/lab/runs/" + running.asLong() + "/events");
    }
    browser.resize(1200, 900);
  }

  private static void open() {
    browser.visit("/lab.html");
    browser.await("scenarios", () -> browser.all("#scenarios input").size() == 5);
    if (newest() != 0) {
      browser.await("the last run", () -> browser.byId("run").isDisplayed());
    }
  }

  private static long newest() {
    return demo.json("/api/lab").get("newest").asLong(0);
  }

  private static void fill(String id, String value) {
    WebElement field = browser.byId(id);
    field.clear();
    field.sendKeys(value);
  }

  private static void chooseLadder() {
    browser.byId("scenario-topics").click();
    fill("workers", "4");
    fill("seconds", "1");
    // The form may say already what the last run was.
    if (!browser.byId("ladder").isSelected()) {
      browser.byId("ladder").click();
    }
  }

  @Test
  void allSidesAreSeenLiveAndSetSideBySide() {
    open();
    chooseLadder();
    browser.byId("go").click();

    browser.await("five sides", () -> browser.all("#steps article").size() == 5);
    browser.await(
        "the line of the first side",
        () ->
            String.valueOf(browser.all("#steps .chart .done").get(0).getDomAttribute("d"))
                .contains("L"));
    assertThat(browser.byId("go").isEnabled()).isFalse();
    browser.await("the result", () -> browser.byId("result").isDisplayed());

    assertThat(browser.all("#table-head th"))
        .extracting(WebElement::getText)
        .containsExactly(
            "Figure",
            "as it was",
            "+ settings",
            "+ backoff",
            "+ batching",
            "+ single writer",
            "The application reported",
            "Must be",
            "Verdict");
    assertThat(browser.all("#table-body tr")).hasSizeGreaterThan(8);
    assertThat(browser.text("verdict")).startsWith("reactive-sqlite m");
    browser.await(
        "the chart",
        () ->
            Boolean.TRUE.equals(
                browser.script("return document.getElementById('chart').naturalWidth > 0")));
    String csv = browser.byId("csv").getDomAttribute("href");
    assertThat(demo.get(csv).body()).startsWith("scenario,figure,");
    assertThat(browser.byId("go").isEnabled()).isTrue();
    ladder = newest();
    browser.assertCalmAndAtHome();
  }

  @Test
  void runIsFollowedByAPageThatComesLaterAndStopped() {
    open();
    browser.byId("scenario-library-scan").click();
    fill("seconds", "30");
    browser.byId("go").click();
    browser.await("it runs", () -> !browser.byId("go").isEnabled());

    browser.visit("/lab.html");
    browser.awaitText("run-title", "Music library");
    assertThat(browser.byId("scenario-library-scan").isSelected()).isTrue();
    assertThat(browser.byId("seconds").getDomProperty("value")).isEqualTo("30");
    browser.byId("cancel").click();

    browser.awaitText("run-text", "The run was stopped.");
    assertThat(browser.text("steps")).contains("not run").doesNotContain("done in");
    assertThat(browser.byId("go").isEnabled()).isTrue();
    browser.assertCalmAndAtHome();
  }

  @Test
  void sideThatHasEndedIsLeftAsItIsWhenTheNextIsStopped() {
    open();
    browser.await("no run is told of", () -> !browser.byId("cancel").isEnabled());
    chooseLadder();
    // As soon as a side has ended, and before anything is told of the next one, which warms up.
    browser.script(
        """
        const listen = EventSource.prototype.addEventListener;
        EventSource.prototype.addEventListener = function (name, handle) {
          listen.call(this, name, (event) => {
            if (name === "ended" || !window.stopAsked) {
              handle(event);
            }
          });
        };
        new MutationObserver((changes, observer) => {
          if (steps.textContent.includes("done in")) {
            observer.disconnect();
            cancel.click();
            window.stopAsked = true;
          }
        }).observe(steps, { childList: true, subtree: true });
        """);
    browser.byId("go").click();

    browser.await("a side has ended", () -> browser.script("return window.stopAsked") != null);
    browser.awaitText("run-text", "The run was stopped.");
    assertThat(browser.all("#steps article").get(0).getText()).contains("done in");
    assertThat(browser.all("#steps article").get(1).getText())
        .contains("stopped while it got ready");
    assertThat(browser.all("#steps article").get(2).getText()).contains("not run");
    browser.assertCalmAndAtHome();
  }

  @Test
  void runOfSomebodyElseIsFollowedByWhoWantsToRun() {
    open();
    String json = "{\"scenario\": \"transcripts\", \"seconds\": 30}";
    RunningDemo.parse(demo.post("/api/lab/runs", json));

    browser.byId("go").click();

    browser.awaitText("problem", "A scenario is running.");
    browser.awaitText("run-title", "Podcast transcripts");
    browser.byId("cancel").click();
    browser.awaitText("run-text", "The run was stopped.");
    assertThat(browser.byId("problem").isDisplayed()).isFalse();
    browser.assertRefusedOnce(409);
  }

  @Test
  void scenarioIsChosenWithTheKeyboard() {
    open();
    browser.byId("scenario-topics").sendKeys(Keys.ARROW_DOWN);

    assertThat(browser.byId("scenario-transcripts").isSelected()).isTrue();
    assertThat(browser.byId("workers").getDomProperty("value")).isEqualTo("4");
    assertThat(browser.byId("ladder-label").isDisplayed()).isFalse();
    assertThat(browser.text("story")).contains("claim jobs");
    browser.assertCalmAndAtHome();
  }

  @ParameterizedTest
  @CsvSource({"light, 1200, 900", "dark, 1200, 900", "light, 360, 740", "dark, 360, 740"})
  void resultFitsBothThemesAndAPhone(String scheme, int width, int height) throws IOException {
    if (newest() != ladder || ladder == 0) {
      String json = "{\"scenario\": \"topics\", \"seconds\": 1, \"workers\": 4, \"ladder\": true}";
      ladder = RunningDemo.parse(demo.post("/api/lab/runs", json)).get("id").asLong();
      demo.get("/api/lab/runs/" + ladder + "/events");
    }
    browser.prefer(scheme);
    browser.resize(width, height);
    open();
    // As any page that comes later is told
    browser.await("five sides", () -> browser.all("#steps article").size() == 5);
    browser.await("the result", () -> browser.byId("result").isDisplayed());
    browser.picture("lab-" + scheme + "-" + width);
    assertThat(
            browser.script(
                "return document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
        .as("nothing sticks out")
        .isEqualTo(true);
    browser.assertCalmAndAtHome();
  }
}
