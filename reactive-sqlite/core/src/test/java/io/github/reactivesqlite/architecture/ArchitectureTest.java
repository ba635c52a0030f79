package io.github.reactivesqlite.architecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;

/** Holds the library to the rules of the house. */
@AnalyzeClasses(packages = "io.github.reactivesqlite", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchTests mainCodeKeepsItsRules = ArchTests.in(ArchitectureRules.OfMainCode.class);
}
