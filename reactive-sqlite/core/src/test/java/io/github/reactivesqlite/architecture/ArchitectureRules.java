package io.github.reactivesqlite.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchPredicates.are;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMembers;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.beAloneWithIt;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.beFoundByTheBuild;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.blockingCallOutsideOpenAndClose;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.dependOn;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.haveDisabledTests;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.liveInNullMarkedPackages;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.nameInTheirSignature;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.ownedAndNamed;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.sleep;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.unboundedWait;
import static io.github.reactivesqlite.architecture.ArchitecturePredicates.visibleToUsers;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.slf4j.LoggerFactory;
import reactor.core.scheduler.Schedulers;

/**
 * The rules of the house. {@link ArchitectureTest} holds the code to them, {@link
 * ArchitectureRulesFailWhenBrokenTest} shows for each that it notices when it is broken.
 *
 * <p>Patterns name the end of a package, so that fixtures can mirror the packages of the library.
 */
final class ArchitectureRules {

  private static final String FACADE = "..reactivesqlite";
  private static final String ERROR = "..reactivesqlite.error..";
  private static final String METRICS = "..reactivesqlite.metrics..";
  private static final String SQLITE = "..reactivesqlite.sqlite";
  private static final String CONFIG = "..reactivesqlite.sqlite.config..";
  private static final String ENGINE = "..reactivesqlite.sqlite.engine..";
  private static final String ASSEMBLY = "..reactivesqlite.sqlite.engine";
  private static final String SQL = "..reactivesqlite.sqlite.engine.sql..";
  private static final String VALUE = "..reactivesqlite.sqlite.engine.value..";
  private static final String BIND = "..reactivesqlite.sqlite.engine.bind..";
  private static final String SESSION = "..reactivesqlite.sqlite.engine.session..";
  private static final String CONNECTION = "..reactivesqlite.sqlite.engine.connection..";
  private static final String RUNTIME = "..reactivesqlite.sqlite.engine.runtime..";
  private static final String WRITE = "..reactivesqlite.sqlite.engine.write..";
  private static final String READ = "..reactivesqlite.sqlite.engine.read..";
  private static final String LIVE = "..reactivesqlite.sqlite.engine.live..";
  private static final String MAINTENANCE = "..reactivesqlite.sqlite.engine.maintenance..";

  private static final String[] DRIVER = {"java.sql..", "javax.sql..", "org.sqlite.."};
  private static final String RETRY = "reactor.retry..";
  private static final String[] HIDDEN_FROM_USERS = {
    "java.sql..", "javax.sql..", "org.sqlite..", RETRY, ENGINE
  };

  private ArchitectureRules() {}

  /** What is shipped. */
  static final class OfMainCode {

    @ArchTest
    static final ArchRule JDBC_STAYS_IN_CONNECTION =
        noClasses()
            .that()
            .resideOutsideOfPackage(CONNECTION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(DRIVER)
            .because("one package is the seam to the blocking world");

    @ArchTest
    static final ArchRule REACTOR_RETRY_STAYS_IN_RUNTIME =
        noClasses()
            .that()
            .resideOutsideOfPackage(RUNTIME)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(RETRY)
            .because("it is deprecated upstream and must stay replaceable");

    @ArchTest
    static final ArchRule REACTOR_RETRY_HAS_ONE_USER =
        classes()
            .that(dependOn(RETRY))
            .should(beAloneWithIt())
            .because("it is deprecated upstream and must stay replaceable");

    @ArchTest
    static final ArchRule FACADE_KNOWS_ERRORS_REACTOR_AND_JDK_ONLY =
        classes()
            .that()
            .resideInAPackage(FACADE)
            .should()
            .onlyDependOnClassesThat(
                are(
                    resideInAnyPackage(
                            FACADE,
                            ERROR,
                            "reactor.core..",
                            "reactor.util..",
                            "org.reactivestreams..",
                            "org.jspecify..",
                            "java..")
                        .and(not(resideInAnyPackage(DRIVER)))))
            .because("another backend will implement the same interfaces");

    @ArchTest
    static final ArchRule SIGNATURES_HIDE_ENGINE_DRIVER_AND_RETRY =
        noMembers()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(FACADE, ERROR, METRICS, SQLITE, CONFIG)
            .and()
            .areDeclaredInClassesThat()
            .arePublic()
            .and(are(visibleToUsers()))
            .should(nameInTheirSignature(resideInAnyPackage(HIDDEN_FROM_USERS)))
            .because("what a user compiles against must outlive the engine");

    @ArchTest
    static final ArchRule ERROR_IS_A_LEAF =
        noClasses()
            .that()
            .resideInAPackage(ERROR)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(FACADE, METRICS, SQLITE, CONFIG, ENGINE);

    @ArchTest
    static final ArchRule METRICS_KNOWS_THE_FACADE_ONLY =
        noClasses()
            .that()
            .resideInAPackage(METRICS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SQLITE, CONFIG, ENGINE);

    @ArchTest
    static final ArchRule CONFIG_IS_A_LEAF =
        classes()
            .that()
            .resideInAPackage(CONFIG)
            .should()
            .onlyDependOnClassesThat(
                are(
                    resideInAnyPackage(
                            CONFIG,
                            FACADE,
                            ERROR,
                            "io.micrometer.core..",
                            "reactor.core..",
                            "reactor.util..",
                            "org.reactivestreams..",
                            "org.jspecify..",
                            "java..")
                        .and(not(resideInAnyPackage(DRIVER)))))
            .because("everyone may see it, so it sees no one");

    @ArchTest
    static final ArchRule ENGINE_TEXT_AND_VALUES_NEED_NO_DATABASE =
        noClasses()
            .that()
            .resideInAnyPackage(SQL, VALUE, BIND)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                SQLITE,
                ASSEMBLY,
                CONNECTION,
                SESSION,
                RUNTIME,
                WRITE,
                READ,
                LIVE,
                MAINTENANCE,
                METRICS)
            .because("pure text and pure values are tested without a database");

