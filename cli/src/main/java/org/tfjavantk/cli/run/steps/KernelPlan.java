package org.tfjavantk.cli.run.steps;

import java.util.List;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.store.KernelLayout;

/** What a kernel step is going to do. */
public sealed interface KernelPlan permits EmpiricalPlan, ClosedFormPlan {
  /**
   * The matrices of one part of the examples with the training examples.
   *
   * @param rows "train", "validation" or "test"
   * @param files their stores in the run directory
   * @param layout the shape of each
   */
  record Block(String rows, List<String> files, KernelLayout layout) {
    public Block {
      files = List.copyOf(files);
    }
  }

  /** The place of the step in the config. */
  int step();

  /** What the kernel is, in a few words. */
  String kind();

  /** The arithmetic. */
  Precision precision();

  /** The blocks of the kernel, that of the training examples first. */
  List<Block> blocks();

  /** Examples on the side of a tile, at most. */
  int tile();

  /** What the config allows, in bytes. */
  long memory();

  /** Tiles to compute, each for all matrices. */
  default long tiles() {
    return blocks().stream().mapToLong(block -> block.layout().tiles()).sum();
  }

  /** Bytes of all stores when they are complete. */
  default long diskBytes() {
    return blocks().stream()
        .mapToLong(block -> block.files().size() * block.layout().bytesWhenComplete())
        .sum();
  }
}
