package io.github.reactivesqlite.jobs.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Holds the module to the facade. */
@AnalyzeClasses(packages = "io.github.reactivesqlite.jobs", importOptions = DoNotIncludeTests.class)
class JobsArchitectureTest {

  @ArchTest
  static final ArchRule THE_FACADE_AND_NOTHING_BEHIND_IT =
      classes()
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "io.github.reactivesqlite",
              "io.github.reactivesqlite.error",
              "io.github.reactivesqlite.jobs",
              "com.cronutils..",
              "tools.jackson.databind..",
              "io.micrometer.core..",
              "reactor.core..",
              "reactor.util..",
              "org.reactivestreams..",
              "org.slf4j..",
              "org.jspecify..",
              "java.io..",
              "java.lang..",
              "java.nio..",
              "java.security..",
              "java.time..",
              "java.util..")
          .because("jobs will run on any backend of the facade");

  @ArchTest
  static final ArchRule ONE_CLASS_KNOWS_JACKSON =
      noClasses()
          .that()
          .doNotHaveSimpleName("JacksonCodec")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("tools.jackson..")
          .because("it is optional");

  @ArchTest
  static final ArchRule ONE_CLASS_KNOWS_CRON =
      noClasses()
          .that()
          .doNotHaveSimpleName("Schedule")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.cronutils..");

  @ArchTest
  static final ArchRule NOBODY_BLOCKS =
      noClasses()
          .should()
          .callMethod(Mono.class, "block")
          .orShould()
          .callMethod(Flux.class, "blockLast")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class);

  @ArchTest static final ArchRule NOBODY_PRINTS = noClasses().should(ACCESS_STANDARD_STREAMS);
}
