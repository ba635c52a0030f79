package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.reactivesqlite.Migration;
import io.github.reactivesqlite.MigrationReport;
import io.github.reactivesqlite.error.DatabaseException;
import io.github.reactivesqlite.error.MigrationException;
import java.util.List;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** The schema's history. */
abstract class MigrationContract extends ReactiveDatabaseContract {

  private static final Migration FIRST =
      Migration.of(1, "a table", "CREATE TABLE step (n INTEGER); INSERT INTO step VALUES (1)");
  private static final Migration SECOND = Migration.of(2, "a row", "INSERT INTO step VALUES (2)");
  private static final Migration THIRD = Migration.of(5, "another", "INSERT INTO step VALUES (5)");

  @Test
  void stepsAreAppliedInOrderAndOnce() {
    Mono<MigrationReport> migrate = db().migrate(List.of(THIRD, FIRST, SECOND));
    assertThat(errorOf(db().query("SELECT 1 FROM step").mapTo(Long.class).one()))
        .as("lazy")
        .isNotNull();

    assertThat(get(migrate)).isEqualTo(new MigrationReport(List.of(1L, 2L, 5L), 0, 5));
    assertThat(get(migrate)).isEqualTo(new MigrationReport(List.of(), 3, 5));
    assertThat(all(db().query("SELECT n FROM step").mapTo(Integer.class).all()))
        .containsExactly(1, 2, 5);
  }

  @Test
  void laterStepsAreAddedAfterAReopen() {
    await(db().migrate(List.of(FIRST)));

    assertThat(get(reopen().migrate(List.of(FIRST, SECOND))))
        .isEqualTo(new MigrationReport(List.of(2L), 1, 2));
  }

  @Test
  void failedStepLeavesNothingAndTheStepsBeforeItStay() {
    Migration broken =
        Migration.of(2, "broken", "INSERT INTO step VALUES (2); INSERT INTO nope VALUES (1)");

    assertThat(errorOf(db().migrate(List.of(FIRST, broken)))).isInstanceOf(DatabaseException.class);

    assertThat(all(db().query("SELECT n FROM step").mapTo(Integer.class).all())).containsExactly(1);
    assertThat(get(db().migrate(List.of(FIRST, SECOND))).applied()).containsExactly(2L);
  }

  @Test
  void changedTextOfAnAppliedStepIsNoticed() {
    await(db().migrate(List.of(FIRST)));
    Migration changed = Migration.of(1, "a table", "CREATE TABLE step (n TEXT)");

    MigrationException error =
        errorOf(MigrationException.class, db().migrate(List.of(changed, SECOND)));

    assertThat(error.version()).isEqualTo(1);
    assertThat(all(db().query("SELECT n FROM step").mapTo(Integer.class).all())).containsExactly(1);
  }

  @Test
  void stepBelowTheSchemasVersionThatWasNeverAppliedIsNoticed() {
    await(db().migrate(List.of(FIRST, THIRD)));

    errorOf(MigrationException.class, db().migrate(List.of(FIRST, SECOND, THIRD)));
    errorOf(MigrationException.class, db().migrate(List.of(THIRD)));
  }

  @Test
  void rebuildKeepsReferencesToTheTable() {
    await(insert(1));
    await(db().update("INSERT INTO note (item, text) VALUES (1, 't')").rowsUpdated());
    Migration rebuild =
        Migration.of(
                1,
                "rebuild item",
                "CREATE TABLE item_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL, amount REAL);"
                    + "INSERT INTO item_new SELECT id, name, amount FROM item;"
                    + "DROP TABLE item;"
                    + "ALTER TABLE item_new RENAME TO item")
            .rebuild();

    await(db().migrate(List.of(rebuild)));

    assertThat(count("note")).isEqualTo(1);
    assertThat(errorOf(db().update("INSERT INTO note (item) VALUES (99)").rowsUpdated()))
        .as("foreign keys are enforced again")
        .isNotNull();
  }

  @Test
  void rebuildThatBreaksAReferenceIsRolledBack() {
    await(insert(1));
    await(db().update("INSERT INTO note (item, text) VALUES (1, 't')").rowsUpdated());
    Migration breaking =
        Migration.of(
                1,
                "lose the items",
                "CREATE TABLE item_new (id INTEGER PRIMARY KEY, name TEXT, amount REAL);"
                    + "DROP TABLE item;"
                    + "ALTER TABLE item_new RENAME TO item")
            .rebuild();

    assertThat(errorOf(db().migrate(List.of(breaking)))).isInstanceOf(DatabaseException.class);

    assertThat(count()).isEqualTo(1);
  }

  @Test
  void badHistoriesAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Migration.of(0, "x", "SELECT 1"));
    assertThatIllegalArgumentException().isThrownBy(() -> Migration.of(1, "x", "  "));
    Throwable twice =
        thrownBy(() -> await(db().migrate(List.of(FIRST, Migration.of(1, "x", "DROP TABLE y")))));
    assertThat(twice).isNotNull();
    Throwable control =
        thrownBy(() -> await(db().migrate(List.of(Migration.of(1, "x", "BEGIN; COMMIT")))));
    assertThat(control).isInstanceOf(DatabaseException.class);
  }
}
