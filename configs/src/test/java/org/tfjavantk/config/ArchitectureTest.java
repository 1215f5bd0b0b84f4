package org.tfjavantk.config;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows around this package. */
@AnalyzeClasses(packages = "org.tfjavantk", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule CONFIG_DOES_NOT_KNOW_THE_COMMAND =
      noClasses()
          .that()
          .resideInAPackage("org.tfjavantk.config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.tfjavantk.cli..", "picocli..");

  @ArchTest
  static final ArchRule CONFIG_RUNS_NO_GRAPHS =
      noClasses()
          .that()
          .resideInAPackage("org.tfjavantk.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.tensorflow..");

  @ArchTest
  static final ArchRule THE_LIBRARY_DOES_NOT_KNOW_CONFIGS =
      noClasses()
          .that()
          .resideOutsideOfPackage("org.tfjavantk.config..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.tfjavantk.config..");

  @ArchTest
  static final ArchRule THE_GENERATED_CLASSES_STAND_ALONE =
      noClasses()
          .that()
          .resideInAPackage("org.tfjavantk.config.proto")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.tfjavantk.config");
}
