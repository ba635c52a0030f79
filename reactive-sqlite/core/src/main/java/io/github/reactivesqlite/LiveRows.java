package io.github.reactivesqlite;

import java.util.List;
import reactor.core.publisher.Flux;

/**
 * The rows of a query that can be watched. Each answer is a whole list, read in one go, so a live
 * query is for answers that fit into memory: give it a LIMIT.
 *
 * @param <T> the type of the mapped rows
 */
public interface LiveRows<T> extends Rows<T> {

  /**
   * The answer now, and again after every commit that can change it, of this process at once and of
   * others within the polling interval. Which tables the statement reads is found out from its
   * program: views, subqueries, and the content table of a full-text index included.
   *
   * <p>Lazy; endless; signals arrive on the result scheduler. The first answer contains everything
   * acknowledged before the subscription. After that no change is missed, but several may be
   * answered by one list: while the subscriber has no demand, or an answer is being read, later
   * changes wait, and the next answer is read anew. An answer may be equal to the one before it;
   * {@code distinctUntilChanged()} removes those.
   *
   * <p>Equal queries of one view (same SQL, same values, and the same mapper instance or mapped
   * type) share one read, and then the values in their lists, which must not be changed. The mapper
   * sees the Reactor Context of the subscriber who was first.
   *
   * <p>Errors of the first answer are those of {@link #all()}. Later a {@link
   * io.github.reactivesqlite.error.TransientDatabaseException} (overload) is waited out and the
   * answer read again; every other error ends the Flux. Closing the database ends it with {@link
   * io.github.reactivesqlite.error.DatabaseClosedException}. Cancelling frees everything.
   *
   * @return the answers, unmodifiable lists in the statement's order
   */
  Flux<List<T>> live();

  /**
   * As {@link #live()}, with the tables said instead of found out: for what no program shows, such
   * as a table-valued function, or to follow fewer tables than the statement reads.
   *
   * @param tables at least one table or virtual table of the main schema; no views, no quotes. A
   *     name that no table has is not an error, since the table may still be created
   * @return the answers
   * @throws IllegalArgumentException without a table, or if a name is blank
   */
  Flux<List<T>> live(String... tables);
}
