package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.demo.library.DatabaseFile;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.LibraryProperties;
import io.github.reactivesqlite.demo.scan.OpenText.Part;
import io.github.reactivesqlite.demo.scan.ScanJobs.FileToIndex;
import io.github.reactivesqlite.demo.scan.ScanJobs.FilesGone;
import io.github.reactivesqlite.jobs.JobContext;
import io.github.reactivesqlite.jobs.LeaseLostException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Does one job: brings one file into the library, or removes documents. A job that is done twice,
 * because the process died before its outcome was recorded, finds what it wrote and leaves it.
 */
@Component
class FileIndexing {

  private static final Logger LOG = LoggerFactory.getLogger(FileIndexing.class);

  /**
   * What a look into a file has shown.
   *
   * @param text the file, if it holds text
   * @param size its bytes; negative if there is no file that could hold text
   * @param modified when it was changed
   */
  private record Inspected(@Nullable TextFile text, long size, Instant modified) {

    static final Inspected NOTHING = new Inspected(null, -1, Instant.EPOCH);
  }

  private final Indexer indexer;
  private final InFlight inFlight;
  private final FileThreads files;
  private final LibraryFolder library;
  private final DatabaseFile databaseFile;
  private final LibraryProperties properties;

  FileIndexing(
      Indexer indexer,
      InFlight inFlight,
      FileThreads files,
      LibraryFolder library,
      DatabaseFile databaseFile,
      LibraryProperties properties) {
    this.indexer = indexer;
    this.inFlight = inFlight;
    this.files = files;
    this.library = library;
    this.databaseFile = databaseFile;
    this.properties = properties;
  }

  /** A file may be there again: the scan that missed it can have been held back since. */
  Mono<Void> remove(JobContext<FilesGone> job) {
    FilesGone gone = job.payload();
    return files
        .call(() -> stillGone(gone))
        .filter(paths -> !paths.isEmpty())
        .flatMap(paths -> inFlight.count(indexer.remove(gone.scan(), paths)))
        .then()
        .doOnError(FileIndexing::log);
  }

  Mono<Void> index(JobContext<FileToIndex> job) {
    FileToIndex file = job.payload();
    Mono<Optional<Known>> known =
        indexer.known(file.path()).map(Optional::of).defaultIfEmpty(Optional.empty());
    return Mono.zip(known, files.call(() -> inspected(file.path())))
        .flatMap(both -> store(job, both.getT1(), both.getT2()))
        .doOnError(FileIndexing::log);
  }

  /** What is wrong with a file is shown on the page; what else went wrong is not for everybody. */
  private static void log(Throwable error) {
    if (!(error instanceof IOException) && !(error instanceof LeaseLostException)) {
      LOG.warn("A job of a scan failed", error);
    }
  }

  /** Blocks. */
  private List<String> stillGone(FilesGone gone) {
    Path folder =
        library
            .pathOf(String.valueOf(gone.folder()))
            .filter(path -> gone.folder() != null)
            .orElse(library.root())
            .normalize();
    DatabaseFiles database = DatabaseFiles.of(databaseFile.path());
    List<String> paths = new ArrayList<>();
    for (String path : gone.paths()) {
      if (isGone(folder, path, database)) {
        paths.add(path);
      }
    }
    return paths;
  }

  /** Blocks. What cannot be looked at is not known to be gone, and holds up no other file. */
  private boolean isGone(Path folder, String path, DatabaseFiles database) {
    Path file = library.pathOf(path).orElse(null);
    try {
      return file != null
          && (FolderWalk.leavesOut(folder, file) || attributesOf(path, database) == null);
    } catch (IOException e) {
      return false;
    }
  }

  /** Blocks. Null if there is no such file, or it is none that belongs into a library. */
  private @Nullable BasicFileAttributes attributesOf(String name, DatabaseFiles database)
      throws IOException {
    try {
      Path file = library.fileOf(name);
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return attributes.isRegularFile()
              && attributes.size() <= properties.maxFileSize().toBytes()
              && !database.contain(file, attributes)
          ? attributes
          : null;
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  /** Blocks. */
  private Inspected inspected(String name) throws IOException {
    BasicFileAttributes attributes = attributesOf(name, DatabaseFiles.of(databaseFile.path()));
    if (attributes == null) {
      return Inspected.NOTHING;
    }
    try {
      return new Inspected(
          TextFile.inspect(library.fileOf(name), name, attributes).orElse(null),
          attributes.size(),
          TextFile.modified(attributes));
    } catch (NoSuchFileException e) {
      return Inspected.NOTHING;
    }
  }

  private Mono<Void> store(
      JobContext<FileToIndex> job, Optional<Known> known, Inspected inspected) {
    long scan = job.payload().scan();
    TextFile file = inspected.text();
    if (file == null) {
      String path = job.payload().path();
      return count(
          job.completeWith(
              session ->
                  Indexer.leaveOut(session, scan, path, inspected.size(), inspected.modified())));
    }
    if (known.isPresent() && known.get().hasContentOf(file)) {
      return known.get().scanId() == scan
          ? Mono.empty()
          : count(job.completeWith(session -> Indexer.touch(session, scan, file)));
    }
    return write(job, file);
  }

  private Mono<Void> count(Mono<Integer> write) {
    return inFlight.count(write).then();
  }

  /** Reads chunk by chunk, the next when the last is committed, so that memory stays small. */
  private Mono<Void> write(JobContext<FileToIndex> job, TextFile file) {
    AtomicLong chars = new AtomicLong();
    return parts(file)
        .concatMap(
            part ->
                inFlight
                    .count(indexer.write(job.payload().scan(), part.file(), part.chunk()))
                    .then(
                        part.chunk().last()
                            ? Mono.empty()
                            : progress(job, file, part.chunk(), chars)),
            1)
        .then()
        .onErrorMap(UncheckedIOException.class, FileIndexing::cause);
  }

  private static Throwable cause(UncheckedIOException error) {
    IOException cause = error.getCause();
    return cause == null ? error : cause;
  }

  /** Of long files only: one chunk is over before anybody could look. */
  private static Mono<Void> progress(
      JobContext<FileToIndex> job, TextFile file, Chunk chunk, AtomicLong chars) {
    long read = chars.addAndGet(chunk.paragraphs().stream().mapToInt(String::length).sum());
    return job.progress(Math.min(0.99, (double) read / Math.max(1, file.size())), null);
  }

  private Flux<Part> parts(TextFile file) {
    return Flux.<Part, OpenText>generate(
            () -> opened(file),
            (text, sink) -> {
              try {
                Part part = text.next();
                if (part == null) {
                  sink.complete();
                } else {
                  sink.next(part);
                }
              } catch (IOException e) {
                sink.error(new UncheckedIOException(e));
              }
              return text;
            },
            OpenText::closeQuietly)
        .subscribeOn(files.scheduler());
  }

  private static OpenText opened(TextFile file) {
    try {
      return OpenText.of(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
