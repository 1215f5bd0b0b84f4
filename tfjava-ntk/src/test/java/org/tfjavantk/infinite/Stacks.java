package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.infinite.SlabStack.Conv;
import org.tfjavantk.infinite.SlabStack.Stage;
import org.tfjavantk.infinite.SlabStack.Top;
import org.tfjavantk.random.RandomStream;

/** Stacks and images for tests. */
final class Stacks {
  private Stacks() {}

  static Conv conv(int size) {
    return new Conv(size, 2, 0);
  }

  static Stage stage(int pool, Conv... convs) {
    return new Stage(List.of(convs), pool);
  }

  static SlabStack stack(int h, int w, int channels, Top top, Stage... stages) {
    return new SlabStack(h, w, channels, List.of(stages), top, 1.3, 0.1);
  }

  /** Five layers and two dense ones less; of He's variances. */
  static SlabStack deep(Top top) {
    return new SlabStack(
        32, 32, 3, List.of(stage(1, conv(3), conv(3), conv(3), conv(3), conv(3))), top, 1, 0);
  }

  /** Myrtle-5 as in Ghorbani et al., "When do neural networks outperform kernel methods?", 2020. */
  static SlabStack myrtle() {
    Conv conv = new Conv(3, 1, 0);
    return new SlabStack(
        32,
        32,
        3,
        List.of(stage(2, conv, conv), stage(2, conv), stage(2, conv), stage(2), stage(2)),
        Top.FLATTEN,
        1,
        0);
  }

  /** Geometries that differ in everything: sides, channels, filters, biases, pools, tops. */
  static List<SlabStack> various() {
    Conv biased = new Conv(3, 1.4, 0.09);
    Conv wide = new Conv(5, 1.9, 0);
    Conv pointwise = new Conv(1, 1.1, 0.3);
    List<SlabStack> stacks = new ArrayList<>();
    for (Top top : Top.values()) {
      stacks.add(stack(4, 4, 3, top, stage(1, conv(3))));
      stacks.add(stack(5, 7, 1, top, stage(1, conv(3), biased)));
      stacks.add(stack(6, 4, 3, top, stage(1, wide, biased, pointwise)));
      stacks.add(stack(6, 6, 2, top, stage(2, conv(3)), stage(1, conv(3))));
      stacks.add(stack(7, 9, 1, top, stage(2, biased, wide), stage(1, biased)));
      stacks.add(stack(8, 8, 3, top, stage(2, conv(3), biased), stage(2, conv(3)), stage(2)));
      stacks.add(stack(8, 11, 1, top, stage(3, wide), stage(1, pointwise, biased)));
      stacks.add(stack(9, 5, 2, top, stage(2), stage(1, conv(3)), stage(1, biased)));
      stacks.add(stack(3, 3, 2, top, stage(3, conv(5))));
      stacks.add(stack(2, 3, 2, top));
      stacks.add(stack(1, 1, 4, top, stage(1, conv(3), conv(1))));
    }
    return stacks;
  }

  /** Images of normal numbers. */
  static List<double[]> images(SlabStack stack, int count, String name) {
    RandomStream random = RandomStream.of(3, name);
    List<double[]> images = new ArrayList<>();
    int size = stack.height() * stack.width() * stack.channels();
    for (int i = 0; i < count; i++) {
      double[] image = new double[size];
      for (int j = 0; j < size; j++) {
        image[j] = random.normal((long) i * size + j);
      }
      images.add(image);
    }
    return images;
  }
}
