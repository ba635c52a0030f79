package io.github.reactivesqlite.sqlite.engine.write;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.error.ConstraintViolationException;
import io.github.reactivesqlite.error.ConstraintViolationException.Kind;
import io.github.reactivesqlite.sqlite.support.Bounded;
import io.github.reactivesqlite.sqlite.support.Bounded.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

/** Several failures in a group, and units that swallow theirs: nobody else pays for them. */
class GroupCulpritsTest extends GroupsOfWrites {

  @Test
  void aStatementThatSqliteLeavesHalfDoneIsUndoneInATransactionToo() {
    run("CREATE TABLE typed (n INTEGER) STRICT");

    Mono<Long> work =
        database.withTransaction(
            tx ->
                tx.update("INSERT INTO typed VALUES (1), (2), ('x')")
                    .rowsUpdated()
                    .onErrorResume(
                        refused -> tx.update("INSERT INTO item (who) VALUES ('a')").rowsUpdated())
                    .map(rows -> rows));

    assertThat(Bounded.get(work)).isOne();
    assertThat(count("SELECT count(*) FROM typed")).isZero();
    assertThat(who()).containsExactly("a");
  }

  @Test
  void aUnitThatSwallowsTheErrorOfAHalfDoneStatementIsRolledBack() {
    run("CREATE TABLE typed (n INTEGER) STRICT");
    Mono<String> swallowing =
        database.write(
            session -> {
              session.update("INSERT INTO item (who) VALUES ('swallower')").execute();
              try {
                session.update("INSERT INTO typed VALUES (1), (2), ('x')").execute();
              } catch (ConstraintViolationException half) {
                return "went on";
              }
              return "not refused";
            });

    List<Outcome<?>> group = group(insert("a"), swallowing, insert("b"));

    Culprits.constraint(Kind.DATATYPE).accept(group.get(1).error());
    assertThat(count("SELECT count(*) FROM typed")).isZero();
    assertThat(who()).containsExactly("a", "b");
  }

  @Test
  void aUnitThatSwallowsTheErrorOfAStatementThatWasUndoneGoesOn() {
    Mono<String> swallowing =
        database.write(
            session -> {
              session.update("INSERT INTO item VALUES (7, 'first')").execute();
              try {
                session.update("INSERT INTO item VALUES (8, 'x'), (7, 'twice')").execute();
              } catch (ConstraintViolationException undone) {
                session.update("INSERT INTO item VALUES (9, 'instead')").execute();
              }
              return "went on";
            });

    List<Outcome<?>> group = group(swallowing);

    assertThat(group.get(0).value()).isEqualTo("went on");
    assertThat(who()).containsExactly("first", "instead");
  }

  /** Its row was in the way of another one, which is gone with the group. */
  @Test
  void aFailureThatWasTrueInTheLostGroupOnlyIsNotAnswered() {
    AtomicInteger runs = new AtomicInteger();
    Mono<Long> onceInTheWay =
        database.write(
            session -> {
              if (runs.incrementAndGet() > 1) {
                return 0L;
              }
              return session.update("INSERT INTO item VALUES (7, 'first')").execute();
            });

    List<Outcome<?>> group =
        group(
            onceInTheWay,
            database.update("INSERT INTO item VALUES (7, 'second')").rowsUpdated(),
            endingTheTransaction(),
            insert("last"));

    assertThat(runs).hasValueGreaterThan(1);
    assertThat(group.get(1).value()).isEqualTo(1L);
    assertThat(group.get(3).value()).isEqualTo(1L);
    assertThat(who()).containsExactly("second", "last");
  }

  /** Only while it runs is it known that it ends the transaction of all. */
  private Mono<Long> endingTheTransaction() {
    return database.write(
        session ->
            session.update("INSERT OR ROLLBACK INTO item VALUES (8, 'x'), (8, 'y')").execute());
  }

  @Test
  void eachIsAnsweredWithItsOwnErrorAndNoInnocentIsLost() {
    run("CREATE TABLE child (pid REFERENCES item (id) DEFERRABLE INITIALLY DEFERRED)");
    run("CREATE TABLE typed (n INTEGER) STRICT");
    List<Mono<?>> writes = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      writes.add(
          switch (i % 8) {
            case 1 -> database.update("INSERT INTO child VALUES (99)").rowsUpdated();
            case 3 -> database.update("INSERT INTO typed VALUES (1), ('x')").rowsUpdated();
            case 5 -> database.update("INSERT OR ROLLBACK INTO item VALUES (1, 'x')").rowsUpdated();
            case 7 ->
                database.write(
                    session -> {
                      throw new IllegalArgumentException("mine");
                    });
            default -> insert("w" + i);
          });
    }

    List<Outcome<?>> group = group(writes.toArray(Mono[]::new));

    for (int i = 0; i < 40; i++) {
      switch (i % 8) {
        case 1 -> Culprits.constraint(Kind.FOREIGN_KEY).accept(group.get(i).error());
        case 3 -> Culprits.constraint(Kind.DATATYPE).accept(group.get(i).error());
        case 5 -> Culprits.constraint(Kind.PRIMARY_KEY).accept(group.get(i).error());
        case 7 -> assertThat(group.get(i).error()).isInstanceOf(IllegalArgumentException.class);
        default -> assertThat(group.get(i).value()).isEqualTo(1L);
      }
    }
    assertThat(who()).hasSize(20);
    assertThat(count("SELECT count(*) FROM typed") + count("SELECT count(*) FROM child")).isZero();
  }
}
