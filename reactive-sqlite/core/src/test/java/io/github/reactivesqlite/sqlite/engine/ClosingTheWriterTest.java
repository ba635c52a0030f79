package io.github.reactivesqlite.sqlite.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.reactivesqlite.sqlite.config.SqliteConfig;
import io.github.reactivesqlite.sqlite.engine.connection.EngineConnection;
import io.github.reactivesqlite.sqlite.engine.runtime.EngineTimer;
import io.github.reactivesqlite.sqlite.support.Bounded;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer's connection does not outlive a close that meets an error. */
class ClosingTheWriterTest {

  @TempDir Path directory;

  @Test
  void itIsClosedAlthoughWhatComesBeforeFails() {
    Engine engine =
        EngineOpening.open(
                directory.resolve("writer.db"), SqliteConfig.ofDefaults(), EngineTimer.real())
            .blockOptional(Bounded.PATIENCE)
            .orElseThrow();
    AtomicReference<EngineConnection> writer = new AtomicReference<>();
    assertThatThrownBy(
            () ->
                engine
                    .writeLane()
                    .closeConnection(
                        connection -> {
                          writer.set(connection);
                          throw new IllegalStateException("the last task");
                        }))
        .hasMessage("the last task");
    assertThat(writer.get().keepOpen()).as("still open").isFalse();
    Bounded.get(engine.closeGracefully());
  }
}
