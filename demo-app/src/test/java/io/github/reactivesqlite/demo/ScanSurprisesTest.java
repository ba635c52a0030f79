package io.github.reactivesqlite.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.demo.scan.LibraryScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Folders and files that are not as one would wish, or change while they are scanned. */
class ScanSurprisesTest {

  @TempDir Path folder;
  @TempDir Path data;
  private RunningDemo demo;

  @BeforeEach
  void start() throws IOException {
    Files.writeString(folder.resolve("a.txt"), "Otters swim");
    demo = RunningDemo.start(folder, data.resolve("library.db"));
  }

  @AfterEach
  void stop() {
    demo.close();
  }

  @Test
  void emptyFolderIsDoneAtOnce() throws IOException {
    Files.createDirectory(folder.resolve("empty"));

    JsonNode report = demo.scan("{\"folder\": \"empty\"}");

    assertThat(report.get("state").asString()).isEqualTo("DONE");
    assertThat(report.get("files").asInt()).isZero();
  }

  @Test
  void linksThatLeadInCirclesAreNotFollowed() throws IOException {
    Path sub = Files.createDirectory(folder.resolve("sub"));
    Files.createSymbolicLink(sub.resolve("up"), folder);
    Files.createSymbolicLink(sub.resolve("self"), sub.resolve("self"));

    JsonNode report = demo.scan();

    assertThat(report.get("files").asInt()).isEqualTo(1);
    assertThat(report.get("complete").asBoolean()).isTrue();
  }

  /** A scan follows no links, so what lies behind one is none of the library's any more. */
  @Test
  void documentsOfAFolderThatBecameALinkAreRemoved() throws IOException {
    Path docs = Files.createDirectory(folder.resolve("docs"));
    Files.writeString(docs.resolve("b.txt"), "Badgers dig");
    demo.scan();
    Files.move(docs, folder.resolve("manual"));
    Files.createSymbolicLink(docs, folder.resolve("manual"));

    JsonNode report = demo.scan();

    assertThat(report.get("documents").asInt()).isEqualTo(1);
    assertThat(report.get("removed").asInt()).isEqualTo(1);
    assertThat(demo.json("/api/search?q=badgers").get("hits")).hasSize(1);
    assertThat(demo.scan().get("removed").asInt()).isZero();
  }

  @Test
  void documentsOfAFolderThatBecameAFileAreRemovedWithOthers() throws IOException {
    Path deep = Files.createDirectories(folder.resolve("notes/deep"));
    Files.writeString(deep.resolve("b.txt"), "Badgers dig");
    Files.writeString(folder.resolve("notes/c.txt"), "Cats climb");
    demo.scan();
    Files.delete(deep.resolve("b.txt"));
    Files.delete(deep);
    Files.delete(folder.resolve("notes/c.txt"));
    Files.delete(folder.resolve("notes"));
    Files.delete(folder.resolve("a.txt"));
    Files.writeString(folder.resolve("notes"), "Not a folder");

    JsonNode report = demo.scan();

    assertThat(report.get("removed").asInt()).isEqualTo(3);
    assertThat(report.get("problems")).isEmpty();
    assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(1);
  }

  @Test
  void removalThatWasGivenUpIsShownAndCanBeTriedAgain() throws IOException {
    demo.scan();
    RunningDemo.parse(demo.post("/api/library/scan/pause", "{}"));
    Files.delete(folder.resolve("a.txt"));
    RunningDemo.parse(demo.post("/api/library/scan", "{}"));
    demo.progressUntil(report -> report.get("waiting").asInt() == 1);
    demo.database()
        .update(
            "UPDATE jobs_job SET state = 'discarded', attempt = 3, finished_at = 1,"
                + " error = 'The disk is not there' WHERE type = 'remove-documents'")
        .rowsUpdated()
        .block(RunningDemo.LONG);

    JsonNode done =
        demo.progressUntil(
            report ->
                report.get("state").asString().equals("DONE") && !report.get("problems").isEmpty());
    assertThat(done.get("failed").asInt()).as("files that could not be read").isZero();
    assertThat(done.get("problems").get(0).get("reason").asString())
        .contains("The disk is not there");

    RunningDemo.parse(demo.post("/api/library/scan/resume", "{}"));
    assertThat(demo.bean(LibraryScanner.class).retry().block(RunningDemo.LONG)).isEqualTo(1);
    demo.progressUntil(report -> report.get("removed").asInt() == 1);
  }

  /** What is no text is looked into once, and again when it has changed. */
  @Test
  void fileThatIsNoTextIsNotOpenedAgain() throws IOException {
    Path image = Files.write(folder.resolve("image.png"), new byte[] {'P', 'N', 'G', 0});
    demo.scan();
    assertThat(jobsOf("image.png")).isEqualTo(1);

    JsonNode again = demo.scan();

    assertThat(again.get("notText").asInt()).isEqualTo(1);
    assertThat(again.get("unchanged").asInt()).isEqualTo(1);
    assertThat(again.get("filesDone").asInt()).isEqualTo(2);
    assertThat(jobsOf("image.png")).isZero();

    Files.writeString(image, "Otters, in words");
    assertThat(demo.scan().get("documents").asInt()).isEqualTo(1);
    assertThat(demo.scan().get("unchanged").asInt()).isEqualTo(2);

    Files.write(image, new byte[] {'P', 'N', 'G', 0});
    assertThat(demo.scan().get("removed").asInt()).isEqualTo(1);
    Files.delete(image);
    demo.scan();
    assertThat(number("SELECT count(*) FROM left_out")).isZero();
  }

