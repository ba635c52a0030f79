package io.github.reactivesqlite.spring.boot.aot;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.reactivesqlite.spring.boot.SqliteAutoConfiguration;
import io.github.reactivesqlite.spring.boot.jobs.SqliteJobsAutoConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.io.InputStreamSource;
import org.springframework.javapoet.ClassName;

/** What a native image is built from: beans as code, and hints for what code does not show. */
class AheadOfTimeTest {

  @TempDir private Path dir;

  private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();
  private final RuntimeHints hints = new RuntimeHints();

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    SqliteAutoConfiguration.class,
    SqliteJobsAutoConfiguration.class,
    TransactionAutoConfiguration.class
  })
  static class Application {}

  @BeforeEach
  void process() {
    AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
    TestPropertyValues.of(
            "reactive-sqlite.file=" + dir.resolve("main.db"),
            "reactive-sqlite.databases.archive.file=" + dir.resolve("archive.db"))
        .applyTo(context);
    context.register(Application.class);
    DefaultGenerationContext generation =
        new DefaultGenerationContext(
            new ClassNameGenerator(ClassName.get(Application.class)), files, hints);
    new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
    generation.writeGeneratedContent();
    context.close();
  }

  @Test
  void nothingIsOpenedAtBuildTime() {
    assertThat(dir.resolve("main.db")).doesNotExist();
    assertThat(dir.resolve("archive.db")).doesNotExist();
  }

  @Test
  void beansBecomeCodeThatCompiles() throws IOException {
    Path generated = Files.createDirectory(dir.resolve("generated"));
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("-proc:none", "-d", generated.toString()));
    arguments.addAll(List.of("-classpath", System.getProperty("java.class.path")));
    StringBuilder all = new StringBuilder();
    for (Map.Entry<String, InputStreamSource> source :
        files.getGeneratedFiles(Kind.SOURCE).entrySet()) {
      Path file = generated.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      byte[] text = source.getValue().getInputStream().readAllBytes();
      Files.write(file, text);
      all.append(new String(text, java.nio.charset.StandardCharsets.UTF_8));
      arguments.add(file.toString());
    }
    for (Map.Entry<String, InputStreamSource> proxy :
        files.getGeneratedFiles(Kind.CLASS).entrySet()) {
      Path file = generated.resolve(proxy.getKey());
      Files.createDirectories(file.getParent());
      Files.write(file, proxy.getValue().getInputStream().readAllBytes());
    }

    assertThat(all)
        .contains("sqliteDatabase")
        .contains("archiveSqliteDatabase")
        .contains("archiveTransactionManager")
        .contains("sqliteJobs");
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, arguments.toArray(String[]::new)))
        .isZero();
  }

  @Test
  void schemaFilesAreInTheImage() {
    for (String resource :
        List.of(
            "schema.sql",
            "schema-archive.sql",
            "db/sqlite/V1__create_book.sql",
            "db/sqlite-archive/V1__create.sql",
            "io/github/reactivesqlite/jobs/schema-1.sql")) {
      assertThat(RuntimeHintsPredicates.resource().forResource(resource))
          .as(resource)
          .accepts(hints);
    }
  }
}
