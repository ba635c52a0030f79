package io.github.reactivesqlite.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.ReactiveDatabase;
import io.github.reactivesqlite.error.DatabaseClosedException;
import io.github.reactivesqlite.sqlite.SqliteDatabase;
import io.github.reactivesqlite.sqlite.config.Durability;
import io.github.reactivesqlite.sqlite.config.SqliteDefaults;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import reactor.test.StepVerifier;

class SqliteAutoConfigurationTest {

  private static final Duration WAIT = Duration.ofSeconds(20);

  @TempDir private Path dir;

  private ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(SqliteAutoConfiguration.class));
  }

  private ApplicationContextRunner main() {
    return runner().withPropertyValues("reactive-sqlite.file=" + dir.resolve("main.db"));
  }

  @Test
  void opensTheFileAndClosesItWithTheContext() {
    AtomicReference<SqliteDatabase> seen = new AtomicReference<>();
    main()
        .run(
            context -> {
              SqliteDatabase db = context.getBean(SqliteDatabase.class);
              db.script("CREATE TABLE book (id INTEGER PRIMARY KEY)").block(WAIT);
              assertThat(db.name()).isEqualTo("main");
              seen.set(db);
            });
    assertThat(dir.resolve("main.db")).exists();
    assertThat(dir.resolve("main.db-wal")).doesNotExist();
    StepVerifier.create(seen.get().query("SELECT 1").mapTo(Integer.class).one())
        .expectError(DatabaseClosedException.class)
        .verify(WAIT);
  }

  @Test
  void propertiesReachTheLibrary() {
    main()
        .withPropertyValues(
            "reactive-sqlite.name=library",
            "reactive-sqlite.durability=normal",
            "reactive-sqlite.cache-size-kib=4000",
            "reactive-sqlite.page-size=8KB")
        .run(
            context -> {
              SqliteDatabase db = context.getBean(SqliteDatabase.class);
              assertThat(db.name()).isEqualTo("library");
              assertThat(db.maintenance().settings().block(WAIT).values())
                  .containsEntry("synchronous", "normal")
                  .containsEntry("cache_size", "-4000")
                  .containsEntry("page_size", "8192");
            });
  }

  @Test
  void customizersHaveTheLastWord() {
    main()
        .withPropertyValues("reactive-sqlite.name=library")
        .withBean(
            SqliteConfigCustomizer.class,
            () -> (database, config) -> config.name(database + "-customized"))
        .run(
            context ->
                assertThat(context.getBean(SqliteDatabase.class).name())
                    .isEqualTo("main-customized"));
  }

  @Test
  void severalDatabasesStandBesideTheMainOne() {
    main()
        .withPropertyValues(
            "reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"),
            "reactive-sqlite.databases.archive.readers=3")
        .run(
            context -> {
              assertThat(context.getBean(SqliteDatabase.class).name()).isEqualTo("main");
              assertThat(context.getBean("archiveSqliteDatabase", SqliteDatabase.class).name())
                  .isEqualTo("archive");
            });
  }

  /** The names as Spring derives them: dots become underscores, dashes are left out. */
  @Test
  void environmentVariablesNameDatabases() {
    Map<String, Object> variables =
        Map.of(
            "REACTIVESQLITE_FILE", dir.resolve("main.db").toString(),
            "REACTIVESQLITE_DATABASES_ARCHIVE_FILE", dir.resolve("archive.db").toString(),
            "REACTIVESQLITE_DATABASES_ARCHIVE_DURABILITY", "normal");
    runner()
        .withInitializer(
            context ->
                context
                    .getEnvironment()
                    .getPropertySources()
                    .replace(
                        StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                        new SystemEnvironmentPropertySource(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            variables)))
        .run(
            context -> {
              assertThat(context.getBean(SqliteDatabase.class).name()).isEqualTo("main");
              SqliteDatabase archive =
                  context.getBean("archiveSqliteDatabase", SqliteDatabase.class);
              assertThat(archive.name()).isEqualTo("archive");
              assertThat(archive.config().durability()).isEqualTo(Durability.NORMAL);
            });
  }

  @Test
  void namedDatabasesNeedNoMainOne() {
    runner()
        .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
        .run(
            context ->
                assertThat(context.getBean(SqliteDatabase.class).name()).isEqualTo("archive"));
  }

  @Test
  void backsOffFromADatabaseOfTheApplication() {
    runner()
        .withUserConfiguration(OwnDatabase.class)
        .run(
            context ->
                assertThat(context.getBean(SqliteDatabase.class)).isSameAs(context.getBean("own")));
  }

  @Configuration(proxyBeanMethods = false)
  static class OwnDatabase {
    @Bean
    SqliteDatabase own() {
      return SqliteDatabase.temporary();
    }
  }

  @Test
  void isOpenedAtTheStartEvenIfOtherBeansAreLazy() {
    main()
        .withPropertyValues("reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
        .withInitializer(
            context ->
                context.addBeanFactoryPostProcessor(
                    new LazyInitializationBeanFactoryPostProcessor()))
        .run(
            context -> {
              assertThat(dir.resolve("main.db")).exists();
              assertThat(dir.resolve("archive.db")).exists();
            });
  }

  @Test
  void canBeTurnedOff() {
    main()
        .withPropertyValues("reactive-sqlite.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(ReactiveDatabase.class));
  }

  @Test
  void withoutTheLibraryThereIsNothing() {
    main()
        .withClassLoader(new FilteredClassLoader(SqliteDatabase.class))
        .run(context -> assertThat(context).doesNotHaveBean("sqliteDatabase"));
  }

  @Test
  void theModuleOfDatabaseInitializationIsNotNeeded() {
    main()
        .withClassLoader(new FilteredClassLoader("org.springframework.boot.sql"))
        .run(context -> assertThat(context).hasSingleBean(SqliteDatabase.class));
  }

  @Test
  void defaultsAreThoseOfTheLibrary() {
    main()
        .run(
            context ->
                assertThat(
                        context
                            .getBean(SqliteDatabase.class)
                            .maintenance()
                            .settings()
                            .block(WAIT)
                            .values())
                    .containsEntry("cache_size", "-" + SqliteDefaults.CACHE_SIZE_KIB));
  }
}