    @ArchTest
    static final ArchRule ENGINE_SQL_AND_VALUE_IGNORE_EACH_OTHER =
        slices()
            .matching("..reactivesqlite.sqlite.engine.(sql|value)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule ENGINE_CONNECTION_SERVES_THE_LANES =
        noClasses()
            .that()
            .resideInAPackage(CONNECTION)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SQLITE, ASSEMBLY, SESSION, WRITE, READ, LIVE, MAINTENANCE);

    @ArchTest
    static final ArchRule ENGINE_RUNTIME_KNOWS_NO_DATABASE =
        noClasses()
            .that()
            .resideInAPackage(RUNTIME)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                SQLITE, ASSEMBLY, CONNECTION, SESSION, WRITE, READ, LIVE, MAINTENANCE)
            .because("threads, timers and answers are the same for any backend");

    @ArchTest
    static final ArchRule ENGINE_CHANGES_FLOW_ONE_WAY =
        noClasses()
            .that()
            .resideInAnyPackage(SESSION, WRITE, READ, MAINTENANCE)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(LIVE)
            .because("the writer publishes commits and does not know who listens");

    @ArchTest
    static final ArchRule ENGINE_LIVE_READS_THROUGH_THE_LANES =
        noClasses()
            .that()
            .resideInAPackage(LIVE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(SQLITE, ASSEMBLY, CONNECTION, SESSION, MAINTENANCE)
            .because("who listens has no connection of its own");

    @ArchTest
    static final ArchRule ENGINE_IS_INTERNAL =
        noClasses()
            .that()
            .resideInAnyPackage(FACADE, ERROR, METRICS, CONFIG)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ENGINE);

    @ArchTest
    static final ArchRule PACKAGES_FORM_NO_CYCLE =
        slices().matching("io.github.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule PACKAGES_ARE_NULL_MARKED = classes().should(liveInNullMarkedPackages());

    @ArchTest
    static final ArchRule NOBODY_SLEEPS =
        noClasses().should().accessTargetWhere(sleep()).because("a timer waits without a thread");

    @ArchTest
    static final ArchRule NOBODY_PRINTS =
        noClasses().should(ACCESS_STANDARD_STREAMS).because("a library logs through SLF4J");

    @ArchTest
    static final ArchRule LOGGERS_NEVER_THROW =
        noClasses()
            .that()
            .doNotHaveSimpleName("SteadyLogger")
            .and()
            .resideOutsideOfPackage(METRICS)
            .should()
            .accessTargetWhere(ownedAndNamed(LoggerFactory.class, "getLogger"))
            .because(
                "an appender that throws would cost a caller its answer; metrics knows no engine"
                    + " and catches by itself");

    @ArchTest
    static final ArchRule NOBODY_USES_SHARED_OR_NON_BLOCKING_SCHEDULERS =
        noClasses()
            .should()
            .accessTargetWhere(
                ownedAndNamed(Schedulers.class, "boundedElastic", "newSingle", "single"))
            .because(
                "boundedElastic may run on virtual threads, which native code pins, and single"
                    + " threads refuse blocking calls");

    @ArchTest
    static final ArchRule NOBODY_BLOCKS_ON_A_PUBLISHER =
        noClasses()
            .should()
            .accessTargetWhere(blockingCallOutsideOpenAndClose())
            .because("only SqliteDatabase.open, temporary and close are documented as blocking");

    private OfMainCode() {}
  }

  /** Tests and what they are built from. */
  static final class OfTestCode {

    @ArchTest
    static final ArchRule TESTS_NEVER_SLEEP =
        noClasses().should().accessTargetWhere(sleep()).because("a latch or virtual time is exact");

    @ArchTest
    static final ArchRule TESTS_BOUND_EVERY_WAIT =
        noClasses()
            .should()
            .accessTargetWhere(unboundedWait())
            .because("a hang must fail: verify(Duration), block(Duration), await(n, unit)");

    @ArchTest
    static final ArchRule TESTS_ARE_FOUND_BY_THE_BUILD =
        classes()
            .should(beFoundByTheBuild())
            .because("the build runs the files that are called *Test.java, and no other");

    @ArchTest
    static final ArchRule TESTS_ARE_NOT_DISABLED =
        noClasses().should(haveDisabledTests()).because("a test that does not run guards nothing");

    private OfTestCode() {}
  }
}
