package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.LibraryProperties;
import io.github.reactivesqlite.demo.library.RejectedException;
import io.github.reactivesqlite.demo.scan.Indexer.Known;
import io.github.reactivesqlite.demo.scan.ScanReport.State;
import jakarta.annotation.PreDestroy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Brings the library up to date with a folder, one scan at a time, while everything else goes on.
 */
@Component
public class LibraryScanner {

  /** How many files are written at once, each with one unit under way. */
  static final int WRITES_IN_FLIGHT = 64;

  private static final int FILE_THREADS = 4;
  private static final int REMOVED_AT_ONCE = 20;
  private static final Logger LOG = LoggerFactory.getLogger(LibraryScanner.class);

  private final ReactiveDatabase database;
  private final Indexer indexer;
  private final LibraryFolder library;
  private final LibraryProperties properties;
  private final ConsoleProgress console;
  private final Scheduler files =
      Schedulers.newBoundedElastic(FILE_THREADS, Integer.MAX_VALUE, "library-files", 60, true);

  private @Nullable Scan scan;
  private @Nullable Disposable running;
  private boolean closed;

  LibraryScanner(
      ReactiveDatabase database,
      Indexer indexer,
      LibraryFolder library,
      LibraryProperties properties,
      ConsoleProgress console) {
    this.database = database;
    this.indexer = indexer;
    this.library = library;
    this.properties = properties;
    this.console = console;
  }

  /**
   * Starts a scan and returns at once.
   *
   * @param folder the library's folder or one inside it
   * @return how it begins
   * @throws RejectedException if one is running already
   */
  public synchronized ScanReport start(Path folder) {
    if (closed || (scan != null && scan.running())) {
      throw RejectedException.conflict("A scan is running already.");
    }
    String name = library.nameOf(folder);
    Scan started = new Scan(folder, name.isEmpty() ? "." : name, database);
    scan = started;
    running =
        run(started)
            .doOnCancel(() -> started.ended(State.CANCELLED))
            .subscribe(nothing -> {}, error -> failed(started, error), () -> done(started));
    console.follow(this::report);
    return started.report();
  }

  /**
   * How far the latest scan is.
   *
   * @return its figures
   */
  public synchronized ScanReport report() {
    if (scan == null) {
      Scan none = new Scan(library.root(), ".", database);
      none.ended(State.NONE);
      return none.report();
    }
    return scan.report();
  }

  /** Stops a running scan: what is queued is not written any more. */
  @PreDestroy
  synchronized void close() {
    closed = true;
    if (running != null) {
      running.dispose();
      console.show(report());
    }
    files.dispose();
  }

  private Mono<Void> run(Scan scan) {
    return Mono.zip(indexer.known(), listing(scan))
        .flatMap(both -> index(scan, both.getT1(), both.getT2()));
  }

  private Mono<FolderWalk> listing(Scan scan) {
    return Mono.fromCallable(
            () -> FolderWalk.of(scan.folder(), properties.databasePath(), properties.maxFiles()))
        .subscribeOn(files)
        .doOnNext(scan::listed);
  }

  private Mono<Void> index(Scan scan, Map<String, Known> known, FolderWalk walk) {
    // What is left in here at the end has no file any more.
    Map<String, Known> vanished = new ConcurrentHashMap<>(known);
    vanished.keySet().removeIf(path -> !isBelow(path, scan));
    return Flux.fromIterable(walk.files())
        .flatMap(file -> changed(scan, known, vanished, file), FILE_THREADS, 1)
        .flatMap(file -> store(scan, file), WRITES_IN_FLIGHT, 1)
        .then(Mono.defer(() -> walk.complete() ? remove(scan, vanished) : Mono.empty()));
  }

  private boolean isBelow(String path, Scan scan) {
    return library.root().resolve(path).startsWith(scan.folder());
  }

