package org.tfjavantk.graphs.load;

/**
 * One tensor in a frame: output {@code index} of a node, or (argument) the {@code index}th tensor
 * that the function was called with.
 */
record Endpoint(Frame frame, String node, int index, boolean argument) {
  @Override
  public String toString() {
    return frame.path() + node + ":" + index;
  }
}
