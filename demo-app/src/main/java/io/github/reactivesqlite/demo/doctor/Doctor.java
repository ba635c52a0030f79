package io.github.reactivesqlite.demo.doctor;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at a database file: journal mode, settings, log, integrity, who holds locks, and what to
 * do. Creates nothing and changes no journal mode. Others go on meanwhile; a writer may wait some
 * milliseconds once, when closing tries to checkpoint.
 */
public final class Doctor {

  /** Nothing is wrong. */
  public static final int OK = 0;

  /** Something is wrong with the file. */
  public static final int PROBLEMS = 1;

  /** The arguments are wrong. */
  public static final int USAGE = 2;

  /**
   * Runs it. Blocks until everything is looked at.
   *
   * @param arguments the file
   * @param out takes what was found
   * @param err takes what is wrong with the arguments
   * @return the exit code
   */
  public static int run(List<String> arguments, PrintStream out, PrintStream err) {
    if (arguments.size() != 1 || arguments.get(0).startsWith("-")) {
      err.println("usage: java -jar demo-app.jar doctor FILE");
      return USAGE;
    }
    silence();
    Findings findings = new Findings(out);
    try {
      look(Path.of(arguments.get(0)), findings);
    } catch (InvalidPathException e) {
      findings.problem("This cannot be the name of a file.");
    } catch (AccessDeniedException e) {
      findings.problem("The file may not be read. Run this as its owner.");
    } catch (IOException e) {
      findings.problem("The file cannot be read (" + e.getClass().getSimpleName() + ").");
    }
    return findings.conclude();
  }

  /** What the library logs is found and said here in other words. */
  private static void silence() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    }
  }

  private static void look(Path named, Findings findings) throws IOException {
    findings.fact("File", named.toAbsolutePath().normalize().toString());
    if (!Files.exists(named)) {
      findings.problem("There is no such file, and none was created.");
      return;
    }
    if (!Files.isRegularFile(named)) {
      findings.problem("This is no file but a folder or a device.");
      return;
    }
    Path file = named.toRealPath();
    Surroundings surroundings = Surroundings.of(file);
    surroundings.describe(findings);
    // Before anything here opens the database: its header may be read only as long as nothing does.
    Optional<FileHeader> header = FileHeader.read(file);
    if (surroundings.size() == 0) {
      findings.problem(
          "The file is empty. The first program that writes to it makes it a database.");
    } else if (header.isEmpty()) {
      findings.problem("This is no SQLite database, or it is encrypted.");
    } else {
      describe(file, header.get(), surroundings, findings);
    }
  }

  private static void describe(
      Path file, FileHeader header, Surroundings surroundings, Findings findings)
      throws IOException {
    findings.fact("Journal mode", header.wal() ? "wal" : "rollback journal (delete or similar)");
    surroundings.describeLog(header.wal(), findings);
    surroundings.describeLocks(findings);
    if (header.wal()) {
      Examination.inPlace(file, findings);
    } else {
      findings.advise(
          "Readers and writers keep each other waiting without a write-ahead log. reactive-sqlite"
              + " turns it on when it opens the file, or: sqlite3 FILE 'PRAGMA journal_mode=WAL'");
      Examination.ofCopy(file, header, findings);
    }
  }

  private Doctor() {}
}
