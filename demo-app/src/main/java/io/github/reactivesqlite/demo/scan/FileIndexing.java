package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.demo.library.DatabaseFile;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.LibraryProperties;
import io.github.reactivesqlite.demo.scan.ScanJobs.FileToIndex;
import io.github.reactivesqlite.demo.scan.ScanJobs.FilesGone;
import io.github.reactivesqlite.jobs.JobContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Does one job: brings one file into the library, or removes documents. A job that is done twice,
 * because the process died before its outcome was recorded, finds what it wrote and leaves it.
 */
@Component
class FileIndexing {

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

  Mono<Void> remove(JobContext<FilesGone> job) {
    return inFlight.count(indexer.remove(job.payload().scan(), job.payload().paths())).then();
  }

  Mono<Void> index(JobContext<FileToIndex> job) {
    FileToIndex file = job.payload();
    Mono<Optional<Known>> known =
        indexer.known(file.path()).map(Optional::of).defaultIfEmpty(Optional.empty());
    return Mono.zip(known, files.call(() -> inspected(file.path())))
        .flatMap(both -> store(job, both.getT1(), both.getT2()));
  }

  /** Blocks. Empty if the file is gone, or is none that belongs into a library. */
  private Optional<TextFile> inspected(String name) throws IOException {
    try {
      Path file = library.fileOf(name);
      BasicFileAttributes attributes =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!attributes.isRegularFile()
          || attributes.size() > properties.maxFileSize().toBytes()
          || DatabaseFiles.of(databaseFile.path()).contain(file, attributes)) {
        return Optional.empty();
      }
      return TextFile.inspect(file, name, attributes);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private Mono<Void> store(
      JobContext<FileToIndex> job, Optional<Known> known, Optional<TextFile> text) {
    long scan = job.payload().scan();
    if (text.isEmpty()) {
      String path = job.payload().path();
      return count(job.completeWith(session -> Indexer.leaveOut(session, scan, path)));
    }
    TextFile file = text.get();
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
    return chunks(file)
        .concatMap(
            chunk ->
                inFlight
                    .count(indexer.write(job.payload().scan(), file, chunk))
                    .then(chunk.last() ? Mono.empty() : progress(job, file, chunk, chars)),
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
            ParagraphReader::closeQuietly)
        .subscribeOn(files.scheduler());
  }

  private static ParagraphReader opened(TextFile file) {
    try {
      return file.paragraphs();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
