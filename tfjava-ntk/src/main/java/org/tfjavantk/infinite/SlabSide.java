package org.tfjavantk.infinite;

import java.util.List;

/**
 * What a kernel takes of one example, in the precision of the arithmetic.
 *
 * @param negative whether there are negative pixels
 * @param pixels the channels, each in the first level's {@link Grid}, divided by √channels
 * @param deviations √K_xx[p,p] before each ReLU, of each level, for each of its convolutions
 */
record SlabSide<A>(boolean negative, A pixels, List<List<A>> deviations) {

  static <A> SlabSide<A> of(SlabExample example, SlabMath<A> math) {
    List<List<A>> deviations =
        example.deviations().stream().map(level -> level.stream().map(math::of).toList()).toList();
    return new SlabSide<>(example.negative(), math.of(example.pixels()), deviations);
  }
}
