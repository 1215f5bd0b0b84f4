package org.tfjavantk.empirical;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** {@link ShiftedSums} with the Vector API, of rows that consist of whole vectors. */
final class VectorShiftedSums implements ShiftedSums {
  private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
  private static final int LANES = SPECIES.length();

  @Override
  public boolean takes(int n) {
    return n % LANES == 0;
  }

  @Override
  public void write(
      float[] from, int at, int stride, int n, Shifts shifts, float[] to, int into, int line) {
    for (int r = 0; r < n; r++) {
      row(from, at + r * stride, stride, n, r, shifts, to, into + r * line);
    }
  }

  private static void row(
      float[] from, int at, int stride, int n, int r, Shifts shifts, float[] to, int into) {
    boolean empty = true;
    for (int k = 0; k < shifts.by().length; k++) {
      float[] wanted = shifts.wanted()[k];
      if (wanted[r] == 0) {
        continue;
      }
      int source = at + shifts.by()[k] * (stride + 1);
      if (empty) {
        set(from, source, wanted, n, to, into);
      } else {
        add(from, source, wanted, n, to, into);
      }
      empty = false;
    }
    if (empty) {
      Arrays.fill(to, into, into + n, 0);
    }
  }

  private static void set(float[] from, int source, float[] wanted, int n, float[] to, int into) {
    for (int t = 0; t < n; t += LANES) {
      FloatVector weight = FloatVector.fromArray(SPECIES, wanted, t);
      weight.mul(FloatVector.fromArray(SPECIES, from, source + t)).intoArray(to, into + t);
    }
  }

  private static void add(float[] from, int source, float[] wanted, int n, float[] to, int into) {
    for (int t = 0; t < n; t += LANES) {
      FloatVector weight = FloatVector.fromArray(SPECIES, wanted, t);
      FloatVector sum = FloatVector.fromArray(SPECIES, to, into + t);
      weight.fma(FloatVector.fromArray(SPECIES, from, source + t), sum).intoArray(to, into + t);
    }
  }
}
