package io.github.reactivesqlite.jobs.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.annotation.Testable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** Holds the module's tests to the rules of the house. */
@AnalyzeClasses(packages = "io.github.reactivesqlite.jobs", importOptions = OnlyIncludeTests.class)
class JobsTestCodeTest {

  @ArchTest
  static final ArchRule TESTS_NEVER_SLEEP =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(TimeUnit.class, "sleep", long.class)
          .because("a latch or virtual time is exact");

  @ArchTest
  static final ArchRule TESTS_BOUND_EVERY_WAIT =
      noClasses()
          .should()
          .accessTargetWhere(unboundedWait())
          .because("a hang must fail: verify(Duration), block(Duration), await(n, unit)");

  @ArchTest
  static final ArchRule TESTS_ARE_FOUND_BY_THE_BUILD =
      classes()
          .should(
              ArchCondition.from(
                  describe(
                      "hold tests only if called *Test",
                      type ->
                          type.getMethods().stream()
                                  .noneMatch(method -> method.isMetaAnnotatedWith(Testable.class))
                              || outermost(type).getSimpleName().endsWith("Test"))))
          .because("the build runs the files that are called *Test.java, and no other");

  @ArchTest
  static final ArchRule TESTS_ARE_NOT_DISABLED =
      noClasses()
          .should()
          .beAnnotatedWith(Disabled.class)
          .orShould(
              ArchCondition.from(
                  describe(
                      "have disabled tests",
                      type ->
                          type.getMethods().stream()
                              .anyMatch(method -> method.isAnnotatedWith(Disabled.class)))))
          .because("a test that does not run guards nothing");

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(JobsTestCodeTest::outermost).orElse(type);
  }

  private static DescribedPredicate<JavaAccess<?>> unboundedWait() {
    return describe(
        "the call waits without a bound",
        access ->
            access.getTarget() instanceof CodeUnitAccessTarget target
                && (verifiesWithoutDuration(target) || waitsForTheEventAlone(target)));
  }

  private static boolean verifiesWithoutDuration(CodeUnitAccessTarget target) {
    return target.getOwner().isAssignableTo(StepVerifier.class)
        && target.getName().startsWith("verify")
        && target.getRawParameterTypes().stream()
            .noneMatch(type -> type.isEquivalentTo(Duration.class));
  }

  private static boolean waitsForTheEventAlone(CodeUnitAccessTarget target) {
    JavaClass owner = target.getOwner();
    String name = target.getName();
    return target.getRawParameterTypes().isEmpty()
        && (name.startsWith("block")
                && (owner.isAssignableTo(Mono.class) || owner.isAssignableTo(Flux.class))
            || name.equals("await") && owner.isAssignableTo(CountDownLatch.class)
            || name.equals("get") && owner.isAssignableTo(Future.class)
            || name.equals("join")
                && (owner.isAssignableTo(CompletableFuture.class)
                    || owner.isAssignableTo(Thread.class))
            || name.equals("waitFor") && owner.isAssignableTo(Process.class)
            || name.equals("take") && owner.isAssignableTo(BlockingQueue.class));
  }
}
