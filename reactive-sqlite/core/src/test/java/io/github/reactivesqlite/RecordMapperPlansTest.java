package io.github.reactivesqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.engine.value.ColumnNames;
import io.github.reactivesqlite.sqlite.engine.value.RowSupport;
import io.github.reactivesqlite.sqlite.engine.value.StoredRow;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecordMapperPlansTest {

  record Account(long id, String ownerName, @Nullable Instant createdAt) {}

  private static final String TIME = "2026-01-31T08:05:00.000000000Z";

  @Test
  void namesAreLookedAtOncePerListOfColumns() throws Exception {
    RowMapper<Account> mapper = RowMapper.of(Account.class);
    CountingList columns = new CountingList("id", "owner_name", "created_at");
    assertThat(mapper.map(new ListedRow(columns, 1L, "Ada", TIME)).id()).isEqualTo(1);
    int looks = columns.looks.get();

    for (long id = 2; id < 100; id++) {
      assertThat(mapper.map(new ListedRow(columns, id, "Ada", TIME)).id()).isEqualTo(id);
    }

    assertThat(looks).isPositive();
    assertThat(columns.looks).hasValue(looks);
  }

  @Test
  void statementsThatTakeTurnsKeepTheirPlans() throws Exception {
    RowMapper<Account> mapper = RowMapper.of(Account.class);
    CountingList one = new CountingList("id", "owner_name", "created_at");
    CountingList other = new CountingList("created_at", "owner_name", "id");
    mapper.map(new ListedRow(one, 1L, "Ada", TIME));
    mapper.map(new ListedRow(other, TIME, "Ada", 1L));
    int looks = one.looks.get() + other.looks.get();

    for (long id = 2; id < 100; id++) {
      Account expected = new Account(id, "Ada", Instant.parse(TIME));
      assertThat(mapper.map(new ListedRow(one, id, "Ada", TIME))).isEqualTo(expected);
      assertThat(mapper.map(new ListedRow(other, TIME, "Ada", id))).isEqualTo(expected);
    }

    assertThat(one.looks.get() + other.looks.get()).isEqualTo(looks);
  }

  @Test
  void manyListsOfColumnsStayCorrect() throws Exception {
    RowMapper<Account> mapper = RowMapper.of(Account.class);
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 100; i++) {
        List<Object> cells = new ArrayList<>();
        for (int extra = 0; extra < i; extra++) {
          cells.add("extra" + extra);
          cells.add(null);
        }
        cells.addAll(List.of("id", (long) i, "owner_name", "Ada", "created_at", TIME));
        assertThat(mapper.map(row(cells.toArray())).id()).isEqualTo(i);
      }
    }
  }

  @Test
  void threadsWithDifferentColumnOrdersShareAMapper() throws Exception {
    RowMapper<Account> mapper = RowMapper.of(Account.class);
    ColumnNames one = ColumnNames.of(List.of("id", "owner_name", "created_at"));
    ColumnNames other = ColumnNames.of(List.of("created_at", "x", "owner_name", "id"));
    int threads = 4;
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      CountDownLatch start = new CountDownLatch(threads);
      List<Future<Void>> results = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        boolean first = thread % 2 == 0;
        Callable<Void> work =
            () -> {
              start.countDown();
              assertThat(start.await(10, TimeUnit.SECONDS)).isTrue();
              for (long id = 0; id < 20_000; id++) {
                Row row =
                    first
                        ? new StoredRow(one, new Object[] {id, "Ada", null})
                        : new StoredRow(other, new Object[] {null, 1L, "Eve", id});
                if (!mapper.map(row).equals(new Account(id, first ? "Ada" : "Eve", null))) {
                  throw new AssertionError("a row was read by the other statement's plan");
                }
              }
              return null;
            };
        results.add(pool.submit(work));
      }
      for (Future<Void> result : results) {
        result.get(60, TimeUnit.SECONDS);
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** A row of alternating names and stored values. */
  private static Row row(Object... cells) {
    List<String> names = new ArrayList<>();
    Object[] values = new Object[cells.length / 2];
    for (int i = 0; i < values.length; i++) {
      names.add((String) cells[2 * i]);
      values[i] = cells[2 * i + 1];
    }
    return new StoredRow(ColumnNames.of(names), values);
  }

  /** A row over a list of names of our own. */
  private static final class ListedRow extends RowSupport {

    private final List<String> columns;
    private final StoredRow values;

    private ListedRow(List<String> columns, Object... values) {
      this.columns = columns;
      this.values = new StoredRow(ColumnNames.of(List.of("a", "b", "c")), values);
    }

    @Override
    public List<String> columns() {
      return columns;
    }

    @Override
    protected ColumnNames columnNames() {
      return ColumnNames.of(values.columns());
    }

    @Override
    protected @Nullable Object value(int index) {
      return values.get(index, Object.class);
    }
  }

  /** Column names that count how often they are looked at. */
  private static final class CountingList extends AbstractList<String> {

    private final AtomicInteger looks = new AtomicInteger();
    private final List<String> names;

    private CountingList(String... names) {
      this.names = List.of(names);
    }

    @Override
    public String get(int index) {
      looks.incrementAndGet();
      return names.get(index);
    }

    @Override
    public int size() {
      return names.size();
    }
  }
}
