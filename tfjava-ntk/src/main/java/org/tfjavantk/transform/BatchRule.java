package org.tfjavantk.transform;

import java.util.List;

/**
 * How a batch passes through one type of operation: for y = g(x) and B values of some of the
 * inputs, all B values of the outputs.
 */
@FunctionalInterface
public interface BatchRule {
  /**
   * Adds the operations that compute the outputs.
   *
   * @param op the operation and its inputs, of which at least one is a batch
   * @return one value for every output
   */
  List<Batched> apply(BatchOp op);
}