  /** The file if it has to be written. */
  private Mono<TextFile> changed(
      Scan scan, Map<String, Known> known, Map<String, Known> vanished, FoundFile found) {
    String name = library.nameOf(found.file());
    Known before = known.get(name);
    boolean tooLarge = found.attributes().size() > properties.maxFileSize().toBytes();
    if (tooLarge) {
      scan.fileIsNoText();
      return Mono.empty();
    }
    if (before != null && !before.checksum().isEmpty() && before.looksLike(found)) {
      vanished.remove(name);
      scan.fileUnchanged();
      return Mono.empty();
    }
    return Mono.fromCallable(() -> TextFile.inspect(found.file(), name, found.attributes()))
        .subscribeOn(files)
        .flatMap(
            text -> {
              if (text.isEmpty()) {
                scan.fileIsNoText();
                return Mono.empty();
              }
              vanished.remove(name);
              return sameContent(before, text) ? touched(scan, text.get()) : Mono.just(text.get());
            })
        .onErrorResume(
            IOException.class,
            error -> {
              vanished.remove(name);
              return unreadable(scan, name, error).then(Mono.empty());
            });
  }

  private static boolean sameContent(@Nullable Known before, Optional<TextFile> text) {
    return before != null && text.isPresent() && before.checksum().equals(text.get().checksum());
  }

  private Mono<TextFile> touched(Scan scan, TextFile file) {
    return indexer.touch(file).doOnSuccess(rows -> scan.fileUnchanged()).then(Mono.empty());
  }

  /**
   * Reads a file chunk by chunk, the next when the last is committed, so that memory stays small.
   */
  private Mono<Void> store(Scan scan, TextFile file) {
    return chunks(file)
        .concatMap(chunk -> write(scan, file, chunk), 1)
        .then()
        .doOnSuccess(nothing -> scan.documentWritten())
        .onErrorResume(
            UncheckedIOException.class, error -> unreadable(scan, file.name(), error.getCause()));
  }

  private Flux<Chunk> chunks(TextFile file) {
    return Flux.<Chunk, ParagraphReader>generate(
            () -> opened(file),
            (reader, sink) -> {
              try {
                Chunk chunk = reader.nextChunk();
                if (chunk == null) {
                  sink.complete();
                } else {
                  sink.next(chunk);
                }
              } catch (IOException e) {
                sink.error(new UncheckedIOException(e));
              }
              return reader;
            },
            LibraryScanner::closeQuietly)
        .subscribeOn(files);
  }

  private static ParagraphReader opened(TextFile file) {
    try {
      return file.paragraphs();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void closeQuietly(ParagraphReader reader) {
    try {
      reader.close();
    } catch (IOException e) {
      LOG.debug("A file could not be closed after it was read: {}", e.getClass().getSimpleName());
    }
  }

  private Mono<Integer> write(Scan scan, TextFile file, Chunk chunk) {
    return Mono.defer(
        () -> {
          scan.writeBegins();
          return indexer
              .write(file, chunk)
              .doOnTerminate(scan::writeEnds)
              .doOnCancel(scan::writeEnds)
              .doOnNext(rows -> scan.chunkWritten(chunk, rows));
        });
  }

  private Mono<Void> remove(Scan scan, Map<String, Known> vanished) {
    return Flux.fromIterable(List.copyOf(vanished.keySet()))
        .buffer(REMOVED_AT_ONCE)
        .concatMap(indexer::remove, 1)
        .doOnNext(scan::documentsRemoved)
        .then();
  }

  private static Mono<Void> unreadable(Scan scan, String name, @Nullable Throwable error) {
    String reason = error == null ? "unknown" : error.getClass().getSimpleName();
    LOG.warn("{} could not be read ({})", printable(name), reason);
    scan.fileFailed();
    return Mono.empty();
  }

  /** File names may hold anything, and terminals obey some of it. */
  private static String printable(String name) {
    return name.replaceAll("\\p{Cntrl}", "?");
  }

  private void done(Scan finished) {
    finished.ended(State.DONE);
  }

  private void failed(Scan broken, Throwable error) {
    LOG.error("The scan ended early", error);
    broken.ended(State.FAILED);
  }
}
