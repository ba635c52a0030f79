package io.github.reactivesqlite.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.PackageMatcher;
import com.tngtech.archunit.core.domain.properties.CanBeAnnotated;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Disabled;
import org.junit.platform.commons.annotation.Testable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

/** The words that {@link ArchitectureRules} speaks beyond those of ArchUnit. */
final class ArchitecturePredicates {

  private static final List<String> BLOCKING_ENTRIES = List.of("open", "temporary", "close");

  private ArchitecturePredicates() {}

  static DescribedPredicate<JavaClass> dependOn(String packagePattern) {
    PackageMatcher matcher = PackageMatcher.of(packagePattern);
    return describe(
        "depend on " + packagePattern,
        type ->
            type.getDirectDependenciesFromSelf().stream()
                .anyMatch(
                    dependency -> matcher.matches(dependency.getTargetClass().getPackageName())));
  }

  /** Fails when the classes it is asked about belong to more than one source file. */
  static ArchCondition<JavaClass> beAloneWithIt() {
    return new ArchCondition<>("be the only class that does") {
      private Set<String> owners = Set.of();

      @Override
      public void init(Collection<JavaClass> types) {
        owners =
            types.stream()
                .map(type -> outermost(type).getName())
                .collect(Collectors.toCollection(TreeSet::new));
      }

      @Override
      public void check(JavaClass type, ConditionEvents events) {
        events.add(
            new SimpleConditionEvent(
                type, owners.size() == 1, type.getName() + " is one of " + owners));
      }
    };
  }

  static DescribedPredicate<JavaMember> visibleToUsers() {
    return describe(
        "public or protected",
        member ->
            member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED));
  }

  static ArchCondition<JavaMember> nameInTheirSignature(DescribedPredicate<JavaClass> types) {
    return ArchCondition.from(
        describe(
            "name in their signature classes that " + types.getDescription(),
            member ->
                member.getAllInvolvedRawTypes().stream().anyMatch(types)
                    || (member instanceof JavaCodeUnit codeUnit
                        && codeUnit.getExceptionTypes().stream().anyMatch(types))));
  }

  static ArchCondition<JavaClass> liveInNullMarkedPackages() {
    return ArchCondition.from(
        describe(
            "live in packages that are @NullMarked",
            type -> type.getPackage().isAnnotatedWith(NullMarked.class)));
  }

  static DescribedPredicate<JavaAccess<?>> sleep() {
    return ownedAndNamed(Thread.class, "sleep").or(ownedAndNamed(TimeUnit.class, "sleep"));
  }

  static DescribedPredicate<JavaAccess<?>> ownedAndNamed(Class<?> owner, String... names) {
    List<String> wanted = Arrays.asList(names);
    return describe(
        "it is " + owner.getSimpleName() + "." + String.join(" or ", names),
        access -> owns(owner, access.getTarget()) && wanted.contains(access.getTarget().getName()));
  }

  static DescribedPredicate<JavaAccess<?>> blockingCallOutsideOpenAndClose() {
    return describe(
        "the call blocks on a publisher outside SqliteDatabase.open, temporary and close",
        access -> blocksOnPublisher(access.getTarget()) && !isBlockingEntry(access.getOrigin()));
  }

  private static boolean blocksOnPublisher(AccessTarget target) {
    return (owns(Mono.class, target) || owns(Flux.class, target))
        && (target.getName().startsWith("block")
            || target.getName().equals("toIterable")
            || target.getName().equals("toStream"));
  }

  private static boolean isBlockingEntry(JavaCodeUnit origin) {
    return origin.getOwner().getSimpleName().equals("SqliteDatabase")
        && BLOCKING_ENTRIES.contains(origin.getName());
  }

  /** A wait that no argument bounds. */
  static DescribedPredicate<JavaAccess<?>> unboundedWait() {
    return describe(
        "the call waits without a bound",
        access ->
            access.getTarget() instanceof CodeUnitAccessTarget target
                && (verifiesWithoutDuration(target)
                    || waitsForNothingButTheEvent(target)
                    || acquiresWithoutBound(target)));
  }

  private static boolean verifiesWithoutDuration(CodeUnitAccessTarget target) {
    return (owns(StepVerifier.class, target) || owns(StepVerifier.LastStep.class, target))
        && target.getName().startsWith("verify")
        && target.getRawParameterTypes().stream()
            .noneMatch(type -> type.isEquivalentTo(Duration.class));
  }

  private static boolean waitsForNothingButTheEvent(CodeUnitAccessTarget target) {
    if (!target.getRawParameterTypes().isEmpty()) {
      return false;
    }
    String name = target.getName();
    return (name.startsWith("block") && (owns(Mono.class, target) || owns(Flux.class, target)))
        || (name.equals("await")
            && (owns(CountDownLatch.class, target) || owns(CyclicBarrier.class, target)))
        || (name.equals("get") && owns(Future.class, target))
        || (name.equals("join")
            && (owns(CompletableFuture.class, target) || owns(Thread.class, target)))
        || (name.equals("waitFor") && owns(Process.class, target))
        || (name.equals("take") && owns(BlockingQueue.class, target));
  }

  private static boolean acquiresWithoutBound(CodeUnitAccessTarget target) {
    return owns(Semaphore.class, target) && target.getName().startsWith("acquire");
  }

  /** Holds for tests in a class called *Test, and for those inherited from an abstract class. */
  static ArchCondition<JavaClass> beFoundByTheBuild() {
    return ArchCondition.from(
        describe(
            "hold tests only if called *Test or abstract",
            type ->
                type.getMethods().stream().noneMatch(ArchitecturePredicates::isTest)
                    || type.getModifiers().contains(JavaModifier.ABSTRACT)
                    || outermost(type).getModifiers().contains(JavaModifier.ABSTRACT)
                    || outermost(type).getSimpleName().endsWith("Test")));
  }

  private static boolean isTest(CanBeAnnotated method) {
    return method.isMetaAnnotatedWith(Testable.class);
  }

  static ArchCondition<JavaClass> haveDisabledTests() {
    return ArchCondition.from(
        describe(
            "have disabled tests",
            type ->
                type.isAnnotatedWith(Disabled.class)
                    || type.getMethods().stream()
                        .anyMatch(method -> method.isAnnotatedWith(Disabled.class))));
  }

  private static boolean owns(Class<?> owner, AccessTarget target) {
    return target.getOwner().isAssignableTo(owner);
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitecturePredicates::outermost).orElse(type);
  }
}
