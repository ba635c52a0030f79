package io.github.reactivesqlite.demo.doctor;

import io.github.reactivesqlite.demo.doctor.LockHolders.Holder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * What can be seen of a database without opening it.
 *
 * @param file its real path
 * @param size bytes of the file
 * @param logSize bytes of the write-ahead log; -1 without one
 * @param journal whether a rollback journal waits to be applied or dropped
 * @param fileSystem kind of the file system
 * @param holders who holds locks; empty where the system does not show it
 */
record Surroundings(
    Path file,
    long size,
    long logSize,
    boolean journal,
    String fileSystem,
    Optional<Collection<Holder>> holders) {

  private static final long LARGE_LOG = 10L * 1024 * 1024;
  private static final long LARGE_FILE = 10L * 1024 * 1024 * 1024;
  private static final List<String> NETWORK = List.of("nfs", "cifs", "smb", "9p", "sshfs", "afs");

  static Surroundings of(Path file) throws IOException {
    return new Surroundings(
        file,
        Files.size(file),
        sizeOf(beside(file, "-wal")),
        hasJournal(file),
        Files.getFileStore(file).type(),
        LockHolders.ofThisMachine().of(file));
  }

  static Path beside(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  private static long sizeOf(Path file) throws IOException {
    return Files.exists(file) ? Files.size(file) : -1;
  }

  /**
   * A journal that is kept after use, as PERSIST and TRUNCATE do, begins with zeros or is empty.
   */
  static boolean hasJournal(Path file) throws IOException {
    Path journal = beside(file, "-journal");
    if (!Files.exists(journal)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(journal)) {
      return in.read() > 0;
    }
  }

  void describe(Findings findings) throws IOException {
    findings.fact("Size", bytes(size) + " on " + fileSystem);
    if (size > LARGE_FILE) {
      findings.advise(
          "Above 10 GiB it is time to think about a database server, or about several files.");
    }
    String kind = fileSystem.toLowerCase(Locale.ROOT);
    if (NETWORK.stream().anyMatch(kind::contains)) {
      findings.advise(
          "A write-ahead log needs shared memory, which no network file system has. Move the file"
              + " to a local disk.");
    }
    describeRights(findings);
  }

  private void describeRights(Findings findings) throws IOException {
    if (!file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(file);
    findings.fact("Rights", PosixFilePermissions.toString(rights));
    if (rights.contains(PosixFilePermission.OTHERS_READ)
        || rights.contains(PosixFilePermission.OTHERS_WRITE)) {
      findings.advise("Everybody on this machine may read the file. Keep it private: chmod 600");
    }
  }

  void describeLog(boolean wal, Findings findings) {
    findings.fact("WAL size", logSize < 0 ? "no log" : bytes(logSize));
    if (logSize > LARGE_LOG) {
      findings.advise(
          "The log is above 10 MiB: a reader stays open too long, or nobody checkpoints. Look at"
              + " who has the file open.");
    }
    boolean open = holders.isPresent() && !holders.get().isEmpty();
    if (wal && logSize > 0 && holders.isPresent() && !open) {
      findings.advise(
          "Nobody has the file open, but its log was left behind: a program ended without closing"
              + " it. The next one to open it recovers; never move the file without its log.");
    }
    if (journal) {
      findings.advise(
          "There is a rollback journal: somebody is writing, or a program died while it did. Never"
              + " delete it; the next program to open the file needs it.");
    }
  }

  void describeLocks(Findings findings) {
    if (holders.isEmpty()) {
      findings.fact("Lock holders", "not available on this system");
      return;
    }
    Collection<Holder> all = holders.get();
    findings.fact("Lock holders", all.isEmpty() ? "none" : Integer.toString(all.size()));
    for (Holder holder : all) {
      findings.more(
          holder.process() + " " + holder.command() + ": " + String.join(", ", holder.doings()));
    }
    if (all.size() > 1) {
      findings.advise(
          "Several processes share the file, so each waits while another writes. Let all of them"
              + " write in short transactions, best through reactive-sqlite.");
    }
  }

  static String bytes(long count) {
    if (count < 1024) {
      return count + " bytes";
    }
    double value = count;
    String[] units = {"KiB", "MiB", "GiB", "TiB"};
    int unit = -1;
    while (value >= 1024 && unit < units.length - 1) {
      value /= 1024;
      unit++;
    }
    return String.format(Locale.ROOT, "%.1f %s", value, units[unit]);
  }
}
