package io.github.reactivesqlite.demo.lab;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

/** The open files of this process, where the system shows them (Linux). */
public final class OpenFiles {

  private static final Path OWN = Path.of("/proc/self/fd");

  /**
   * How many times this process has a file open: for a database, its connections.
   *
   * @param file the file
   * @return nothing where the system does not show it
   */
  public static OptionalInt count(Path file) {
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(OWN)) {
      String name = file.toRealPath().toString();
      int count = 0;
      for (Path descriptor : descriptors) {
        if (target(descriptor).equals(name)) {
          count++;
        }
      }
      return OptionalInt.of(count);
    } catch (IOException notShown) {
      return OptionalInt.empty();
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }

  private OpenFiles() {}
}
