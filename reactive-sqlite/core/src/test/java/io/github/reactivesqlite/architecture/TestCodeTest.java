package io.github.reactivesqlite.architecture;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.OnlyIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;

/** Holds the tests to the rules of the house. */
@AnalyzeClasses(
    packages = "io.github.reactivesqlite",
    importOptions = {OnlyIncludeTests.class, TestCodeTest.DoNotIncludeFixtures.class})
class TestCodeTest {

  @ArchTest
  static final ArchTests testCodeKeepsItsRules = ArchTests.in(ArchitectureRules.OfTestCode.class);

  /** Fixtures break the rules on purpose. */
  static final class DoNotIncludeFixtures implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/architecture/fixtures/");
    }
  }
}
