package io.github.reactivesqlite.demo.scan;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files of a folder and the folders in it. Follows no links, and leaves out hidden files,
 * the output of builds, and the database: were a file of it opened and closed here, this process
 * would lose its locks.
 *
 * @see <a href="https://www.sqlite.org/howtocorrupt.html">How to corrupt a database file, 2.2</a>
 */
final class FolderWalk extends SimpleFileVisitor<Path> {

  private static final Set<String> BUILD_FOLDERS = Set.of("target", "build", "node_modules");

  private final Path root;
  private final Path database;
  private final @Nullable Object databaseKey;
  private final int maxFiles;
  private final List<FoundFile> files = new ArrayList<>();
  private boolean complete = true;

  private FolderWalk(Path root, Path database, int maxFiles) throws IOException {
    this.root = root;
    this.database = database.toRealPath();
    this.databaseKey = Files.readAttributes(this.database, BasicFileAttributes.class).fileKey();
    this.maxFiles = maxFiles;
  }

  /** Walks through the folder. Blocks. */
  static FolderWalk of(Path root, Path database, int maxFiles) throws IOException {
    FolderWalk walk = new FolderWalk(root, database, maxFiles);
    Files.walkFileTree(root, walk);
    return walk;
  }

  /** The files, in the folders' order. */
  List<FoundFile> files() {
    return files;
  }

  /** Whether nothing was left out because there was too much or it could not be read. */
  boolean complete() {
    return complete;
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    String name = nameOf(folder);
    boolean leaveOut = name.startsWith(".") || BUILD_FOLDERS.contains(name);
    return leaveOut && !folder.equals(root)
        ? FileVisitResult.SKIP_SUBTREE
        : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!attributes.isRegularFile()
        || nameOf(file).startsWith(".")
        || ofDatabase(file, attributes)) {
      return FileVisitResult.CONTINUE;
    }
    if (files.size() == maxFiles) {
      complete = false;
      return FileVisitResult.TERMINATE;
    }
    files.add(new FoundFile(file, attributes));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException error) {
    complete = false;
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) {
    complete &= error == null;
    return FileVisitResult.CONTINUE;
  }

  /** The database by any name, and its log, shared memory and journal beside it. */
  private boolean ofDatabase(Path file, BasicFileAttributes attributes) {
    boolean sameFile = databaseKey != null && databaseKey.equals(attributes.fileKey());
    return sameFile
        || (Objects.equals(file.getParent(), database.getParent())
            && nameOf(file).startsWith(nameOf(database)));
  }

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
