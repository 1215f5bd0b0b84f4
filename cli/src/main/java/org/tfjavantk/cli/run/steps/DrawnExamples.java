package org.tfjavantk.cli.run.steps;

import org.tfjavantk.config.proto.Dataset.Draw;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.data.Dataset;

/** How the examples of a run were taken from their source, in words. */
final class DrawnExamples {
  private DrawnExamples() {}

  /** Such as "drawn at random from mnist with seed 1, as many of each class". */
  static String words(Run run, Dataset data) {
    Draw draw = run.getDataset().getDraw();
    String each = draw == Draw.STRATIFIED ? ", as many of each class" : "";
    String seed = " with seed " + Long.toUnsignedString(run.getSeed());
    return switch (run.getDataset().getSourceCase()) {
      case STROKE_DIGITS, GAUSSIAN_MIXTURE, CIRCLE -> "made by " + data.name() + seed + each;
      default ->
          draw == Draw.FIRST
              ? "in the order of " + data.name()
              : "drawn at random from " + data.name() + seed + each;
    };
  }
}
