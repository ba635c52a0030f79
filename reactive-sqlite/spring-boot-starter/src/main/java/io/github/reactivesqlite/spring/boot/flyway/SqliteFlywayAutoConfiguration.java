package io.github.reactivesqlite.spring.boot.flyway;

import io.github.reactivesqlite.spring.boot.SqliteProperties;
import java.nio.file.Path;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * Points Flyway at the main database's file, when it is on the class path and nothing else says
 * where to migrate.
 */
@AutoConfiguration(
    after = DataSourceAutoConfiguration.class,
    before = FlywayAutoConfiguration.class)
@ConditionalOnClass({Flyway.class, FlywayConnectionDetails.class})
@ConditionalOnProperty("reactive-sqlite.file")
@ConditionalOnBooleanProperty(name = "reactive-sqlite.enabled", matchIfMissing = true)
@EnableConfigurationProperties(SqliteProperties.class)
public final class SqliteFlywayAutoConfiguration {

  /** Called by the context. */
  public SqliteFlywayAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean({FlywayConnectionDetails.class, DataSource.class})
  @ConditionalOnProperty(name = "spring.flyway.url", havingValue = "never", matchIfMissing = true)
  FlywayConnectionDetails sqliteFlywayConnectionDetails(SqliteProperties properties) {
    return new FileDetails(Path.of(String.valueOf(properties.file())).toAbsolutePath());
  }

  /** Another process may hold the lock for a moment, so its connections wait, too. */
  private record FileDetails(Path file) implements FlywayConnectionDetails {

    @Override
    public String getUsername() {
      return "";
    }

    @Override
    public String getPassword() {
      return "";
    }

    @Override
    public String getJdbcUrl() {
      return "jdbc:sqlite:" + file + "?busy_timeout=30000";
    }
  }
}
