package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.config.proto.EmpiricalKernel;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.config.proto.Train;

class DefaultsTest {
  private static final String SMALLEST =
      """
      name: "small"
      dataset { mnist {} }
      network { mlp {} }
      step { train { sgd {} } }
      step { empirical_kernel {} }
      step { kernel_regression {} }
      """;

  @Test
  void everyDefaultIsWrittenOut() {
    Run run = Defaults.resolve(Configs.parse(SMALLEST));
    assertTrue(run.hasSeed());
    assertTrue(run.getDevice().hasKind() && run.getDevice().hasThreads());
    assertTrue(run.getOutput().hasPlots() && run.getOutput().hasDir());
    assertTrue(run.getDataset().getPreprocess().getScale());
    assertTrue(run.getDataset().getPreprocess().hasResize());
    assertEquals(List.of(1024, 1024), run.getNetwork().getMlp().getHiddenList());
    Train train = run.getStep(0).getTrain();
    assertTrue(train.hasEpochs() && train.getSgd().hasMomentum());
    assertEquals(.9, train.getSgd().getMomentum());
    EmpiricalKernel kernel = run.getStep(1).getEmpiricalKernel();
    assertTrue(kernel.hasMemory());
    assertEquals("2GiB", kernel.getMemory());
    assertTrue(run.getStep(2).getKernelRegression().getRidge().hasFrom());
  }

  @Test
  void whatIsMeaningfullyAbsentStaysAbsent() {
    Run run = Defaults.resolve(Configs.parse(SMALLEST));
    assertFalse(run.getStep(0).getTrain().hasAugment());
    assertFalse(run.getStep(0).getTrain().hasAdam());
    assertFalse(run.hasSweep());
    assertFalse(run.getDataset().hasCircle());
    assertFalse(Defaults.resolve(Run.getDefaultInstance()).hasNetwork());
    assertFalse(Defaults.resolve(Run.getDefaultInstance()).hasDataset());
    assertFalse(Defaults.resolve(Run.getDefaultInstance()).hasName());
  }

  @Test
  void whatIsGivenIsKeptAndResolvingTwiceChangesNothing() {
    Run run = Configs.parse(Configs.VALID);
    Run resolved = Defaults.resolve(run);
    assertEquals(resolved, Defaults.resolve(resolved));
    assertEquals(List.of(16, 8), resolved.getNetwork().getMlp().getHiddenList());
    assertTrue(resolved.getStep(0).getTrain().getAugment().getFlip());
    assertEquals(0, resolved.getStep(0).getTrain().getAugment().getRotate());
    assertTrue(resolved.getStep(0).getTrain().getAugment().hasRotate());
  }

  @Test
  void resolvedConfigsKeepEveryRule() {
    Run resolved = Defaults.resolve(Configs.parse(SMALLEST));
    assertEquals(resolved, Configs.parse(ConfigText.print(resolved)));
  }
}
