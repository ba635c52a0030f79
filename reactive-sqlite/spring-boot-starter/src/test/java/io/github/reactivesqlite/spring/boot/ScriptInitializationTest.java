package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Beside a JDBC data source, whose scripts Spring Boot runs. */
class ScriptInitializationTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  @BeforeEach
  void writeScript() throws Exception {
    Files.writeString(
        dir.resolve("book.sql"),
        "CREATE TABLE book (id INTEGER PRIMARY KEY); INSERT INTO book VALUES (1);");
  }

  private ApplicationContextRunner runner(String dataSource) {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                SqliteAutoConfiguration.class, DataSourceInitializationAutoConfiguration.class))
        .withUserConfiguration(Application.class)
        .withPropertyValues(
            "reactive-sqlite.file=" + dir.resolve("main.db"),
            "reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"),
            "data-source=" + dir.resolve(dataSource),
            "spring.sql.init.mode=always",
            "spring.sql.init.schema-locations=file:" + dir.resolve("book.sql"));
  }

  /** A bean that uses the database as soon as it is made, before all others. */
  record Tables(long count) {}

  @Configuration(proxyBeanMethods = false)
  static class Application {
    @Bean
    Tables tables(ReactiveDatabase db) {
      Long count =
          db.query("SELECT count(*) FROM sqlite_schema WHERE name = 'book'")
              .mapTo(Long.class)
              .one()
              .block(WAIT);
      return new Tables(count == null ? -1 : count);
    }

    @Bean
    DataSource dataSource(Environment environment) {
      return new DriverManagerDataSource(
          "jdbc:sqlite:" + environment.getRequiredProperty("data-source"));
    }
  }

  @Test
  void scriptsOfTheSameFileRunBeforeItIsOpened() {
    runner("main.db")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(Tables.class).count()).isEqualTo(1);
            });
  }

  @Test
  void scriptsOfAnotherFileAreOfNoConcern() {
    runner("other.db")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBean(Tables.class).count()).isZero();
            });
  }

  /** As an initializer does that nobody ordered, or whoever looks at all beans. */
  @Test
  void filesAreLeftAloneOnceTheirDatabasesAreOpen() {
    runner("other.db")
        .withPropertyValues("spring.sql.init.mode=never")
        .run(
            context -> {
              SqliteDatabase open = context.getBean("sqliteDatabase", SqliteDatabase.class);
              assertThat(context.getBeanFactory().containsSingleton("sqliteDatabaseFile"))
                  .isFalse();
              for (String bean : context.getBeanDefinitionNames()) {
                assertThat(context.getBean(bean)).isNotNull();
              }
              assertThat(context.getBean("sqliteDatabaseFile", PreparedFile.class)).isNotNull();
              assertThat(open.write(session -> 1).block(WAIT)).isEqualTo(1);
            });
  }
}
