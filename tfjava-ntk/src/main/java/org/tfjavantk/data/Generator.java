package org.tfjavantk.data;

import java.util.List;
import org.tfjavantk.random.RandomStream;

/** A source that makes its examples. */
interface Generator {
  /** The name that its random streams carry. */
  String name();

  ElementType type();

  int[] shape();

  List<String> classNames();

  /** How often each class occurs, relative to the others. */
  int[] frequencies();

  /**
   * Example {@code index} of a part with this label: a function of the stream, the index and the
   * label alone. Draws from blocks {@code index * }{@link Draws#PER_EXAMPLE} and following.
   */
  byte[] example(RandomStream stream, long index, int label);
}
