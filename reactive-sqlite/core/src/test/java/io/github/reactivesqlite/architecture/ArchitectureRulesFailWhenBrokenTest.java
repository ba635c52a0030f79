package io.github.reactivesqlite.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each rule meets a fixture package that is called like the rule. Every class there whose name
 * begins with {@code Offender} breaks the rule, a {@code Bystander} is what others depend on, and
 * all the rest come close to breaking the rule without doing so.
 */
class ArchitectureRulesFailWhenBrokenTest {

  static Stream<Arguments> rules() {
    return Stream.of(ArchitectureRules.OfMainCode.class, ArchitectureRules.OfTestCode.class)
        .flatMap(holder -> Arrays.stream(holder.getDeclaredFields()))
        .filter(field -> ArchRule.class.isAssignableFrom(field.getType()))
        .map(field -> Arguments.of(field.getName(), valueOf(field)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void ruleReportsEveryOffenderAndNoInnocent(String name, ArchRule rule) {
    JavaClasses fixture = fixtureOf(name);
    List<String> offenders = namesOf(fixture, ArchitectureRulesFailWhenBrokenTest::isOffender);
    List<String> innocents =
        namesOf(fixture, type -> !isOffender(type) && !type.getSimpleName().endsWith("Bystander"));

    List<String> violations = rule.evaluate(fixture).getFailureReport().getDetails();

    assertThat(offenders).as("offenders in the fixture of %s", name).isNotEmpty();
    assertThat(offenders)
        .as("offenders that the report mentions:%n%s", String.join("\n", violations))
        .allMatch(offender -> mentions(violations, offender));
    assertThat(innocents)
        .as("innocents that the report mentions:%n%s", String.join("\n", violations))
        .noneMatch(innocent -> mentions(violations, innocent));
  }

  private static JavaClasses fixtureOf(String rule) {
    String folder = rule.toLowerCase(Locale.ROOT).replace("_", "");
    return new ClassFileImporter()
        .importPackages(
            ArchitectureRulesFailWhenBrokenTest.class.getPackageName() + ".fixtures." + folder);
  }

  private static boolean isOffender(JavaClass type) {
    return type.getSimpleName().startsWith("Offender");
  }

  private static List<String> namesOf(JavaClasses fixture, Predicate<JavaClass> wanted) {
    return fixture.stream()
        .filter(type -> type.isTopLevelClass() && wanted.test(type))
        .map(JavaClass::getName)
        .toList();
  }

  private static boolean mentions(List<String> violations, String className) {
    Pattern wholeName = Pattern.compile(Pattern.quote(className) + "\\b");
    return violations.stream().anyMatch(violation -> wholeName.matcher(violation).find());
  }

  private static Object valueOf(Field field) {
    try {
      return field.get(null);
    } catch (IllegalAccessException e) {
      throw new LinkageError("rule constants are visible in their package: " + field, e);
    }
  }
}
