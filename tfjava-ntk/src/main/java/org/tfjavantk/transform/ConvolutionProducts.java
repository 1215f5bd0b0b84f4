package org.tfjavantk.transform;

import java.util.List;
import org.tensorflow.Operand;
import org.tensorflow.types.family.TNumber;

/**
 * A convolution y = P w as products of matrices, where P holds what the filter w sees at each
 * place: one product for each example of a batch.
 */
sealed interface ConvolutionProducts permits Patches, VolumePatches {
  /** Whether channels meet only those of their group. */
  boolean hasGroups();

  /** P w for batches of images and of filters, with axis 0 for the examples. */
  Operand<TNumber> product(Operand<TNumber> images, Operand<TNumber> filters);

  /** Pᵀȳ: the cotangents of the filters, from images and cotangents. */
  Operand<TNumber> toFilter(Operand<TNumber> images, Operand<TNumber> cotangents);

  /**
   * The cotangents of the images: ȳ wᵀ are those of the patches, and every pixel sums over the
   * patches that hold it.
   *
   * @param sizes of the images of one example, in the order of the operation
   */
  Operand<TNumber> toInput(
      List<Length> sizes, Operand<TNumber> filters, Operand<TNumber> cotangents);
}
