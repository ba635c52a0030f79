package io.github.reactivesqlite.reliability.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.reactivesqlite.reliability.NativeTools;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small volume of its own, in memory; gone when it is closed. */
final class Volume implements AutoCloseable {

  private static final int BLOCK = 4_096;

  private final Path directory;

  private Volume(Path directory) {
    this.directory = directory;
  }

  /** Mounts one; skips the test where that is not possible. */
  static Volume mount(Path directory, String size) throws IOException {
    Os.needRoot();
    NativeTools.needCommand("mount");
    Files.createDirectories(directory);
    assumeTrue(
        Os.succeeds("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", directory.toString()),
        "a tmpfs cannot be mounted here");
    return new Volume(directory);
  }

  Path resolve(String name) {
    return directory.resolve(name);
  }

  Path directory() {
    return directory;
  }

  /** Takes all the room there is. */
  void fill() throws IOException {
    byte[] block = new byte[BLOCK];
    try (OutputStream filler = Files.newOutputStream(filler())) {
      while (true) {
        filler.write(block);
      }
    } catch (IOException full) {
      if (Files.getFileStore(directory).getUsableSpace() > 0) {
        throw full;
      }
    }
  }

  /** Gives the room back that was taken. */
  void empty() throws IOException {
    Files.deleteIfExists(filler());
  }

  private Path filler() {
    return directory.resolve("filler");
  }

  /** Makes it so large, full or not. */
  void resize(String size) {
    Os.run("mount", "-o", "remount,size=" + size, directory.toString());
  }

  void makeReadOnly() {
    Os.run("mount", "-o", "remount,ro", directory.toString());
  }

  void makeWritable() {
    Os.run("mount", "-o", "remount,rw", directory.toString());
  }

  @Override
  public void close() {
    Os.run("umount", directory.toString());
  }
}
