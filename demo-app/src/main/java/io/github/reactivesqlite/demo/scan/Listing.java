package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.Lane;
import io.github.reactivesqlite.OperationOptions;
import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.WriteSession;
import io.github.reactivesqlite.demo.library.DatabaseFile;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.LibraryProperties;
import io.github.reactivesqlite.demo.library.RejectedException;
import io.github.reactivesqlite.demo.scan.ScanJobs.FileToIndex;
import io.github.reactivesqlite.demo.scan.ScanJobs.FilesGone;
import io.github.reactivesqlite.demo.scan.ScanJobs.FolderToList;
import io.github.reactivesqlite.jobs.JobContext;
import io.github.reactivesqlite.jobs.Jobs;
import io.github.reactivesqlite.jobs.LeaseLostException;
import io.github.reactivesqlite.jobs.NewJob;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Does the job that a scan begins with: compares a folder with what the library knows, and makes a
 * job of every file that is new or changed, and of every twenty that are gone. Done again, because
 * the process died, it does no file twice and counts nothing twice.
 */
@Component
class Listing {

  private static final Logger LOG = LoggerFactory.getLogger(Listing.class);
  private static final int JOBS_AT_ONCE = 100;

  /** What a comparison has found. */
  private record Difference(
      int files, int unchanged, int leftOut, boolean complete, List<NewJob<?>> jobs) {}

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

  /** Lists a folder; its job is done when every job that it leads to is durable. */
  Mono<Void> list(JobContext<FolderToList> job) {
    FolderToList list = job.payload();
    return jobs.prune(Duration.ZERO)
        .then(Mono.zip(indexer.known(), files.call(() -> walk(list.folder()))))
        // Long for a large library, and whichever of the two is later would be held up
        .publishOn(files.scheduler())
        .map(both -> compare(list, both.getT1(), both.getT2()))
        .flatMap(found -> saveFigures(list.scan(), found).thenMany(enqueue(found)).then())
        .then(Mono.defer(() -> job.completeWith(session -> listed(session, list.scan()))))
        .then()
        .onErrorResume(
            RejectedException.class, error -> job.discard(String.valueOf(error.getMessage())))
        .doOnError(
            error -> !(error instanceof LeaseLostException),
            error -> LOG.warn("A folder could not be listed", error));
  }

  private FolderWalk walk(String folder) throws UnreadableFolderException {
    DatabaseFiles database = DatabaseFiles.of(databaseFile.path());
    try {
      return FolderWalk.of(library.find(folder), database, properties.maxFiles());
    } catch (IOException e) {
      throw new UnreadableFolderException(e);
    }
  }

  private Difference compare(FolderToList list, Map<String, Known> known, FolderWalk walk) {
    Map<String, Known> vanished = new TreeMap<>(known);
    // What this system cannot even name is left alone, too
    vanished.keySet().removeIf(path -> library.pathOf(path).filter(walk::misses).isEmpty());
    List<NewJob<?>> found = new ArrayList<>();
    int unchanged = 0;
    int leftOut = 0;
    int nameless = 0;
    for (FoundFile file : walk.files()) {
      String name = library.nameOf(file.file());
      if (!library.pathOf(name).equals(Optional.of(file.file()))) {
        // Its name is no text in the encoding of the system, so nobody could find it by it
        nameless++;
        continue;
      }
      if (file.attributes().size() > properties.maxFileSize().toBytes()) {
        // A document it may have been before goes with the vanished ones
        leftOut++;
        continue;
      }
      vanished.remove(name);
      Known before = known.get(name);
      if (before == null || !before.looksLike(file)) {
        found.add(indexing(list.scan(), name));
      } else if (before.scanId() != list.scan()) {
        // What this scan itself has written or left out, the first time, is counted already
        unchanged += before.isText() ? 1 : 0;
        leftOut += before.isText() ? 0 : 1;
      }
    }
    found.addAll(removals(list, List.copyOf(vanished.keySet())));
    return new Difference(
        walk.files().size() - nameless,
        unchanged,
        leftOut,
        walk.complete() && nameless == 0,
        found);
  }

  private static NewJob<?> indexing(long scan, String name) {
    return ScanJobs.INDEX.job(new FileToIndex(scan, name)).uniqueKey("file:" + name).key(name);
  }

  private static List<NewJob<?>> removals(FolderToList list, List<String> vanished) {
    List<NewJob<?>> removals = new ArrayList<>();
    for (int i = 0; i < vanished.size(); i += ScanJobs.REMOVED_AT_ONCE) {
      int end = Math.min(vanished.size(), i + ScanJobs.REMOVED_AT_ONCE);
      List<String> paths = List.copyOf(vanished.subList(i, end));
      removals.add(
          ScanJobs.REMOVE
              .job(new FilesGone(list.scan(), list.folder(), paths))
              .key(
                  paths.get(0)
                      + (paths.size() == 1 ? "" : " and " + (paths.size() - 1) + " more")));
    }
    return removals;
  }

  /** The column's name is that of its first use: all files that are left out without a job. */
  private Mono<Long> saveFigures(long scan, Difference found) {
    return database
        .update(
            "UPDATE scan SET files = :files, unchanged = :unchanged, too_large = :leftOut,"
                + " complete = :complete WHERE id = :scan")
        .bind("files", found.files())
        .bind("unchanged", found.unchanged())
        .bind("leftOut", found.leftOut())
        .bind("complete", found.complete())
        .bind("scan", scan)
        .rowsUpdated()
        .retryWhen(Indexer.RETRY.onTransient());
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
                    .retryWhen(Indexer.RETRY.onTransient()),
            1);
  }

  private static long listed(WriteSession session, long scan) {
    return session
        .update("UPDATE scan SET listed_at = :now WHERE id = :scan")
        .bind("now", LibraryScanner.now())
        .bind("scan", scan)
        .execute();
  }
}
