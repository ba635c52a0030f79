package io.github.reactivesqlite.demo.browser;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.demo.SecondDemo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application hangs: its connections are there, and nothing comes through them. */
@Tag("process")
class FrozenApplicationTest {

  @TempDir Path folder;
  @TempDir Path data;

  @Test
  void pageSaysThatItHearsNothingAndGoesOnAfterwards() throws Exception {
    Files.writeString(folder.resolve("a.txt"), "Otters swim");
    Path database = data.resolve("library.db");
    try (SecondDemo demo = SecondDemo.start(folder, database, "--library.heartbeat=1s");
        Browser browser = Browser.open(demo.address())) {
      browser.visit("/");
      browser.awaitText("scan-text", "finished");
      browser.awaitText("results-text", "1 document");

      signal("STOP", demo.pid());
      browser.awaitText("offline", "Nothing heard since");
      assertThat(browser.text("list")).contains("a.txt");
      signal("CONT", demo.pid());

      browser.await("it hears again", () -> browser.text("offline").isEmpty());
      Files.writeString(folder.resolve("b.txt"), "Others do, too");
      browser.byId("start").click();
      browser.awaitText("results-text", "2 documents");
      browser.assertCalmAndAtHome();
    }
  }

  private static void signal(String name, long pid) throws Exception {
    Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start();
    assertThat(kill.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(kill.exitValue()).isZero();
  }
}
