package io.github.reactivesqlite.demo;

import io.github.reactivesqlite.demo.library.LibraryFolder;
import io.github.reactivesqlite.demo.library.LibraryProperties;
import io.github.reactivesqlite.demo.scan.ConsoleProgress;
import io.github.reactivesqlite.demo.scan.LibraryScanner;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/** Says where the application answers, and lets the first scan begin. */
@Component
class Greeting {

  private final LibraryProperties properties;
  private final LibraryFolder folder;
  private final LibraryScanner scanner;
  private final ConsoleProgress console;
  private final Environment environment;

  Greeting(
      LibraryProperties properties,
      LibraryFolder folder,
      LibraryScanner scanner,
      ConsoleProgress console,
      Environment environment) {
    this.properties = properties;
    this.folder = folder;
    this.scanner = scanner;
    this.console = console;
    this.environment = environment;
  }

  @EventListener(ApplicationReadyEvent.class)
  void greet() {
    console.line(
        "Document library of "
            + folder.root()
            + " (database "
            + properties.databasePath()
            + "): http://"
            + address()
            + ":"
            + environment.getProperty("local.server.port")
            + "/ — Ctrl+C stops it");
    if (properties.scanOnStart()) {
      scanner.start(folder.root());
    }
  }

  private String address() {
    String address = environment.getProperty("server.address", "127.0.0.1");
    return address.contains(":") ? "[" + address + "]" : address;
  }
}
