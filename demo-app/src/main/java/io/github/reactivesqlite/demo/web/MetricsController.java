package io.github.reactivesqlite.demo.web;

import io.github.reactivesqlite.spring.boot.actuate.DatabaseFigures;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.util.Map;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Shows the database's figures under the names that people search for. */
@RestController
class MetricsController {

  private final SqliteDatabase database;

  MetricsController(SqliteDatabase database) {
    this.database = database;
  }

  @GetMapping("/api/health/db-metrics")
  Mono<Map<String, Object>> metrics() {
    return DatabaseFigures.of(database);
  }
}
