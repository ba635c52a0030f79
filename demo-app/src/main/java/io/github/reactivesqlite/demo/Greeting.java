package io.github.reactivesqlite.demo;

import io.github.reactivesqlite.demo.figures.Sharing;
import io.github.reactivesqlite.demo.library.DatabaseFile;
import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.LibraryProperties;
import io.github.reactivesqlite.demo.library.RejectedException;
import io.github.reactivesqlite.demo.scan.ConsoleProgress;
import io.github.reactivesqlite.demo.scan.LibraryScanner;
import io.github.reactivesqlite.demo.scan.ScanProgress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Says where the application answers, and lets the first scan begin. */
@Component
class Greeting {

  private static final Logger LOG = LoggerFactory.getLogger(Greeting.class);

  private final LibraryProperties properties;
  private final DatabaseFile database;
  private final LibraryFolder folder;
  private final LibraryScanner scanner;
  private final ScanProgress progress;
  private final Sharing sharing;
  private final ConsoleProgress console;
  private final Environment environment;

  Greeting(
      LibraryProperties properties,
      DatabaseFile database,
      LibraryFolder folder,
      LibraryScanner scanner,
      ScanProgress progress,
      Sharing sharing,
      ConsoleProgress console,
      Environment environment) {
    this.properties = properties;
    this.database = database;
    this.folder = folder;
    this.scanner = scanner;
    this.progress = progress;
    this.sharing = sharing;
    this.console = console;
    this.environment = environment;
  }

  @EventListener(ApplicationReadyEvent.class)
  void greet() {
    console.line(
        "Document library of "
            + folder.root()
            + " (database "
            + database.path()
            + "): http://"
            + address()
            + ":"
            + environment.getProperty("local.server.port")
            + "/ — Ctrl+C stops it");
    String others = sharing.sentence();
    if (!others.isEmpty()) {
      console.line(others);
    }
    scanner
        .resume()
        .flatMap(goesOn -> goesOn || !properties.scanOnStart() ? Mono.just(goesOn) : begin())
        .subscribe(
            goesOn -> {
              if (goesOn) {
                console.follow(progress.report());
              }
            },
            error -> LOG.error("The first scan did not begin", error));
  }

  private Mono<Boolean> begin() {
    return scanner
        .start(folder.root())
        .thenReturn(true)
        // Another instance was quicker; this one shows how far it is.
        .onErrorResume(RejectedException.class, error -> Mono.just(true));
  }

  private String address() {
    String address = environment.getProperty("server.address", "127.0.0.1");
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
