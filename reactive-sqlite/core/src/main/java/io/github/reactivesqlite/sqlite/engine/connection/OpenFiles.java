package io.github.reactivesqlite.sqlite.engine.connection;

import io.github.reactivesqlite.error.ErrorDetails;
import io.github.reactivesqlite.error.StorageException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * The database files open in this JVM, whichever class loader opened them. Two copies of the driver
 * ignore each other's locks, and closing a file drops the locks of the whole process, so a file
 * must not be open twice.
 *
 * <p>The list lives in the system properties, one entry a file and key, strings only: other class
 * loaders see it, and tools that print or store the properties are not disturbed.
 *
 * @see <a href="https://www.sqlite.org/howtocorrupt.html">How to corrupt a database file</a>
 */
final class OpenFiles {

  private static final String PREFIX = "io.github.reactivesqlite.open.";

  private final Path file;
  private final String owner;
  private final List<String> keys = new ArrayList<>();

  private OpenFiles(Path file, String owner) {
    this.file = file;
    this.owner = owner;
  }

  /** Claims the path, before the file need exist. */
  static OpenFiles claimPath(Path file, String name) {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    OpenFiles claim = new OpenFiles(file, "database '" + name + "', since " + now + ", as " + file);
    claim.claim("path." + file);
    return claim;
  }

  /** Claims device and inode too, so that a hard link does not get past. */
  void claimIdentity(Object fileKey) {
    claim("inode." + fileKey);
  }

  /** Gives all keys back. Runs once; the guard sees to that. */
  void release() {
    synchronized (keys) {
      keys.forEach(key -> System.getProperties().remove(key, owner));
      keys.clear();
    }
  }

  private void claim(String key) {
    // A digest, as names of properties are shown more freely than their values.
    String property = PREFIX + UUID.nameUUIDFromBytes(key.getBytes(StandardCharsets.UTF_8));
    synchronized (keys) {
      Object first = System.getProperties().putIfAbsent(property, owner);
      if (first != null) {
        throw new StorageException(
            "The file "
                + file
                + " is open in this process already: by "
                + first
                + ". Share that one instead of opening a second, or close it first; a file that is"
                + " open twice in a process loses its locks.",
            ErrorDetails.NONE,
            StorageException.Kind.ALREADY_OPEN);
      }
      keys.add(property);
    }
  }
}
