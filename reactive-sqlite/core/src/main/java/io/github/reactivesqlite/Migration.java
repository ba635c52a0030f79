package io.github.reactivesqlite;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One step of the schema's history: DDL and DML without parameters, applied once, as a whole.
 *
 * @param version the step's place in the order, at least 1
 * @param description a short text for people
 * @param sql the statements
 * @param rebuilds whether foreign keys are off while it runs; see {@link #rebuild()}
 */
public record Migration(long version, String description, String sql, boolean rebuilds) {

  /**
   * Checks the version.
   *
   * @throws IllegalArgumentException if it is below 1 or the statements are blank
   */
  public Migration {
    if (version < 1) {
      throw new IllegalArgumentException("Versions start at 1, not at " + version);
    }
    if (sql.isBlank()) {
      throw new IllegalArgumentException("Migration " + version + " has no statements");
    }
  }

  /**
   * A migration that keeps foreign keys enforced.
   *
   * @param version the step's place in the order, at least 1
   * @param description a short text for people
   * @param sql the statements
   * @return the migration
   */
  public static Migration of(long version, String description, String sql) {
    return new Migration(version, description, sql, false);
  }

  /**
   * The same migration with foreign keys turned off before its BEGIN and checked as a whole before
   * its COMMIT, as rebuilding a table needs (<a
   * href="https://sqlite.org/lang_altertable.html#otheralter">sqlite.org</a>).
   *
   * @return a new migration
   */
  public Migration rebuild() {
    return new Migration(version, description, sql, true);
  }

  /**
   * The checksum that is stored with the version, so that a changed text is noticed. Line endings
   * do not count.
   *
   * @return SHA-256 in hexadecimal
   */
  public String checksum() {
    try {
      byte[] text = sql.replace("\r\n", "\n").strip().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
