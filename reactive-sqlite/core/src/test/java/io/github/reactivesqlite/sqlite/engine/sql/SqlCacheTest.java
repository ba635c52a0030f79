package io.github.reactivesqlite.sqlite.engine.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.error.InvalidSqlException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SqlCacheTest {

  @Test
  void textIsAnalysedOnce() {
    SqlCache cache = new SqlCache();

    SqlStatement first = cache.statement("SELECT 1");

    assertThat(cache.statement(new String("SELECT 1"))).isSameAs(first);
    assertThat(cache.statement("SELECT 2")).isNotSameAs(first);
    assertThat(cache.size()).isEqualTo(2);
  }

  @Test
  void sizeStaysWithinCapacity() {
    for (int capacity : new int[] {1, 2, 7, 64}) {
      SqlCache cache = new SqlCache(capacity);
      for (int i = 0; i < 1_000; i++) {
        assertThat(cache.statement("SELECT " + i).text()).isEqualTo("SELECT " + i);
        assertThat(cache.size()).isLessThanOrEqualTo(capacity);
      }
    }
  }

  @Test
  void statementInUseSurvivesAFloodOfOthers() {
    SqlCache cache = new SqlCache(16);
    SqlStatement hot = cache.statement("SELECT hot");
    for (int i = 0; i < 1_000; i++) {
      assertThat(cache.statement("SELECT hot")).isSameAs(hot);
      cache.statement("SELECT " + i);
    }
  }

  @Test
  void longTextIsNotKept() {
    SqlCache cache = new SqlCache(4);
    String longest = "SELECT 1" + " ".repeat(SqlCache.MAX_TEXT_LENGTH - 8);

    cache.statement(longest + " ");
    assertThat(cache.size()).isZero();
    cache.statement(longest);
    assertThat(cache.size()).isEqualTo(1);
  }

  @Test
  void malformedTextIsRefusedEachTimeAndNotKept() {
    SqlCache cache = new SqlCache(4);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> cache.statement("SELECT 1; COMMIT"))
          .isInstanceOf(InvalidSqlException.class);
    }
    assertThat(cache.size()).isZero();
  }

  @Test
  void capacityOfZeroKeepsNothingAndNegativeIsRefused() {
    SqlCache cache = new SqlCache(0);
    cache.statement("SELECT 1");

    assertThat(cache.size()).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> new SqlCache(-1));
  }

  @Test
  void manyThreadsGetTheRightStatements() throws Exception {
    int threads = 8;
    SqlCache cache = new SqlCache(32);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Boolean>> tasks = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        Random random = new Random(t);
        tasks.add(
            () -> {
              for (int i = 0; i < 5_000; i++) {
                String sql = "SELECT :p" + random.nextInt(100);
                if (!cache.statement(sql).text().equals(sql)) {
                  return false;
                }
              }
              return true;
            });
      }
      for (Future<Boolean> result : executor.invokeAll(tasks, 30, TimeUnit.SECONDS)) {
        assertThat(result.get(1, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(cache.size()).isLessThanOrEqualTo(32 + threads);
    } finally {
      executor.shutdownNow();
    }
  }
}
