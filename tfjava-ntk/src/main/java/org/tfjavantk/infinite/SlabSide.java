package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.infinite.SlabMath.Spread;

/**
 * What a kernel takes of one example, in the precision of the arithmetic.
 *
 * @param pixels the channels, each in the first level's {@link Grid}, divided by √channels
 * @param spreads of each level, for each of its convolutions
 */
record SlabSide<A>(A pixels, List<List<Spread<A>>> spreads) {

  static <A> SlabSide<A> of(SlabExample example, SlabMath<A> math) {
    List<List<Spread<A>>> spreads = new ArrayList<>();
    for (List<double[]> level : example.deviations()) {
      spreads.add(level.stream().map(deviation -> spread(deviation, math)).toList());
    }
    return new SlabSide<>(math.of(example.pixels()), spreads);
  }

  static <A> Spread<A> spread(double[] deviation, SlabMath<A> math) {
    double[] inverse = new double[deviation.length];
    for (int i = 0; i < inverse.length; i++) {
      inverse[i] = deviation[i] > 0 ? 1 / deviation[i] : 0;
    }
    return new Spread<>(math.of(deviation), math.of(inverse));
  }
}
