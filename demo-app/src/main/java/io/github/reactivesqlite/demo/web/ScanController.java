package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.scan.LibraryScanner;
import io.github.reactivesqlite.demo.scan.ScanReport;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Starts scans and says how far they are. */
@RestController
class ScanController {

  /** What to scan: a folder inside the library's, or all of it. */
  record ScanRequest(@Nullable String folder) {}

  private final LibraryScanner scanner;
  private final LibraryFolder library;

  ScanController(LibraryScanner scanner, LibraryFolder library) {
    this.scanner = scanner;
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
        .map(scanner::start);
  }

  @GetMapping("/api/library/scan")
  ScanReport progress() {
    return scanner.report();
  }
}
