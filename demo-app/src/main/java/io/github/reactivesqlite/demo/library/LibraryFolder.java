package io.github.reactivesqlite.demo.library;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;

/** The one folder that may be scanned, and what lies in it. */
@Component
public final class LibraryFolder {

  private static final String REMEDY = "Name another one with --library.folder=FOLDER.";

  private static final Set<String> BUILD_FOLDERS = Set.of("target", "build", "node_modules");

  /** What runs of the lab work in, should the library be the folder for temporary files. */
  private static final String LAB_FOLDER = "reactive-sqlite-lab-";

  private static final int MOST_FOLDERS = 500;

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
      return find(name);
    } catch (IOException e) {
      // One answer to all of them: whether something exists elsewhere is nobody's business.
      throw noSuchFolder();
    }
  }

  /**
   * A folder inside this one, for work that can be tried again. Blocks for calls to the file
   * system.
   *
   * @param name its name, relative to this folder
   * @return its real path
   * @throws RejectedException if there is no such folder, or it lies elsewhere: another try would
   *     not find it either
   * @throws IOException if it cannot be looked at now
   */
  public Path find(String name) throws IOException {
    Path folder = pathOf(name).orElseThrow(LibraryFolder::noSuchFolder);
    if (Path.of(name).isAbsolute()) {
      throw noSuchFolder();
    }
    try {
      Path real = folder.toRealPath();
      if (real.startsWith(root)
          && Files.readAttributes(real, BasicFileAttributes.class).isDirectory()) {
        return real;
      }
    } catch (NoSuchFileException e) {
      throw noSuchFolder();
    } catch (IOException e) {
      if (!leadsThroughAFile(folder)) {
        throw e;
      }
    }
    throw noSuchFolder();
  }

  /** The system has no exception of its own for that. */
  private static boolean leadsThroughAFile(Path path) {
    for (Path folder = path; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder)) {
        return true;
      }
    }
    return false;
  }

  private static RejectedException noSuchFolder() {
    return RejectedException.invalid("The library has no such folder.");
  }

  /**
   * The folders inside a folder, without those that a scan leaves out. Blocks.
   *
   * @param name the folder's name, relative to this one; empty for this one
   * @return their names, relative to this folder, in order; not more than a screen can show
   * @throws RejectedException if there is no such folder, or it lies elsewhere
   */
  public List<String> foldersIn(String name) {
    Path folder = name.isEmpty() ? root : resolve(name);
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(entry -> Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS))
          .filter(entry -> !leavesOut(entry))
          .map(this::nameOf)
          .sorted()
          .limit(MOST_FOLDERS)
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw RejectedException.invalid("This folder cannot be read.");
    }
  }

  /**
   * Whether a scan does not enter a folder: hidden ones, and those that builds and the lab write.
   *
   * @param folder the folder
   * @return true if it is left out
   */
  public static boolean leavesOut(Path folder) {
    String name = String.valueOf(folder.getFileName());
    return name.startsWith(".") || name.startsWith(LAB_FOLDER) || BUILD_FOLDERS.contains(name);
  }

  /**
   * The file of a name that {@link #nameOf} gave. Blocks.
   *
   * @param name path relative to this folder, with slashes
   * @return the file, which need not exist
   * @throws IOException if its folder is gone, or is now a link that leads elsewhere, or the system
   *     could not have a file of this name
   */
  public Path fileOf(String name) throws IOException {
    Path file =
        pathOf(name)
            .orElseThrow(() -> new IOException("The system cannot have a file of this name"))
            .normalize();
    Path folder = file.getParent();
    if (folder == null || !folder.toRealPath().startsWith(root)) {
      throw new NoSuchFileException(name);
    }
    return file;
  }

  /**
   * Where a file of this name would lie. Looks at no file.
   *
   * @param name path relative to this folder, with slashes
   * @return its path; empty if the system could not have a file of this name
   */
  public Optional<Path> pathOf(String name) {
    try {
      return Optional.of(root.resolve(name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
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
