package io.github.reactivesqlite.sqlite.engine.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.sqlite.engine.sql.TableSet;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Who is found under which table while others come, go and move. */
class ListenersTest {

  private static final int ROUNDS = 5_000;

  private static final class Silent implements Listener {
    @Override
    public void committed(TableSet tables) {}

    @Override
    public void closed() {}
  }

  @Test
  void nobodyStaysBehindWhoGoesWhileHeIsMoved() {
    TableSet old = TableSet.of(List.of("a"));
    TableSet fresh = TableSet.of(List.of("b"));
    Listeners listeners = new Listeners();
    for (int round = 0; round < ROUNDS; round++) {
      Listener listener = new Silent();
      listeners.put(listener, old);
      CountDownLatch gone = new CountDownLatch(1);
      Thread goes =
          new Thread(
              () -> {
                listeners.remove(listener);
                gone.countDown();
              });
      goes.start();
      listeners.put(listener, fresh);
      Bounded.await(gone);
      // As a query does that has ended meanwhile
      listeners.remove(listener);
      assertThat(listeners.concernedBy(old)).isEmpty();
      assertThat(listeners.concernedBy(fresh)).isEmpty();
      assertThat(listeners.isEmpty()).isTrue();
    }
  }
}
