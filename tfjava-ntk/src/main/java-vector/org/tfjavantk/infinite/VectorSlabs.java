package org.tfjavantk.infinite;

/** Slabs with the Vector API. */
final class VectorSlabs implements SlabMaths.Provider {
  @Override
  public SlabMath<float[]> floats() {
    return new VectorFloats();
  }

  @Override
  public SlabMath<double[]> doubles() {
    return new VectorDoubles();
  }
}
