package io.github.reactivesqlite.demo.library;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.springframework.stereotype.Component;

/** The one folder that may be scanned, and what lies in it. */
@Component
public final class LibraryFolder {

  private static final String REMEDY = "Name another one with --library.folder=FOLDER.";

  private final Path root;

  /**
   * Looks at the configured folder.
   *
   * @param properties the options
   * @throws StartupException if it is no folder that can be read
   */
  public LibraryFolder(LibraryProperties properties) {
    Path folder = properties.folderPath();
    if (!Files.exists(folder)) {
      throw new StartupException("There is no folder " + folder + ".", REMEDY);
    }
    if (!Files.isDirectory(folder)) {
      throw new StartupException(folder + " is a file, and a folder is needed.", REMEDY);
    }
    if (!Files.isReadable(folder) || !Files.isExecutable(folder)) {
      throw new StartupException("The folder " + folder + " may not be read.", REMEDY);
    }
    try {
      this.root = folder.toRealPath();
    } catch (IOException e) {
      throw new StartupException("The folder " + folder + " cannot be read.", REMEDY);
    }
  }

  /**
   * The folder itself.
   *
   * @return its real path
   */
  public Path root() {
    return root;
  }

  /**
   * A folder inside this one. Blocks for a call to the file system.
   *
   * @param name its name, relative to this folder
   * @return its real path
   * @throws RejectedException if there is no such folder, or it lies elsewhere
   */
  public Path resolve(String name) {
    try {
      Path relative = Path.of(name);
      if (!relative.isAbsolute()) {
        Path real = root.resolve(relative).toRealPath();
        if (real.startsWith(root) && Files.isDirectory(real)) {
          return real;
        }
      }
    } catch (IOException | InvalidPathException e) {
      // One answer to all of them: whether something exists elsewhere is nobody's business.
    }
    throw RejectedException.invalid("The library has no such folder.");
  }

  /**
   * How a file is called in the library.
   *
   * @param file a file below this folder
   * @return its path relative to the folder, with slashes
   */
  public String nameOf(Path file) {
    Path relative = root.relativize(file);
    StringBuilder name = new StringBuilder();
    for (Path part : relative) {
      name.append(name.isEmpty() ? "" : "/").append(part);
    }
    return name.toString();
  }
}
