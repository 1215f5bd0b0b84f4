package org.tfjavantk.cli;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages of the command point one way. */
@AnalyzeClasses(
    packages = "org.tfjavantk.cli",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "org.tfjavantk.cli";

  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("files")
          .definedBy(ROOT + ".files")
          .layer("report")
          .definedBy(ROOT + ".report")
          .layer("run")
          .definedBy(ROOT + ".run")
          .layer("steps")
          .definedBy(ROOT + ".run.steps")
          .layer("bench")
          .definedBy(ROOT + ".bench")
          .layer("command")
          .definedBy(ROOT)
          .whereLayer("command")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("steps")
          .mayOnlyBeAccessedByLayers("command")
          .whereLayer("run")
          .mayOnlyBeAccessedByLayers("steps", "bench", "command")
          .whereLayer("bench")
          .mayOnlyBeAccessedByLayers("command")
          .whereLayer("report")
          .mayOnlyBeAccessedByLayers("run", "steps", "command");

  @ArchTest
  static final ArchRule noCycles = slices().matching(ROOT + ".(**)").should().beFreeOfCycles();
}
