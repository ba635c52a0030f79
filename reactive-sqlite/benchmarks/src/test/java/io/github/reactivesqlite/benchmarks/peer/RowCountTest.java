package io.github.reactivesqlite.benchmarks.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.config.Durability;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowCountTest {

  private static final RowCount ACKNOWLEDGED = new RowCount(10, 100);

  @Test
  void sameRowsAndSumAreGood() {
    assertThat(ACKNOWLEDGED.compare(new RowCount(10, 100), 0)).isEqualTo("ok");
  }

  @Test
  void aMissingRowIsNotGood() {
    String verdict = ACKNOWLEDGED.compare(new RowCount(9, 90), 5);
    assertThat(verdict).isEqualTo("1 of 10 rows MISSING");
    assertThat(RowCount.isGood(verdict)).isFalse();
  }

  @Test
  void aChangedValueIsNotGood() {
    assertThat(RowCount.isGood(ACKNOWLEDGED.compare(new RowCount(10, 99), 0))).isFalse();
  }

  @Test
  void aRowThatNobodyWroteIsNotGood() {
    assertThat(RowCount.isGood(ACKNOWLEDGED.compare(new RowCount(12, 120), 1))).isFalse();
  }

  @Test
  void aFailedWriteMayHaveWritten() {
    assertThat(ACKNOWLEDGED.compare(new RowCount(11, 110), 1)).isEqualTo("ok, 1 unacknowledged");
  }

  @Test
  void aRowDeletedFromTheFileIsNoticed(@TempDir Path directory) throws Exception {
    Items items = new Items(1);
    try (DatabaseFile file = DatabaseFile.create(directory, "lossy").fill(items, 0, 100)) {
      RowCount written = new RowCount(100, items.sumOfScores(100));
      assertThat(written.compare(file.rows(), 0)).isEqualTo("ok");
      PeerSettings settings = file.settings(Durability.NORMAL, Load.WRITES);
      try (Connection connection = settings.dataSource().getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("DELETE FROM t WHERE id = 50");
      }
      assertThat(written.compare(file.rows(), 0)).isEqualTo("1 of 100 rows MISSING");
    }
  }
}
