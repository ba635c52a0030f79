package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.RunningDemo;
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
import org.openqa.selenium.WebElement;

@Tag("process")
class LibraryPageTest {

  private static final int MANY = 3_000;
  private static final String SCRIPT = "<img src=x onerror=\"window.hacked=1\">";

  @TempDir Path folder;
  @TempDir Path data;
  private RunningDemo demo;
  private Browser browser;

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("first/inner"));
    for (int i = 0; i < 3; i++) {
      Files.writeString(folder.resolve("first/" + i + ".txt"), "Otters swim in river " + i);
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
  void searchGoesOnFindingWhileAScanRestsAndRuns() throws IOException {
    browser.visit("/");
    browser.awaitText("results-text", "empty");
    browser.byId("start").click();
    browser.awaitText("results-text", "3 documents");
    browser.byId("query").sendKeys("otters", Keys.ENTER);
    browser.awaitText("results-text", "3 paragraphs");
    assertThat(
            browser.script(
                "return [...document.querySelectorAll('#list mark')].map(m => m.textContent)"))
        .isEqualTo(List.of("Otters", "Otters", "Otters"));

    writeMany();
    browser.script("window.sameVisit = true");
    browser.byId("start").click();
    browser.await("the scan runs", () -> browser.byId("pause").isEnabled());
    browser.byId("pause").click();
    browser.awaitText("scan-text", "Paused");
    int rested = documents();
    browser.await(
        "what was begun has ended",
        () -> demo.json("/api/library/scan").get("running").asInt() == 0);
    int before = documents();
    assertThat(before).isBetween(rested, MANY + 2);

    // By the keyboard: the button that has the focus stays where it is.
    WebElement first = browser.all("#list button").get(0);
    browser.script("arguments[0].focus()", first);
    browser.byId("pause").sendKeys(Keys.ENTER);
    browser.awaitText("scan-text", "finished");

    browser.awaitText("results-text", "The best 50 paragraphs");
    assertThat(documents()).isEqualTo(MANY + 3);
    assertThat(browser.text("pause")).isEqualTo("Pause");
    assertThat(browser.script("return window.sameVisit")).isEqualTo(true);
    browser.assertCalmAndAtHome();
  }

  @Test
  void focusStaysOnAnEntryWhileDocumentsCome() throws IOException {
    demo.scan();
    browser.visit("/");
    browser.awaitText("results-text", "3 documents");
    browser.script("document.querySelector('#list button').focus()");
    Files.writeString(folder.resolve("a.txt"), "Before all others");

    demo.scan();

    browser.awaitText("results-text", "4 documents");
    assertThat(browser.script("return document.activeElement.textContent")).isEqualTo("0.txt");
    assertThat(browser.all("#list button").get(0).getText()).isEqualTo("a.txt");
    browser.assertCalmAndAtHome();
  }

  @Test
  void noteOfSomebodyElseAppears() {
    demo.scan();
    browser.visit("/");
    browser.awaitText("results-text", "3 documents");
    browser.all("#list button").get(0).click();
    browser.awaitText("document-title", "0.txt");

    browser.byId("note-text").sendKeys("mine");
    browser.byId("note").submit();
    browser.awaitText("notes", "mine");
    long id = demo.json("/api/documents").get("documents").get(0).get("id").asLong();
    RunningDemo.parse(
        demo.post("/api/notes", "{\"documentId\": %d, \"text\": \"<i>theirs\"}".formatted(id)));

    browser.awaitText("notes", "<i>theirs");
    assertThat(browser.all("#notes li")).hasSize(2);
    assertThat(browser.all("#notes i")).isEmpty();
    browser.byId("document").sendKeys(Keys.ESCAPE);
    browser.await("the list is back", () -> browser.byId("results").isDisplayed());
    browser.assertCalmAndAtHome();
  }

  @Test
  void folderIsChosenAndScannedAlone() {
    browser.visit("/");
    browser.byId("choose").click();
    browser.awaitText("folders", "first");
    browser.all("#folders button").get(0).click();
    browser.awaitText("folders", "inner");
    assertThat(browser.byId("folder").getDomProperty("value")).isEqualTo("first");

    browser.byId("start").click();

    browser.awaitText("scan-text", "finished: 3 of 3 files");
    browser.assertCalmAndAtHome();
  }

  @Test
  void hostileNamesAndTextsAreShownAsText() throws IOException {
    Files.writeString(folder.resolve("<b>bold.md"), "# " + SCRIPT + "\n\nzebra " + SCRIPT + "\n");
    Files.createDirectory(folder.resolve("<i>folder"));
    browser.visit("/");
    browser.byId("choose").click();
    browser.awaitText("folders", "<i>folder");
    browser.byId("start").click();
    browser.awaitText("results-text", "4 documents");
    browser.byId("query").sendKeys("zebra", Keys.ENTER);
    browser.awaitText("results-text", "1 paragraph");

    assertThat(browser.text("list")).contains(SCRIPT, "<b>bold.md");
    browser.all("#list button").get(0).click();
    browser.awaitText("document-title", SCRIPT);
    assertThat(browser.text("text")).contains("zebra " + SCRIPT);
    assertThat(browser.all("main img, main b, main i, #folders i")).isEmpty();
    assertThat(browser.script("return window.hacked === undefined")).isEqualTo(true);
    browser.assertCalmAndAtHome();
  }

  @Test
  void searchThatIsRefusedIsExplained() {
    browser.visit("/");
    browser.awaitText("results-text", "empty");

    browser.byId("query").sendKeys("\"", Keys.ENTER);

    browser.awaitText("problem", "A search needs at least one word.");
  }

  private int documents() {
    return demo.json("/api/documents").get("total").asInt();
  }

  private void writeMany() throws IOException {
    Path many = Files.createDirectory(folder.resolve("many"));
    for (int i = 0; i < MANY; i++) {
      Files.writeString(many.resolve(i + ".txt"), "Otters were seen " + i + " times.\n\nAgain.");
    }
  }
}
