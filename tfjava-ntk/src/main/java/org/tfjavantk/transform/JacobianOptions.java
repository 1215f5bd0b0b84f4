package org.tfjavantk.transform;

/**
 * How a Jacobian is computed; the result is the same.
 *
 * @param mode row by row or column by column
 * @param chunk how many rows (of one f), columns (of one x) or examples at a time; the pieces run
 *     one after the other, so that only one of them needs memory for what is between. 0 is all at
 *     once.
 */
public record JacobianOptions(Mode mode, int chunk) {
  /** Whether products with rows or with columns are taken. */
  public enum Mode {
    /** Reverse mode, unless f is known to have more entries than x. */
    AUTO,
    /** Column by column: a Jacobian-vector product for every entry of x. */
    FORWARD,
    /** Row by row: a vector-Jacobian product for every entry of f. */
    REVERSE
  }

  public JacobianOptions {
    if (chunk < 0) {
      throw new IllegalArgumentException("chunk is " + chunk + ", it must be 0 (all) or more");
    }
  }

  /** {@link Mode#AUTO}, all at once. */
  public static JacobianOptions standard() {
    return new JacobianOptions(Mode.AUTO, 0);
  }

  public JacobianOptions withMode(Mode other) {
    return new JacobianOptions(other, chunk);
  }

  public JacobianOptions withChunk(int other) {
    return new JacobianOptions(mode, other);
  }
}
