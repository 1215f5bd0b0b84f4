package org.tfjavantk.empirical;

import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.UserException;

/** Where factors are contracted. */
public enum Place {
  /** On the model's device if that is a GPU, else on the processor. */
  AUTO,
  /**
   * By OpenBLAS, in lanes that keep what they work on in the cache; half the work where symmetric.
   */
  PROCESSOR,
  /**
   * By operations in the model's graph, on its device. A graph that takes a fixed number of
   * examples at a time cannot.
   */
  DEVICE;

  boolean isDevice(GraphModel model) {
    boolean can = model.batch() == 0;
    if (this == DEVICE && !can) {
      throw new UserException(
          model.name()
              + " takes "
              + model.batch()
              + " examples at a time: its kernel can be contracted on the processor only");
    }
    return this == DEVICE || (this == AUTO && can && model.onGpu());
  }
}
