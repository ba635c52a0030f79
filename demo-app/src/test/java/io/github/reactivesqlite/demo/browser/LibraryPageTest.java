package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.RunningDemo;
import io.github.reactivesqlite.jobs.JobQueue;
import io.github.reactivesqlite.jobs.Jobs;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;

@Tag("process")
class LibraryPageTest extends InBrowser {

  private static final int MANY = 3_000;
  private static final String SCRIPT = "<img src=x onerror=\"window.hacked=1\">";

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(folder.resolve("first/inner"));
    for (int i = 0; i < 3; i++) {
      Files.writeString(folder.resolve("first/" + i + ".txt"), "Otters swim in river " + i);
    }
    open();
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

    // By the keyboard: the link that has the focus stays where it is.
    WebElement first = browser.all("#list a").get(0);
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
    browser.script("document.querySelector('#list a').focus()");
    Files.writeString(folder.resolve("a.txt"), "Before all others");

    demo.scan();

    browser.awaitText("results-text", "4 documents");
    assertThat(browser.script("return document.activeElement.textContent")).isEqualTo("0.txt");
    assertThat(browser.all("#list a").get(0).getText()).isEqualTo("a.txt");
    // Nobody asked for it, so it is not read out.
    assertThat(browser.byId("results-text").getDomAttribute("aria-live")).isEqualTo("off");
    browser.assertCalmAndAtHome();
  }

  @Test
  void noteOfSomebodyElseAppears() {
    demo.scan();
    browser.visit("/");
    browser.awaitText("results-text", "3 documents");
    browser.all("#list a").get(0).click();
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
  void addressLeadsBackToWhatWasShown() {
    demo.scan();
    browser.visit("/");
    browser.awaitText("results-text", "3 documents");
    browser.byId("query").sendKeys("river 1", Keys.ENTER);
    browser.awaitText("results-text", "1 paragraph");
    browser.all("#list a").get(0).click();
    browser.awaitText("document-title", "1.txt");
    browser.byId("note-text").sendKeys("a draft");

    browser.reload();
    browser.awaitText("document-title", "1.txt");
    browser.back();
    browser.awaitText("results-title", "Found for “river 1”");
    browser.await("the hit", () -> browser.all("#list mark").size() == 2);
    browser.back();
    browser.awaitText("results-text", "3 documents");

    assertThat(browser.byId("query").getDomProperty("value")).isEmpty();
    browser.assertCalmAndAtHome();
  }

  @Test
  void draftOfANoteStaysWithItsDocument() {
    demo.scan();
    browser.visit("/");
    browser.awaitText("results-text", "3 documents");
    browser.all("#list a").get(0).click();
    browser.awaitText("document-title", "0.txt");
    browser.byId("note-text").sendKeys("about the first", Keys.ESCAPE);
    browser.await("the list is back", () -> browser.byId("results").isDisplayed());
    assertThat(browser.script("return document.activeElement.textContent")).isEqualTo("0.txt");

    browser.all("#list a").get(1).click();
    browser.awaitText("document-title", "1.txt");
    assertThat(browser.byId("note-text").getDomProperty("value")).isEmpty();
    browser.back();
    browser.await("the list is back", () -> browser.byId("results").isDisplayed());
    browser.all("#list a").get(0).click();

    browser.awaitText("document-title", "0.txt");
    assertThat(browser.byId("note-text").getDomProperty("value")).isEqualTo("about the first");
    browser.assertCalmAndAtHome();
  }

  @Test
  void pageSaysThatTheApplicationIsGoneAndGoesOnWhenItIsBack() throws IOException {
    browser.visit("/");
    browser.awaitText("results-text", "empty");
    int port = URI.create(demo.base()).getPort();

    demo.close();
    browser.awaitText("offline", "No connection since");
    browser.byId("start").click();
    browser.awaitText("problem", "does not answer");
    assertThat(browser.text("problem")).contains("may have been saved all the same");
    demo = RunningDemo.start(folder, data.resolve("library.db"), "--server.port=" + port);
    demo.scan();

    browser.awaitText("results-text", "3 documents");
    assertThat(browser.text("offline")).isEmpty();
    assertThat(browser.byId("problem").isDisplayed()).isFalse();
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
    demo.post("/api/library/scan/pause", "{}");
    browser.awaitText("scan-text", "written. Paused: no file is begun until somebody resumes.");
    browser.assertCalmAndAtHome();
  }

  @Test
  void listingThatIsLostForTheLastTimeIsNamed() {
    JobQueue listings = demo.bean(Jobs.class).queue("library-listing");
    listings.pause().block(RunningDemo.LONG);
    browser.visit("/");
    browser.byId("start").click();
    browser.awaitText("scan-text", "Looking for files …");
    browser.byId("pause").click();
    browser.awaitText("scan-text", "Looking for files. Paused: no file is begun");
    browser.byId("pause").click();
    // As whoever watches leases leaves it
    demo.database()
        .update(
            "UPDATE jobs_job SET state = 'discarded', attempt = 3, finished_at = 1,"
                + " error = 'The worker of attempt 3 showed no sign of life for 30000 ms'"
                + " WHERE type = 'list-folder'")
        .rowsUpdated()
        .block(RunningDemo.LONG);

    browser.awaitText("scan-text", "The folder could not be listed.");
    browser.awaitText("problems", "The whole library\n");
    browser.assertCalmAndAtHome();
  }

  @Test
  void hostileNamesAndTextsAreShownAsText() throws IOException {
    Files.writeString(folder.resolve("<b>bold.md"), "# " + SCRIPT + "\n\nzebra " + SCRIPT + "\n");
    Files.createDirectory(folder.resolve("<i>folder"));
    Files.writeString(folder.resolve("zz\n\u202Etxt.exe"), "What it is called is not seen.");
    browser.visit("/");
    browser.byId("choose").click();
    browser.awaitText("folders", "<i>folder");
    browser.byId("start").click();
    browser.awaitText("results-text", "5 documents");
    assertThat(browser.text("list")).contains("zz\\u{a}\\u{202e}txt.exe");
    browser.byId("query").sendKeys("zebra", Keys.ENTER);
    browser.awaitText("results-text", "1 paragraph");

    assertThat(browser.text("list")).contains(SCRIPT, "<b>bold.md");
    browser.all("#list a").get(0).click();
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
    browser.assertRefusedOnce(400);
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
