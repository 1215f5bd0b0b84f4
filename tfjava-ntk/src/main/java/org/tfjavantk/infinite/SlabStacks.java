package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Padding;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Window;

/** Reads networks as {@link SlabStack}s. */
final class SlabStacks {
  private final List<SlabStack.Stage> stages = new ArrayList<>();
  private final List<SlabStack.Conv> convs = new ArrayList<>();

  private SlabStacks() {}

  /** The network as a stack of convolutions, if it is one. */
  static Optional<SlabStack> of(Network network, int... inputShape) {
    return inputShape.length == 3 && network.layers().size() >= 2
        ? new SlabStacks().read(network.layers(), inputShape)
        : Optional.empty();
  }

  private Optional<SlabStack> read(List<Layer> layers, int... shape) {
    int n = layers.size();
    boolean average = layers.get(n - 2) instanceof Layer.GlobalAveragePool;
    if (!average && !(layers.get(n - 2) instanceof Layer.Flatten)
        || !(layers.get(n - 1) instanceof Layer.Dense dense)
        || !(dense.parametrization() instanceof Parametrization.Ntk p)) {
      return Optional.empty();
    }
    for (int i = 0; i < n - 2; i++) {
      boolean relu = i + 1 < n - 2 && isRelu(layers.get(i + 1));
      if (layers.get(i) instanceof Layer.Conv conv && relu && isSlab(conv)) {
        Parametrization.Ntk own = (Parametrization.Ntk) conv.parametrization();
        convs.add(
            new SlabStack.Conv(
                conv.window().size().get(0),
                own.weightStd() * own.weightStd(),
                conv.bias() ? own.biasStd() * own.biasStd() : 0));
        i++;
      } else if (layers.get(i) instanceof Layer.AveragePool pool && isWhole(pool.window())) {
        close(pool.window().size().get(0));
      } else {
        return Optional.empty();
      }
    }
    if (!convs.isEmpty()) {
      close(1);
    }
    return Optional.of(
        new SlabStack(
            shape[0],
            shape[1],
            shape[2],
            stages,
            average ? SlabStack.Top.AVERAGE : SlabStack.Top.FLATTEN,
            p.weightStd() * p.weightStd(),
            dense.bias() ? p.biasStd() * p.biasStd() : 0));
  }

  private void close(int pool) {
    stages.add(new SlabStack.Stage(convs, pool));
    convs.clear();
  }

  private static boolean isRelu(Layer layer) {
    return layer instanceof Layer.Nonlinearity f && f.activation() instanceof Activation.Relu;
  }

  /** Odd, stride 1, zeros on all sides that keep the size. */
  private static boolean isSlab(Layer.Conv conv) {
    Window window = conv.window();
    int size = window.size().get(0);
    List<Integer> pad = List.of(size / 2, size / 2);
    boolean same =
        window.padding() instanceof Padding.Same
            || window.padding().equals(new Padding.Zeros(pad, pad))
            || size == 1 && window.padding() instanceof Padding.Valid;
    return conv.parametrization() instanceof Parametrization.Ntk
        && size % 2 == 1
        && window.size().equals(List.of(size, size))
        && window.stride().equals(List.of(1, 1))
        && same;
  }

  /** Square windows side by side. */
  private static boolean isWhole(Window window) {
    return window.padding() instanceof Padding.Valid
        && window.axes() == 2
        && window.size().get(0).equals(window.size().get(1))
        && window.size().equals(window.stride());
  }
}
