package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.demo.library.LibraryFolder;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files of a folder and the folders in it. Follows no links, and leaves out hidden files,
 * the output of builds, and the database.
 */
final class FolderWalk extends SimpleFileVisitor<Path> {

  private final Path root;
  private final DatabaseFiles database;
  private final int maxFiles;
  private final List<FoundFile> files = new ArrayList<>();
  private boolean complete = true;

  private FolderWalk(Path root, DatabaseFiles database, int maxFiles) {
    this.root = root;
    this.database = database;
    this.maxFiles = maxFiles;
  }

  /** Walks through the folder. Blocks. */
  static FolderWalk of(Path root, DatabaseFiles database, int maxFiles) throws IOException {
    FolderWalk walk = new FolderWalk(root, database, maxFiles);
    Files.walkFileTree(root, walk);
    return walk;
  }

  /** The folder. */
  Path root() {
    return root;
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
    return LibraryFolder.leavesOut(folder) && !folder.equals(root)
        ? FileVisitResult.SKIP_SUBTREE
        : FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    if (!attributes.isRegularFile()
        || nameOf(file).startsWith(".")
        || database.contain(file, attributes)) {
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

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
