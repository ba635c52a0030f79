package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.scan.LibraryScanner;
import io.github.reactivesqlite.demo.scan.ScanProgress;
import io.github.reactivesqlite.demo.scan.ScanReport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Starts scans, holds them back, and says how far they are. */
@RestController
class ScanController {

  private static final int LONGEST_FOLDER = 4_000;

  /** What to scan: a folder inside the library's, or all of it. */
  record ScanRequest(@Nullable String folder) {}

  /** The folders inside one. */
  record Folders(String folder, List<String> folders) {}

  private final LibraryScanner scanner;
  private final ScanProgress progress;
  private final LibraryFolder library;

  ScanController(LibraryScanner scanner, ScanProgress progress, LibraryFolder library) {
    this.scanner = scanner;
    this.progress = progress;
    this.library = library;
  }

  @PostMapping("/api/library/scan")
  @ResponseStatus(HttpStatus.ACCEPTED)
  Mono<ScanReport> start(@RequestBody(required = false) @Nullable ScanRequest request) {
    String folder = request == null ? null : request.folder();
    // Looking for the folder may block.
    return Mono.fromCallable(
            () -> folder == null || folder.isBlank() ? library.root() : library.resolve(folder))
        .subscribeOn(Schedulers.boundedElastic())
        .flatMap(scanner::start);
  }

  @GetMapping("/api/library/scan")
  Mono<ScanReport> progress() {
    return progress.report();
  }

  @PostMapping("/api/library/scan/pause")
  Mono<ScanReport> pause() {
    return scanner.pause().then(progress.report());
  }

  @PostMapping("/api/library/scan/resume")
  Mono<ScanReport> resume() {
    return scanner.proceed().then(progress.report());
  }

  @PostMapping("/api/library/scan/retry")
  Mono<ScanReport> retry() {
    return scanner.retry().then(progress.report());
  }

  @GetMapping("/api/library/folders")
  Mono<Folders> folders(@RequestParam(defaultValue = "") String folder) {
    String name = folder.isBlank() ? "" : Inputs.text("folder", folder, LONGEST_FOLDER);
    return Mono.fromCallable(() -> new Folders(name, library.foldersIn(name)))
        .subscribeOn(Schedulers.boundedElastic());
  }
}
