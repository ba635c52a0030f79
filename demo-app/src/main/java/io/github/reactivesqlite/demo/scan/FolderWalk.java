package io.github.reactivesqlite.demo.scan;

import io.github.reactivesqlite.demo.library.LibraryFolder;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
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
  private final List<Path> unreadable = new ArrayList<>();
  private boolean ended = true;

  private FolderWalk(Path root, DatabaseFiles database, int maxFiles) {
    this.root = root;
    this.database = database;
    this.maxFiles = maxFiles;
  }

  /**
   * Walks through the folder. Blocks; an interrupt ends it.
   *
   * @throws IOException if the folder itself cannot be read
   */
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
    return ended && unreadable.isEmpty();
  }

  /** Whether a file that was not found is not there, or at least is none of the library's. */
  boolean misses(Path file) {
    return ended && file.startsWith(root) && unreadable.stream().noneMatch(file::startsWith);
  }

  /**
   * Whether a walk through a folder does not come to a file, be it there or not: because of a name,
   * or because a folder is gone, or a link or a file by now. Blocks.
   *
   * @throws IOException if a folder on the way cannot be looked at
   */
  static boolean leavesOut(Path root, Path file) throws IOException {
    Path folder = root;
    for (Path name : root.relativize(file)) {
      if (!isFolder(folder) || (LibraryFolder.leavesOut(folder) && !folder.equals(root))) {
        return true;
      }
      folder = folder.resolve(name);
    }
    return nameOf(file).startsWith(".");
  }

  private static boolean isFolder(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .isDirectory();
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  @Override
  public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
    if (Thread.currentThread().isInterrupted()) {
      // Whoever wanted to know the files has left
      ended = false;
      return FileVisitResult.TERMINATE;
    }
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
      ended = false;
      return FileVisitResult.TERMINATE;
    }
    files.add(new FoundFile(file, attributes));
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
    if (file.equals(root)) {
      throw error;
    }
    // What went away meanwhile is gone
    if (!(error instanceof NoSuchFileException)) {
      unreadable.add(file);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException error) {
    if (error != null) {
      unreadable.add(folder);
    }
    return FileVisitResult.CONTINUE;
  }

  private static String nameOf(Path path) {
    Path name = path.getFileName();
    return name == null ? "" : name.toString();
  }
}
