package org.tfjavantk.cli.run;

import org.tfjavantk.empirical.Place;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.linalg.Processor;

/**
 * Products of float32 numbers that are less precise where that is faster: of bfloat16 on processors
 * that multiply it, of TF32 on GPUs, both summed in float32. TensorFlow reads the switches once, as
 * it is loaded, so that they are set for a whole process, by the launcher.
 */
public final class FastArithmetic {
  private static final String VARIABLE = "NTK_FAST";

  private FastArithmetic() {}

  /** Whether this process computes like that. */
  public static boolean on() {
    String value = System.getenv(VARIABLE);
    return value != null && !value.isEmpty() && !value.equals("0");
  }

  /**
   * Refuses what this process cannot compute.
   *
   * @param where of the config or the command line
   * @param wanted whether fast arithmetic is asked for there, of two that compute in float32
   */
  public static void require(String where, boolean wanted) {
    require(where, wanted, on());
  }

  static void require(String where, boolean wanted, boolean on) {
    if (wanted && !on) {
      throw new UserException(
          where
              + ": fast arithmetic is switched on before TensorFlow starts: put "
              + VARIABLE
              + "=1 before the command");
    }
    if (!wanted && on) {
      throw new UserException(
          where
              + ": with "
              + VARIABLE
              + "=1 products of float32 numbers are less precise than float32. Ask for fast"
              + " arithmetic or float64 here, or start without it");
    }
  }

  /** Where fast products of matrices are: in TensorFlow. */
  public static Place place() {
    return Processor.multipliesBfloat16() ? Place.DEVICE : Place.AUTO;
  }
}
