package io.github.reactivesqlite.demo.browser;

import io.github.reactivesqlite.demo.RunningDemo;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A demo on a folder of its own, and a browser that looks at it, for one test. */
abstract class InBrowser {

  @TempDir Path folder;
  @TempDir Path data;
  RunningDemo demo;
  Browser browser;

  /** When the folder is as it is to be found. */
  final void open() {
    demo = RunningDemo.start(folder, data.resolve("library.db"));
    browser = Browser.open(demo);
  }

  @AfterEach
  void close() {
    try {
      if (browser != null) {
        browser.close();
      }
    } finally {
      if (demo != null) {
        demo.close();
      }
    }
  }
}
