package io.github.reactivesqlite.process;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The open files of this process, as the system shows them. */
public final class OpenDescriptors {

  private static final Path OWN = Path.of("/proc/self/fd");

  private OpenDescriptors() {}

  /** Whether the system shows them. */
  public static boolean areVisible() {
    return Files.isDirectory(OWN);
  }

  /** How many descriptors are open on exactly this file. */
  public static int countOf(Path file) throws IOException {
    return count(file.toRealPath().toString(), false);
  }

  /** How many are open on the database and the files beside it, deleted ones included. */
  public static int countOfDatabase(Path file) throws IOException {
    Path real = file.toRealPath();
    return count(real.toString(), true);
  }

  private static int count(String name, boolean andBeside) throws IOException {
    int count = 0;
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(OWN)) {
      for (Path descriptor : descriptors) {
        String target = targetOf(descriptor);
        if (target.equals(name) || (andBeside && target.startsWith(name))) {
          count++;
        }
      }
    }
    return count;
  }

  private static String targetOf(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException closedMeanwhile) {
      return "";
    }
  }
}
