package org.tfjavantk.empirical;

import java.util.List;
import org.tensorflow.GraphOperation;

/** Where products put the axis of the examples. */
final class AxisProducts {
  private AxisProducts() {}

  /** (…, rows, k) times (…, k, columns); the leading axes are aligned at their ends. */
  static Extent matMul(GraphOperation op, List<Extent> inputs) {
    boolean batch = op.type().startsWith("Batch");
    int rank = op.output(0).shape().numDimensions();
    Extent found = Extent.NONE;
    for (int i = 0; i < 2; i++) {
      Extent extent = inputs.get(i);
      if (!extent.known()) {
        continue;
      }
      int own = AxisRules.rank(op, i);
      boolean transposed =
          op.attributes()
              .getAttrBool(
                  batch ? i == 0 ? "adj_x" : "adj_y" : i == 0 ? "transpose_a" : "transpose_b");
      int free = (i == 0) != transposed ? own - 2 : own - 1;
      if (extent.axis() >= own - 2 && extent.axis() != free) {
        return AxisRules.mixed(op); // summed over
      }
      int place =
          extent.axis() == free ? (i == 0 ? rank - 2 : rank - 1) : extent.axis() + rank - own;
      Extent moved = extent.along(place);
      if (found.known() && !found.equals(moved)) {
        return AxisRules.mixed(op);
      }
      found = moved;
    }
    return found;
  }

  static Extent einsum(GraphOperation op, List<Extent> inputs) {
    String[] sides = op.attributes().getAttrString("equation").replace(" ", "").split("->", -1);
    String[] terms = sides[0].split(",", -1);
    int rank = op.output(0).shape().numDimensions();
    Extent found = Extent.NONE;
    for (int i = 0; i < inputs.size(); i++) {
      Extent extent = inputs.get(i);
      if (!extent.known()) {
        continue;
      }
      int place = place(terms[i], AxisRules.rank(op, i), sides[1], rank, extent.axis());
      if (place < 0) {
        return AxisRules.mixed(op); // summed over
      }
      Extent moved = extent.along(place);
      if (found.known() && !found.equals(moved)) {
        return AxisRules.mixed(op);
      }
      found = moved;
    }
    return found;
  }

  /** The axis of the output with the label of this axis of a term, or -1. */
  private static int place(String term, int rank, String output, int outputRank, int axis) {
    String label = label(term, rank, axis);
    for (int k = 0; k < outputRank; k++) {
      if (label(output, outputRank, k).equals(label)) {
        return k;
      }
    }
    return -1;
  }

  /** The letter of an axis; of one in the ellipsis, its distance from the ellipsis' end. */
  private static String label(String term, int rank, int axis) {
    int dots = term.indexOf("...");
    if (dots < 0 || axis < dots) {
      return term.substring(axis, axis + 1);
    }
    int hidden = rank - (term.length() - 3);
    return axis < dots + hidden
        ? Integer.toString(dots + hidden - axis)
        : term.substring(axis - hidden + 3, axis - hidden + 4);
  }
}
