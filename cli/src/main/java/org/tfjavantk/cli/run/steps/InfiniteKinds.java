package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.Locale;
import org.tfjavantk.config.proto.InfiniteKernel;
import org.tfjavantk.infinite.KernelKind;

/**
 * Which matrices an {@code infinite_kernel} step makes.
 *
 * @param kinds of kernel
 */
record InfiniteKinds(List<KernelKind> kinds) implements KernelKinds {
  static InfiniteKinds of(InfiniteKernel kernel) {
    return new InfiniteKinds(
        kernel.getKindCount() == 0
            ? List.of(KernelKind.NTK)
            : kernel.getKindList().stream().map(kind -> KernelKind.valueOf(kind.name())).toList());
  }

  @Override
  public List<OfPairs> matrices() {
    return kinds.stream().map(kind -> new OfPairs(kind.name().toLowerCase(Locale.ROOT))).toList();
  }
}
