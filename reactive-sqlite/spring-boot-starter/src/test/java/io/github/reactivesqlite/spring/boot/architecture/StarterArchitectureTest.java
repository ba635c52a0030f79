package io.github.reactivesqlite.spring.boot.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.stereotype.Component;

/** Holds the starter to the library's public face, and optional things to their rooms. */
@AnalyzeClasses(
    packages = "io.github.reactivesqlite.spring",
    importOptions = DoNotIncludeTests.class)
class StarterArchitectureTest {

  private static final String BASE = "io.github.reactivesqlite.spring.boot";

  @ArchTest
  static final ArchRule NOTHING_BEHIND_THE_FACADE =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.github.reactivesqlite.sqlite.engine..",
              "org.sqlite..",
              "java.sql..",
              "javax.sql..",
              "reactor.retry..")
          .because("the engine is internal, and no connection is lent");

  @ArchTest
  static final ArchRule JOBS_ARE_OPTIONAL = optional("io.github.reactivesqlite.jobs..", ".jobs");

  @ArchTest
  static final ArchRule ACTUATOR_IS_OPTIONAL =
      optional("org.springframework.boot.actuate..", ".actuate");

  @ArchTest
  static final ArchRule HEALTH_IS_OPTIONAL =
      optional("org.springframework.boot.health..", ".actuate");

  @ArchTest
  static final ArchRule ONE_CLASS_KNOWS_INITIALIZERS =
      noClasses()
          .that()
          .doNotHaveSimpleName("DatabaseInitializers")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework.boot.sql..")
          .because("it is loaded where that module is on the class path, and nowhere else");

  private static ArchRule optional(String of, String room) {
    return noClasses()
        .that()
        .resideOutsideOfPackage(BASE + room)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(of)
        .because("applications without it must start");
  }

  @ArchTest
  static final ArchRule NO_COMPONENT_SCANNING =
      noClasses().should().beAnnotatedWith(ComponentScan.class);

  @ArchTest
  static final ArchRule BEANS_COME_FROM_AUTO_CONFIGURATIONS_ALONE =
      classes()
          .that()
          .areMetaAnnotatedWith(Component.class)
          .and()
          .areTopLevelClasses()
          .should()
          .beAnnotatedWith(AutoConfiguration.class);

  @ArchTest
  static final ArchRule AUTO_CONFIGURATIONS_ARE_NAMED_SO =
      classes()
          .that()
          .areAnnotatedWith(AutoConfiguration.class)
          .should()
          .haveSimpleNameEndingWith("AutoConfiguration");

  @ArchTest
  static final ArchRule TRANSACTIONS_NEED_NO_SPRING_BOOT =
      noClasses()
          .that()
          .resideInAPackage(BASE + ".transaction")
          .or()
          .resideInAPackage(BASE + ".observation")
          .should()
          .dependOnClassesThat(
              DescribedPredicate.describe(
                  "belong to Spring Boot",
                  (JavaClass type) ->
                      type.getPackageName().startsWith("org.springframework.boot")));

  @ArchTest
  static final ArchRule NO_CYCLES = slices().matching(BASE + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule NOBODY_SLEEPS =
      noClasses().should().callMethod(Thread.class, "sleep", long.class);

  @ArchTest static final ArchRule NOBODY_PRINTS = noClasses().should(ACCESS_STANDARD_STREAMS);
}
