package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.RetryPolicy;
import io.github.reactivesqlite.demo.library.DatabaseFile;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.LibraryProperties;
import io.github.reactivesqlite.demo.scan.ScanJobs.FileToIndex;
import io.github.reactivesqlite.demo.scan.ScanJobs.FilesGone;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.NewJob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Compares a folder with what the library knows, and makes a job of every file that is new or
 * changed, and of every twenty that are gone. Done again after a restart, it gives no file a second
 * job.
 */
@Component
class Listing {

  private static final RetryPolicy RETRY =
      RetryPolicy.retryBackoff(5, Duration.ofMillis(100), Duration.ofSeconds(2));
  private static final int JOBS_AT_ONCE = 100;

  /** What a comparison has found. */
  private record Difference(
      int files, int unchanged, int tooLarge, boolean complete, List<NewJob<?>> jobs) {}

  private final ReactiveDatabase database;
  private final Jobs jobs;
  private final Indexer indexer;
  private final FileThreads files;
  private final LibraryFolder library;
  private final DatabaseFile databaseFile;
  private final LibraryProperties properties;

  Listing(
      ReactiveDatabase database,
      Jobs jobs,
      Indexer indexer,
      FileThreads files,
      LibraryFolder library,
      DatabaseFile databaseFile,
      LibraryProperties properties) {
    this.database = database.with(OperationOptions.labelled("list-folder").lane(Lane.BULK));
    this.jobs = jobs;
    this.indexer = indexer;
    this.files = files;
    this.library = library;
    this.databaseFile = databaseFile;
    this.properties = properties;
  }

  /** Lists a folder for a scan, by its name; completes when every job of it is durable. */
  Mono<Void> of(long scan, String folder) {
    return Mono.zip(indexer.known(), files.call(() -> walk(folder)))
        .map(both -> compare(scan, both.getT1(), both.getT2()))
        .flatMap(found -> saveFigures(scan, found).thenMany(enqueue(found)).then())
        .then(Mono.defer(() -> listed(scan)));
  }

  private FolderWalk walk(String folder) throws IOException {
    return FolderWalk.of(
        library.resolve(folder), DatabaseFiles.of(databaseFile.path()), properties.maxFiles());
  }

  private Difference compare(long scan, Map<String, Known> known, FolderWalk walk) {
    Map<String, Known> vanished = new TreeMap<>(known);
    vanished.keySet().removeIf(path -> !library.root().resolve(path).startsWith(walk.root()));
    List<NewJob<?>> found = new ArrayList<>();
    int unchanged = 0;
    int tooLarge = 0;
    for (FoundFile file : walk.files()) {
      String name = library.nameOf(file.file());
      Known before = known.get(name);
      if (file.attributes().size() > properties.maxFileSize().toBytes()) {
        // A document it may have been before goes with the vanished ones
        tooLarge++;
        continue;
      }
      vanished.remove(name);
      if (before != null && before.looksLike(file)) {
        // What this scan itself has written, before a restart, is counted already
        unchanged += before.scanId() == scan ? 0 : 1;
      } else {
        found.add(indexing(scan, name));
      }
    }
    if (walk.complete()) {
      found.addAll(removals(scan, List.copyOf(vanished.keySet())));
    }
    return new Difference(walk.files().size(), unchanged, tooLarge, walk.complete(), found);
  }

  private static NewJob<?> indexing(long scan, String name) {
    return ScanJobs.INDEX.job(new FileToIndex(scan, name)).uniqueKey("file:" + name).key(name);
  }

  private static List<NewJob<?>> removals(long scan, List<String> vanished) {
    List<NewJob<?>> removals = new ArrayList<>();
    for (int i = 0; i < vanished.size(); i += ScanJobs.REMOVED_AT_ONCE) {
      int end = Math.min(vanished.size(), i + ScanJobs.REMOVED_AT_ONCE);
      removals.add(ScanJobs.REMOVE.job(new FilesGone(scan, List.copyOf(vanished.subList(i, end)))));
    }
    return removals;
  }

  private Mono<Long> saveFigures(long scan, Difference found) {
    return database
        .update(
            "UPDATE scan SET files = :files, unchanged = :unchanged, too_large = :tooLarge,"
                + " complete = :complete WHERE id = :scan")
        .bind("files", found.files())
        .bind("unchanged", found.unchanged())
        .bind("tooLarge", found.tooLarge())
        .bind("complete", found.complete())
        .bind("scan", scan)
        .rowsUpdated()
        .retryWhen(RETRY.onTransient());
  }

  private Flux<Integer> enqueue(Difference found) {
    return Flux.fromIterable(found.jobs())
        .buffer(JOBS_AT_ONCE)
        .concatMap(
            some ->
                database
                    .write(
                        session -> {
                          some.forEach(job -> jobs.enqueue(session, job));
                          return some.size();
                        })
                    .retryWhen(RETRY.onTransient()),
            1);
  }

  private Mono<Void> listed(long scan) {
    return database
        .update("UPDATE scan SET listed_at = :now WHERE id = :scan")
        .bind("now", LibraryScanner.now())
        .bind("scan", scan)
        .rowsUpdated()
        .retryWhen(RETRY.onTransient())
        .then();
  }
}
