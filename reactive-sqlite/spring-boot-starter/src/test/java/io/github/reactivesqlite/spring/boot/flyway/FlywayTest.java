package io.github.reactivesqlite.spring.boot.flyway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.StorageException;
import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class FlywayTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  @BeforeEach
  void writeMigration() throws Exception {
    Path migrations = Files.createDirectory(dir.resolve("migrations"));
    Files.writeString(
        migrations.resolve("V1__create_book.sql"),
        "CREATE TABLE book (id INTEGER PRIMARY KEY, title TEXT);"
            + " INSERT INTO book (title) VALUES ('Emma');");
  }

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(SqliteAutoConfiguration.class, FlywayAutoConfiguration.class))
        .withPropertyValues(
            "reactive-sqlite.file=" + dir.resolve("main.db"),
            "spring.flyway.url=jdbc:sqlite:${reactive-sqlite.file}",
            "spring.flyway.locations=filesystem:" + dir.resolve("migrations"));
  }

  private static Long books(ReactiveDatabase db) {
    return db.query("SELECT count(*) FROM book").mapTo(Long.class).one().block(WAIT);
  }

  @Test
  void migratesTheFileBeforeItIsOpened() {
    runner()
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(books(context.getBean(ReactiveDatabase.class))).isEqualTo(1);
              assertThat(
                      context.getBeanFactory().getBeanDefinition("sqliteDatabase").getDependsOn())
                  .contains("flywayInitializer");
            });
    // And again, on the file that is there
    runner()
        .run(context -> assertThat(books(context.getBean(ReactiveDatabase.class))).isEqualTo(1));
  }

  @Test
  void findsDirectoryAndFileAsTheLibraryMakesThem() throws Exception {
    Path file = dir.resolve("data/app/main.db");
    runner()
        .withPropertyValues(
            "reactive-sqlite.file=" + file,
            "reactive-sqlite.create-directories=true",
            "reactive-sqlite.page-size=8KB")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              ReactiveDatabase db = context.getBean(ReactiveDatabase.class);
              assertThat(books(db)).isEqualTo(1);
              assertThat(
                      db.query("SELECT page_size FROM pragma_page_size")
                          .mapTo(Integer.class)
                          .one()
                          .block(WAIT))
                  .isEqualTo(8192);
            });

    assumeThat(dir.getFileSystem().supportedFileAttributeViews()).contains("posix");
    assertThat(rightsOf(file)).isEqualTo("rw-------");
    assertThat(rightsOf(file.getParent())).isEqualTo("rwx------");
  }

  private static String rightsOf(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void filesOfNamedDatabasesArePreparedToo() throws Exception {
    Path file = dir.resolve("archive/archive.db");
    runner()
        .withPropertyValues(
            "reactive-sqlite.databases.archive.file=" + file,
            "reactive-sqlite.databases.archive.create-directories=true",
            "spring.flyway.url=jdbc:sqlite:" + file)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(books(context.getBean("archiveDatabase", ReactiveDatabase.class)))
                  .isEqualTo(1);
            });

    assumeThat(dir.getFileSystem().supportedFileAttributeViews()).contains("posix");
    assertThat(rightsOf(file)).isEqualTo("rw-------");
  }

  @Test
  void refusesBeforeWhatTheLibraryWouldRefuseAfter() {
    runner()
        .withPropertyValues("reactive-sqlite.file=" + dir.resolve("missing/main.db"))
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .isInstanceOfSatisfying(
                        StorageException.class,
                        refused -> {
                          assertThat(refused.kind()).isEqualTo(StorageException.Kind.CANNOT_OPEN);
                          assertThat(refused).hasMessageContaining("createDirectories");
                        }));
    assertThat(dir.resolve("missing")).doesNotExist();
  }

  @Test
  void filesArePreparedOnlyForOthers() {
    runner()
        .withPropertyValues(
            "reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"),
            "spring.flyway.enabled=false")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBeanFactory().containsSingleton("sqliteDatabase")).isTrue();
              for (String file : new String[] {"sqliteDatabaseFile", "archiveSqliteDatabaseFile"}) {
                assertThat(context.getBeanFactory().containsBeanDefinition(file)).isTrue();
                assertThat(context.getBeanFactory().containsSingleton(file)).isFalse();
              }
            });
  }

  @Test
  void databaseOfTheApplicationIsLeftToIt() {
    runner()
        .withBean(SqliteDatabase.class, SqliteDatabase::temporary)
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context.getBeanFactory().containsBeanDefinition("sqliteDatabaseFile"))
                  .isFalse();
            });
  }

  @Test
  void whoeverNeedsAnInitializedDatabaseWaitsForBoth() {
    runner()
        .withUserConfiguration(Reader.class)
        .run(
            context ->
                assertThat(context.getBeanFactory().getBeanDefinition("books").getDependsOn())
                    .contains("sqliteDatabase"));
  }

  @Configuration(proxyBeanMethods = false)
  static class Reader {
    @Bean
    @DependsOnDatabaseInitialization
    String books() {
      return "books";
    }
  }

  @Test
  void withoutFlywayNothingIsMigrated() {
    runner()
        .withClassLoader(new FilteredClassLoader(Flyway.class))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean("flywayInitializer");
            });
  }

  @Test
  void canBeTurnedOff() {
    runner()
        .withPropertyValues("spring.flyway.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Flyway.class));
  }
}
