package io.github.reactivesqlite.demo.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which processes hold locks of a database, as Linux shows them in {@code /proc/locks}.
 *
 * @see <a href="https://man7.org/linux/man-pages/man5/proc_locks.5.html">proc_locks(5)</a>
 * @see <a href="https://www.sqlite.org/walformat.html#wal_locks">The locks of SQLite</a>
 */
public final class LockHolders {

  /**
   * A process.
   *
   * @param process its number
   * @param command its name
   * @param doings what its locks are for
   */
  public record Holder(long process, String command, Set<String> doings) {}

  /**
   * One line of the table.
   *
   * @param write whether it excludes others
   * @param process who holds it
   * @param device major and minor number in hexadecimal
   * @param inode the file
   * @param start its first byte
   */
  record Lock(boolean write, long process, String device, long inode, long start) {}

  private final Path table;

  LockHolders(Path table) {
    this.table = table;
  }

  public static LockHolders ofThisMachine() {
    return new LockHolders(Path.of("/proc/locks"));
  }

  /** Who holds locks of the database; empty where the system does not show it. */
  public Optional<Collection<Holder>> of(Path database) {
    Map<Long, Holder> holders = new LinkedHashMap<>();
    try {
      List<Lock> locks = parse(Files.readAllLines(table, StandardCharsets.ISO_8859_1));
      for (String suffix : List.of("", "-wal", "-shm")) {
        Path file = database.resolveSibling(database.getFileName() + suffix);
        if (Files.exists(file)) {
          collect(locks, file, suffix, holders);
        }
      }
      return Optional.of(holders.values());
    } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static void collect(List<Lock> locks, Path file, String suffix, Map<Long, Holder> holders)
      throws IOException {
    long inode = ((Number) Files.getAttribute(file, "unix:ino")).longValue();
    String device = device(((Number) Files.getAttribute(file, "unix:dev")).longValue());
    for (Lock lock : locks) {
      // Some file systems name another device there than stat does; then the open file decides.
      if (lock.inode() == inode
          && (lock.device().equals(device) || hasOpen(lock.process(), file))) {
        holders
            .computeIfAbsent(
                lock.process(), pid -> new Holder(pid, command(pid), new LinkedHashSet<>()))
            .doings()
            .add(suffix.equals("-shm") ? inWal(lock) : inDatabase(lock));
      }
    }
  }

  static List<Lock> parse(List<String> lines) {
    List<Lock> locks = new ArrayList<>();
    for (String line : lines) {
      // 3: POSIX  ADVISORY  READ 4711 fd:00:131 1073741826 1073742335
      String[] words = line.trim().split("\\s+", -1);
      if (words.length == 8 && !words[1].equals("->")) {
        int colon = words[5].lastIndexOf(':');
        locks.add(
            new Lock(
                words[3].equals("WRITE"),
                Long.parseLong(words[4]),
                words[5].substring(0, colon),
                Long.parseLong(words[5].substring(colon + 1)),
                Long.parseLong(words[6])));
      }
    }
    return locks;
  }

  /** As the C library packs it. */
  private static String device(long dev) {
    long major = ((dev >>> 8) & 0xFFF) | ((dev >>> 32) & 0xFFFFF000L);
    long minor = (dev & 0xFF) | ((dev >>> 12) & 0xFFFFFF00L);
    return String.format("%02x:%02x", major, minor);
  }

  private static String inWal(Lock lock) {
    return switch ((int) lock.start()) {
      case 120 -> "writes";
      case 121 -> "checkpoints";
      case 122 -> "recovers the log";
      case 123, 124, 125, 126, 127 -> "reads";
      default -> "has it open";
    };
  }

  private static String inDatabase(Lock lock) {
    long offset = lock.start() - 0x40000000L;
    if (offset == 0 || offset == 1) {
      return "writes";
    }
    return lock.write() ? "has it for itself" : "has it open";
  }

  private static String command(long process) {
    try {
      String name = Files.readString(Path.of("/proc/" + process + "/comm")).strip();
      return name.replaceAll("\\p{Cntrl}", "?");
    } catch (IOException e) {
      return "?";
    }
  }

  private static boolean hasOpen(long process, Path file) {
    try (var open = Files.list(Path.of("/proc/" + process + "/fd"))) {
      return open.anyMatch(link -> leadsTo(link, file));
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean leadsTo(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false;
    }
  }
}
