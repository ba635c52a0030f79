package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** Somebody does something else while the library's page waits for an answer. */
@Tag("process")
class LateAnswersTest extends InBrowser {

  private static final int PART = 100;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(
        folder.resolve("0.txt"),
        IntStream.range(0, PART * 5 / 2)
            .mapToObj(i -> "Otter " + i)
            .collect(Collectors.joining("\n\n")));
    Files.writeString(folder.resolve("1.txt"), "Others swim in the river.");
    open();
    demo.scan();
    browser.visit("/");
    browser.awaitText("results-text", "2 documents");
  }

  @Test
  void textWrittenWhileANoteIsSavedStays() {
    open(0);
    HeldAnswers answers = HeldAnswers.of(browser, "/api/notes");
    browser.byId("note-text").sendKeys("begun");
    browser.byId("note").submit();
    answers.await(1);
    browser.byId("note-text").sendKeys(" and more");
    answers.give(0);
    assertThat(browser.text("note-state")).startsWith("Saved as note");
    assertThat(draft()).isEqualTo("begun and more");

    browser.byId("note").submit();
    answers.await(2);
    browser.byId("note-text").sendKeys("!");
    leave();
    answers.give(1);
    open(0);
    assertThat(draft()).isEqualTo("begun and more!");

    browser.byId("note").submit();
    answers.await(3);
    leave();
    answers.give(2);
    open(0);
    assertThat(draft()).as("what is saved as it is").isEmpty();
    browser.awaitText("notes", "begun and more!");
    browser.assertCalmAndAtHome();
  }

  @Test
  void partOfATextIsNotAddedToOneThatWasOpenedAgain() {
    open(0);
    browser.byId("more").click();
    browser.await("two parts", () -> paragraphs().size() == 2 * PART);
    HeldAnswers answers = HeldAnswers.of(browser, "from=200");
    browser.byId("more").click();
    answers.await(1);
    leave();
    open(0);

    answers.give(0);

    assertThat(paragraphs()).hasSize(PART);
    browser.byId("more").click();
    browser.await("two parts", () -> paragraphs().size() == 2 * PART);
    assertThat(paragraphs().get(PART)).isEqualTo("Otter " + PART);
    browser.assertCalmAndAtHome();
  }

  @Test
  void errorOfAnOlderChoiceIsNotShownAndLeavesTheNewerOneAlone() {
    open(0);
    leave();
    HeldAnswers answers = HeldAnswers.of(browser, "/api/documents/");
    browser.back();
    answers.await(1);
    browser.all("#list a").get(1).click();
    answers.await(2);
    String address = address();

    answers.give(0, 503);

    assertThat(browser.byId("problem").isDisplayed()).isFalse();
    assertThat(address()).isEqualTo(address);
    answers.give(1);
    assertThat(browser.text("document-title")).isEqualTo("1.txt");
    assertThat(address()).startsWith("/?document=").isNotEqualTo(address);
    browser.assertCalmAndAtHome();
  }

  @Test
  void addressStaysWhenItCannotBeShownAtTheMoment() {
    open(0);
    leave();
    HeldAnswers answers = HeldAnswers.of(browser, "/api/documents/");
    browser.back();
    answers.await(1);

    answers.give(0, 503);

    assertThat(browser.text("problem")).isNotEmpty();
    assertThat(browser.byId("results").isDisplayed()).isTrue();
    assertThat(address()).startsWith("/?document=");
    browser.reload();
    browser.awaitText("document-title", "0.txt");
    browser.assertCalmAndAtHome();
  }

  @Test
  void searchStaysWhenTheDocumentOfItsAddressIsGone() {
    browser.visit("/?q=swim&document=999999");

    browser.await("a problem", () -> browser.byId("problem").isDisplayed());
    browser.awaitText("results-text", "1 paragraph");
    assertThat(browser.text("results-title")).isEqualTo("Found for “swim”");
    assertThat(browser.byId("query").getDomProperty("value")).isEqualTo("swim");
    assertThat(browser.byId("problem").isDisplayed()).isTrue();
    assertThat(address()).isEqualTo("/?q=swim");
    browser.assertRefusedOnce(404);
  }

  @Test
  void addressWhoseSearchIsRefusedTooIsLeft() {
    browser.visit("/?q=%22&document=1");

    browser.await("a problem", () -> browser.byId("problem").isDisplayed());
    browser.awaitText("results-text", "2 documents");
    assertThat(address()).isEqualTo("/");
  }

  @Test
  void linkWithinThePageChangesNothing() {
    HeldAnswers answers = HeldAnswers.of(browser, "/api/search");
    browser.byId("query").sendKeys("swim", Keys.ENTER);
    answers.await(1);
    answers.give(0, 503);
    assertThat(browser.text("problem")).isNotEmpty();
    browser.byId("query").sendKeys("ming");
    browser.script(
        """
        window.streams = 0;
        window.EventSource = class extends EventSource {
          constructor(path) {
            super(path);
            streams++;
          }
        };
        // After the page's own
        addEventListener("popstate", () => setTimeout(() => (window.arrived = true)));
        document.querySelector(".skip").click();
        """);

    browser.await("the link's end", () -> browser.script("return window.arrived") != null);
    assertThat(address()).isEqualTo("/");
    assertThat(browser.script("return document.activeElement.id")).isEqualTo("main");
    assertThat(browser.byId("query").getDomProperty("value")).isEqualTo("swimming");
    assertThat(browser.byId("problem").isDisplayed()).isTrue();
    assertThat(browser.script("return streams")).isEqualTo(0L);
    browser.assertCalmAndAtHome();
  }

  @Test
  void queryWrittenWhileAPageWaitsStays() {
    HeldAnswers documents = HeldAnswers.of(browser, "/api/documents/");
    browser.all("#list a").get(0).click();
    documents.await(1);
    browser.byId("query").sendKeys("swim");
    documents.give(0);
    assertThat(browser.text("document-title")).isEqualTo("0.txt");
    assertThat(browser.byId("query").getDomProperty("value")).isEqualTo("swim");

    HeldAnswers hits = HeldAnswers.of(browser, "/api/search");
    browser.byId("query").sendKeys(Keys.ENTER);
    hits.await(1);
    browser.byId("query").sendKeys("ming");
    hits.give(0);
    assertThat(browser.text("results-title")).isEqualTo("Found for “swim”");
    assertThat(browser.byId("query").getDomProperty("value")).isEqualTo("swimming");
    browser.assertCalmAndAtHome();
  }

  @Test
  void answerThatBreaksOffIsSaidInWords() {
    HeldAnswers documents = HeldAnswers.of(browser, "/api/documents/");
    browser.all("#list a").get(0).click();
    documents.await(1);
    documents.breakOff(0);
    assertThat(browser.text("problem")).isEqualTo("The answer of the application broke off.");

    browser.all("#list a").get(0).click();
    documents.await(2);
    documents.give(1);
    HeldAnswers notes = HeldAnswers.of(browser, "/api/notes");
    browser.byId("note-text").sendKeys("a note");
    browser.byId("note").submit();
    notes.await(1);
    notes.breakOff(0);
    assertThat(browser.text("problem"))
        .isEqualTo(
            "The answer of the application broke off. What you sent may have been saved all the"
                + " same: look before you send it again.");
    assertThat(draft()).isEqualTo("a note");
    browser.awaitText("notes", "a note");
    browser.assertCalmAndAtHome();
  }

  @Test
  void addressOfNothingIsLeft() {
    browser.visit("/?document=999999");

    browser.await("a problem", () -> browser.byId("problem").isDisplayed());
    assertThat(address()).isEqualTo("/");
    browser.assertRefusedOnce(404);
  }

  @Test
  void addressOfAPageFarBeyondTheLastIsShown() {
    browser.visit("/?page=1000002");

    browser.awaitText("results-text", "2 documents, none on this page");
    assertThat(browser.text("offline")).isEmpty();
    browser.assertCalmAndAtHome();
  }

  private void open(int entry) {
    browser.all("#list a").get(entry).click();
    browser.awaitText("document-title", entry + ".txt");
    browser.await("the document", () -> browser.byId("document").isDisplayed());
  }

  private void leave() {
    browser.byId("document").sendKeys(Keys.ESCAPE);
    browser.await("the list is back", () -> browser.byId("results").isDisplayed());
  }

  private String draft() {
    return browser.byId("note-text").getDomProperty("value");
  }

  private List<?> paragraphs() {
    return (List<?>)
        browser.script("return [...document.querySelectorAll('#text p')].map(p => p.textContent)");
  }

  private String address() {
    return (String) browser.script("return location.pathname + location.search");
  }
}
