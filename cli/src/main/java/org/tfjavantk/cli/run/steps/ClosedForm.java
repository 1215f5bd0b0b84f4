package org.tfjavantk.cli.run.steps;

import java.util.List;
import java.util.Map;
import org.tfjavantk.config.proto.EmpiricalKernel.Storage;
import org.tfjavantk.data.Examples;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.infinite.InfinitePlan;
import org.tfjavantk.store.TileSink;
import org.tfjavantk.tile.TiledKernel;

/** A kernel that a step computes in closed form, for all matrices of the step. */
interface ClosedForm {
  /** How it is cut into tiles. */
  InfinitePlan plan();

  /**
   * Its tiles.
   *
   * @param columns null for the symmetric kernel of the rows with themselves
   * @param stores one for each matrix
   */
  TiledKernel tiled(Examples rows, Examples columns, List<? extends TileSink> stores);

  /** What it is computed in. */
  Precision arithmetic();

  /** The type of stored values that the config asks for. */
  Storage storage();

  /** The memory that the config allows, as it is written there. */
  String memory();

  /** What the store of a matrix says of the kernel. */
  Map<String, Object> attributes(int matrix);

  /** The title of its section in the report. */
  String title();

  /** What it is, at the start of a sentence. */
  String words();
}
