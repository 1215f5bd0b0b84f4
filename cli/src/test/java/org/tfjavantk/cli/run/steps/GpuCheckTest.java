package org.tfjavantk.cli.run.steps;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.tfjavantk.config.proto.Device;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

class GpuCheckTest {
  private static Run run(Device.Kind kind) {
    return Run.newBuilder().setDevice(Device.newBuilder().setKind(kind)).build();
  }

  @Test
  void aGpuThatIsNotThereIsRefused() {
    GpuCheck check = new GpuCheck(choice -> List.of("CPU:0"));
    UserException e = assertThrows(UserException.class, () -> check.check(run(Device.Kind.GPU)));
    assertTrue(e.getMessage().contains("sees only CPU:0"), e.getMessage());
    assertDoesNotThrow(() -> check.check(run(Device.Kind.AUTO)));
  }

  @Test
  void aGpuThatIsThereIsTaken() {
    GpuCheck check = new GpuCheck(choice -> List.of("CPU:0", "GPU:0, 40GiB for TensorFlow"));
    assertDoesNotThrow(() -> check.check(run(Device.Kind.GPU)));
  }
}
