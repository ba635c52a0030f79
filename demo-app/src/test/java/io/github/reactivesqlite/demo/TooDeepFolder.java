package io.github.reactivesqlite.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Folders in folders, until their path is longer than the system allows: not even root can open the
 * last ones. They are made in two parts, of which one is moved into the other.
 */
public final class TooDeepFolder implements AutoCloseable {

  private static final String NAME = "d".repeat(200);
  private static final int LEVELS = 15;
  private static final int LONGEST = 4_096;

  private final Path scratch;
  private final Path top;
  private final Path joint;

  private TooDeepFolder(Path scratch, Path top, Path joint) {
    this.scratch = scratch;
    this.top = top;
    this.joint = joint;
  }

  public static TooDeepFolder in(Path folder, Path scratch) throws IOException {
    Path top = folder.resolve(NAME);
    Path joint = Files.createDirectories(nested(top)).resolve("lower");
    Path lower = scratch.resolve("lower");
    Files.createDirectories(nested(lower));
    Files.move(lower, joint);
    return new TooDeepFolder(scratch, top, joint);
  }

  private static Path nested(Path folder) {
    Path deepest = folder;
    for (int i = 1; i < LEVELS; i++) {
      deepest = deepest.resolve(NAME);
    }
    return deepest;
  }

  /** The folder that can still be opened. */
  public Path top() {
    return top;
  }

  /** One that cannot, and its path is as long as one may be. */
  public Path below() {
    Path folder = joint;
    while (folder.toString().length() + NAME.length() < LONGEST) {
      folder = folder.resolve(NAME);
    }
    return folder.resolve(NAME);
  }

  /** Leaves two trees that can be removed. */
  @Override
  public void close() throws IOException {
    Files.move(joint, scratch.resolve("lower"));
  }
}
