package org.tfjavantk;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between packages point one way. */
@AnalyzeClasses(packages = "org.tfjavantk", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String ROOT = "org.tfjavantk.";

  @ArchTest
  static final ArchRule layers =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("random")
          .definedBy(ROOT + "random")
          .layer("graphs")
          .definedBy(ROOT + "graphs")
          .layer("ground")
          .definedBy(
              ROOT + "data", ROOT + "linalg", ROOT + "store", ROOT + "tile", ROOT + "transform")
          .layer("kernels")
          .definedBy(ROOT + "empirical", ROOT + "infinite")
          .layer("uses")
          .definedBy(
              ROOT + "deepnarrow",
              ROOT + "predict",
              ROOT + "regression",
              ROOT + "sampling",
              ROOT + "solve",
              ROOT + "spectrum",
              ROOT + "train")
          .whereLayer("uses")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("kernels")
          .mayOnlyBeAccessedByLayers("uses")
          .whereLayer("ground")
          .mayOnlyBeAccessedByLayers("kernels", "uses")
          .whereLayer("graphs")
          .mayOnlyBeAccessedByLayers("ground", "kernels", "uses");

  @ArchTest
  static final ArchRule noCycles = slices().matching(ROOT + "(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule theGraphsKnowNothingAbove =
      noClasses()
          .that()
          .resideInAnyPackage(ROOT + "graphs", ROOT + "random")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              ROOT + "data..",
              ROOT + "linalg..",
              ROOT + "store..",
              ROOT + "transform..",
              ROOT + "tile..",
              ROOT + "empirical..",
              ROOT + "infinite..",
              ROOT + "predict..",
              ROOT + "regression..",
              ROOT + "solve..",
              ROOT + "deepnarrow..",
              ROOT + "sampling..",
              ROOT + "spectrum..",
              ROOT + "train..");

  @ArchTest
  static final ArchRule noOtherRandomNumbers =
      noClasses()
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.Random")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom");
}
