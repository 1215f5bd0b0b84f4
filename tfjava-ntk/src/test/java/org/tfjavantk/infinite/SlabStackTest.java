package org.tfjavantk.infinite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.tfjavantk.infinite.SlabPlan.Level;
import org.tfjavantk.infinite.SlabStack.Conv;
import org.tfjavantk.infinite.SlabStack.Stage;
import org.tfjavantk.infinite.SlabStack.Top;

class SlabStackTest {
  @Test
  void refusesWhatIsNoStack() {
    refused("size of a convolution: 4; it must be odd", () -> new Conv(4, 1, 0));
    refused("variances of weights and biases: 0.0, 1.0", () -> new Conv(3, 0, 1));
    refused("variances of weights and biases: 1.0, NaN", () -> new Conv(3, 1, Double.NaN));
    refused("window of a pool: 0", () -> new Stage(List.of(), 0));
    refused(
        "a pool of 2 on images of 1 × 1",
        () -> Stacks.stack(5, 7, 1, Top.FLATTEN, Stacks.stage(4), Stacks.stage(2)));
    refused("images of 0 × 7 × 1 have no pixels", () -> Stacks.stack(0, 7, 1, Top.FLATTEN));
  }

  private static void refused(String message, Runnable what) {
    Exception e = assertThrows(IllegalArgumentException.class, what::run);
    assertEquals(message, e.getMessage());
  }

  @Test
  void flatteningNeedsOneOffset() {
    Level level = SlabPlan.of(Stacks.deep(Top.FLATTEN)).top();
    assertArrayEquals(new int[] {0}, level.dy());
    assertArrayEquals(new int[] {0}, level.dx());
    Level all = SlabPlan.of(Stacks.deep(Top.AVERAGE)).top();
    assertArrayEquals(IntStream.range(0, 33).toArray(), all.dy());
  }

  @Test
  void aPoolNeedsTheOffsetsWithinItsWindows() {
    SlabStack stack =
        Stacks.stack(
            16,
            16,
            1,
            Top.FLATTEN,
            Stacks.stage(2, Stacks.conv(3)),
            Stacks.stage(2, Stacks.conv(3)),
            Stacks.stage(1));
    SlabPlan plan = SlabPlan.of(stack);
    assertEquals(3, plan.levels().size());
    // -3 .. 3 modulo 17, and -1 .. 1 modulo 9.
    assertArrayEquals(new int[] {0, 1, 2, 3, 14, 15, 16}, plan.levels().get(0).dy());
    assertArrayEquals(new int[] {0, 1, 8}, plan.levels().get(1).dx());
    assertArrayEquals(new int[] {0}, plan.levels().get(2).dx());
  }

  @Test
  void variancesNeedFewOffsets() {
    SlabPlan plan = SlabPlan.ofVariances(Stacks.myrtle());
    assertEquals(3, plan.levels().size());
    assertArrayEquals(new int[] {0, 1, 2, 3, 30, 31, 32}, plan.levels().get(0).dy());
    SlabPlan whole = SlabPlan.of(Stacks.myrtle());
    assertTrue(whole.levels().stream().limit(3).allMatch(l -> l.dy().length == l.grid().rows()));
  }
}