  @Test
  void fileThatIsBackBeforeItsDocumentIsRemovedStays() throws IOException {
    Files.writeString(folder.resolve("b.txt"), "Badgers dig");
    demo.scan();
    RunningDemo.parse(demo.post("/api/library/scan/pause", "{}"));
    Files.move(folder.resolve("a.txt"), data.resolve("a.txt"));
    Files.delete(folder.resolve("b.txt"));
    RunningDemo.parse(demo.post("/api/library/scan", "{}"));
    demo.progressUntil(report -> report.get("waiting").asInt() == 1);
    Files.move(data.resolve("a.txt"), folder.resolve("a.txt"));

    RunningDemo.parse(demo.post("/api/library/scan/resume", "{}"));
    JsonNode done = demo.progressUntil(report -> report.get("state").asString().equals("DONE"));

    assertThat(done.get("removed").asInt()).isEqualTo(1);
    assertThat(demo.json("/api/search?q=otters").get("hits")).hasSize(1);
    assertThat(demo.json("/api/search?q=badgers").get("hits")).isEmpty();
    assertThat(demo.scan().get("removed").asInt()).isZero();
  }

  /** What not even root can look at: a folder whose name is longer than the system allows. */
  @Test
  void fileThatCannotBeLookedAtStaysAndKeepsNoOtherFromBeingRemoved() throws IOException {
    Files.writeString(folder.resolve("z.txt"), "Zebras run");
    demo.scan();
    String hidden = "m".repeat(300) + "/b.txt";
    demo.database()
        .update(
            "INSERT INTO document (path, title, size, modified, checksum, paragraphs, scanned_at)"
                + " SELECT :path, title, size, modified, checksum, 0, scanned_at FROM document"
                + " LIMIT 1")
        .bind("path", hidden)
        .rowsUpdated()
        .block(RunningDemo.LONG);
    Files.delete(folder.resolve("a.txt"));
    Files.delete(folder.resolve("z.txt"));

    JsonNode report = demo.scan();

    assertThat(report.get("problems")).isEmpty();
    assertThat(report.get("removed").asInt()).isEqualTo(2);
    assertThat(demo.json("/api/documents").get("documents").get(0).get("path").asString())
        .isEqualTo(hidden);
  }

  /** A name in another encoding cannot be written in a page, nor in a request. */
  @Test
  void fileWhoseNameIsNoTextIsLeftOutAndSaidSo() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", "printf otters > \"$(printf 'caf\\351.txt')\"")
            .directory(folder.toFile())
            .start();
    assumeTrue(process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0);

    JsonNode report = demo.scan();

    assertThat(report.get("state").asString()).isEqualTo("DONE");
    assertThat(report.get("complete").asBoolean()).isFalse();
    assertThat(report.get("files").asInt()).isEqualTo(1);
    assertThat(report.get("problems")).isEmpty();
  }

  @Test
  void nothingIsRemovedIfAllFilesAreBack() throws IOException {
    demo.scan();
    RunningDemo.parse(demo.post("/api/library/scan/pause", "{}"));
    Files.move(folder.resolve("a.txt"), data.resolve("a.txt"));
    RunningDemo.parse(demo.post("/api/library/scan", "{}"));
    demo.progressUntil(report -> report.get("waiting").asInt() == 1);
    Files.move(data.resolve("a.txt"), folder.resolve("a.txt"));

    RunningDemo.parse(demo.post("/api/library/scan/resume", "{}"));
    JsonNode done = demo.progressUntil(report -> report.get("state").asString().equals("DONE"));

    assertThat(done.get("removed").asInt()).isZero();
    assertThat(demo.json("/api/documents").get("total").asInt()).isEqualTo(1);
  }

  @Test
  void folderThatCannotBeReadIsSaidAndTheRestIsCompared() throws Exception {
    demo.scan();
    Files.delete(folder.resolve("a.txt"));
    try (TooDeepFolder deep = TooDeepFolder.in(folder, data)) {
      JsonNode report = demo.scan();

      assertThat(deep.top()).exists();
      assertThat(report.get("state").asString()).isEqualTo("DONE");
      assertThat(report.get("complete").asBoolean()).isFalse();
      assertThat(report.get("removed").asInt()).isEqualTo(1);
    }
    assertThat(demo.scan().get("complete").asBoolean()).isTrue();
  }

  @Test
  void retryWithoutAFailureChangesNothing() {
    JsonNode before = demo.scan();

    assertThat(demo.bean(LibraryScanner.class).retry().block(RunningDemo.LONG)).isZero();

    assertThat(demo.json("/api/library/scan").get("seconds")).isEqualTo(before.get("seconds"));
  }

  private long jobsOf(String file) {
    return number("SELECT count(*) FROM jobs_job WHERE group_key = '" + file + "'");
  }

  private long number(String sql) {
    return demo.database().query(sql).mapTo(Long.class).one().block(RunningDemo.LONG);
  }
}
