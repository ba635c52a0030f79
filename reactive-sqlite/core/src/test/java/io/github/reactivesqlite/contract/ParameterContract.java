package io.github.reactivesqlite.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.Query;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Named, positional and numbered parameters, and collections in IN. */
abstract class ParameterContract extends ReactiveDatabaseContract {

  @Test
  void namedParametersAreBoundByName() {
    assertThat(
            get(
                db().query("SELECT :b || '-' || :a || '-' || :b")
                    .bind("a", "x")
                    .bind("b", "y")
                    .mapTo(String.class)
                    .one()))
        .isEqualTo("y-x-y");
  }

  @Test
  void positionalParametersCountFromOne() {
    assertThat(
            get(
                db().query("SELECT ? || '-' || ?")
                    .bind(2, "second")
                    .bind(1, "first")
                    .mapTo(String.class)
                    .one()))
        .isEqualTo("first-second");
  }

  @Test
  void numberedParametersMayRepeat() {
    assertThat(
            get(
                db().query("SELECT ?2 || '-' || ?1 || '-' || ?2")
                    .bind(1, "a")
                    .bind(2, "b")
                    .mapTo(String.class)
                    .one()))
        .isEqualTo("b-a-b");
  }

  @Test
  void severalValuesAreBoundFromAMap() {
    assertThat(
            get(
                db().query("SELECT :a - :b")
                    .bindAll(Map.of("a", 9, "b", 4))
                    .mapTo(Long.class)
                    .one()))
        .isEqualTo(5);
  }

  @Test
  void nullIsSqlNull() {
    assertThat(get(db().query("SELECT :a IS NULL").bind("a", null).mapTo(Boolean.class).one()))
        .isTrue();
  }

  @Test
  void placeholdersInLiteralsAndCommentsAreText() {
    assertThat(
            get(
                db().query("SELECT ':no ?' || :yes /* :comment ? */ -- ?\n")
                    .bind("yes", "!")
                    .mapTo(String.class)
                    .one()))
        .isEqualTo(":no ?!");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 8, 9, 100})
  void collectionExpandsInIn(int size) {
    fill(120);
    List<Long> wanted = ids().subList(0, size);

    assertThat(
            all(
                db().query("SELECT id FROM item WHERE id IN (:ids) ORDER BY id")
                    .bind("ids", wanted)
                    .mapTo(Long.class)
                    .all()))
        .isEqualTo(wanted);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 5})
  void collectionExpandsInNotIn(int size) {
    fill(7);
    List<Long> ids = ids();

    assertThat(
            all(
                db().query("SELECT id FROM item WHERE id NOT IN (:ids) ORDER BY id")
                    .bind("ids", ids.subList(0, size))
                    .mapTo(Long.class)
                    .all()))
        .isEqualTo(ids.subList(size, 7));
  }

  @Test
  void collectionMayStandTwiceAndBesideOtherParameters() {
    fill(9);
    Query query =
        db().query(
                "SELECT id FROM item WHERE id >= :from AND (id IN (:ids) OR id - 1 IN (:ids))"
                    + " AND name <> :not ORDER BY id");

    assertThat(
            all(
                query
                    .bind("from", 2)
                    .bind("ids", Set.of(1, 4, 7))
                    .bind("not", "name 8")
                    .mapTo(Long.class)
                    .all()))
        .containsExactly(2L, 4L, 5L, 7L);
  }

  @Test
  void arraysExpandAndBytesDoNot() {
    fill(4);

    assertThat(
            all(
                db().query("SELECT id FROM item WHERE id IN (:ids) ORDER BY id")
                    .bind("ids", new long[] {2, 3})
                    .mapTo(Long.class)
                    .all()))
        .containsExactly(2L, 3L);
    assertThat(
            get(
                db().query("SELECT length(:bytes)")
                    .bind("bytes", new byte[] {1, 2, 3})
                    .mapTo(Integer.class)
                    .one()))
        .isEqualTo(3);
  }

  @Test
  void oneQueryIsBoundToCollectionsOfManySizes() {
    fill(40);
    Query query = db().query("SELECT count(*) FROM item WHERE id IN (:ids)");

    for (int size = 0; size <= 40; size++) {
      assertThat(get(query.bind("ids", ids().subList(0, size)).mapTo(Integer.class).one()))
          .isEqualTo(size);
    }
  }
}
