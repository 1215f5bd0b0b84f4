package org.tfjavantk.empirical;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.tfjavantk.graphs.UserException;

/**
 * The functions of a network's outputs f whose kernel is taken, and which pairs of them it has:
 * with rows S of weights, g = S f has the kernel S Θ Sᵀ.
 *
 * @param weights S, one row for each function; empty for the outputs themselves
 * @param pairing which pairs
 */
public record OutputChoice(List<List<Double>> weights, Pairing pairing) {
  /** All outputs, all pairs. */
  public static final OutputChoice FULL = new OutputChoice(List.of(), Pairing.FULL);

  public OutputChoice {
    weights = weights.stream().map(List::copyOf).toList();
  }

  /** All outputs. */
  public static OutputChoice of(Pairing pairing) {
    return new OutputChoice(List.of(), pairing);
  }

  /**
   * Some of the outputs, in this order.
   *
   * @param outputs how many the network has
   * @throws UserException if one does not exist or is named twice
   */
  public static OutputChoice some(List<Integer> which, int outputs, Pairing pairing) {
    requireEachOnce(which, outputs);
    return new OutputChoice(which.stream().map(c -> row(outputs, c)).toList(), pairing);
  }

  private static void requireEachOnce(List<Integer> which, int outputs) {
    Set<Integer> seen = new HashSet<>();
    for (int c : which) {
      if (c < 0 || c >= outputs) {
        throw new UserException(
            "there is no output " + c + ": the network has the outputs 0 to " + (outputs - 1));
      }
      if (!seen.add(c)) {
        throw new UserException("output " + c + " is named twice");
      }
    }
  }

  private static List<Double> row(int outputs, int one) {
    Double[] row = new Double[outputs];
    Arrays.fill(row, 0.0);
    row[one] = 1.0;
    return List.of(row);
  }

  /**
   * The sum of the outputs, one function: its kernel Σ_{c,c'} Θ[(x, c), (x', c')] is n x n, and as
   * cheap as that of a network with one output. Mohamadi, Bae, Sutherland, "A fast, well-founded
   * approximation to the empirical neural tangent kernel", ICML 2023, divide it by o.
   */
  public static OutputChoice sum(int outputs) {
    Double[] row = new Double[outputs];
    Arrays.fill(row, 1.0);
    return new OutputChoice(List.of(List.of(row)), Pairing.FULL);
  }

  /**
   * The sum of some of the outputs, one function.
   *
   * @param outputs how many the network has
   * @throws UserException if one does not exist or is named twice
   */
  public static OutputChoice sum(List<Integer> which, int outputs) {
    requireEachOnce(which, outputs);
    Double[] row = new Double[outputs];
    Arrays.setAll(row, c -> which.contains(c) ? 1.0 : 0.0);
    return new OutputChoice(List.of(List.of(row)), Pairing.FULL);
  }

  /** How many functions there are of so many outputs. */
  public int functions(int outputs) {
    return weights.isEmpty() ? outputs : weights.size();
  }

  /** The weights of a function. */
  double[] weights(int function, int outputs) {
    List<Double> row = weights.isEmpty() ? row(outputs, function) : weights.get(function);
    return row.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** Rows (and columns) of a matrix for one example. */
  public int rows(int outputs) {
    return pairing.rows(functions(outputs));
  }

  /** How many matrices the kernel consists of. */
  public int matrices(int outputs) {
    return pairing.matrices(functions(outputs));
  }
}
