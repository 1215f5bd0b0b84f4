package org.tfjavantk.infinite;

/**
 * Angles from u = 1 - cos θ for θ in [0, π/2], in turns: θ / 2π = arccos(1 - u) / 2π = √u · H(u).
 * √u takes the singularity at u = 0, where the angle would lose its digits, and what is left is
 * smooth: a polynomial of degree 6 is right to 1.4e-8 and one of degree 15 to 5.5e-16. Both are the
 * best of their degree for the error of θ (the Remez algorithm).
 */
final class ArcCosine {
  /** H for float32, the coefficient of u⁰ first. */
  static final float[] FLOATS = {
    0.225079282f,
    0.0187495075f,
    0.00429127667f,
    0.000946241077f,
    0.00110160812f,
    -0.000583592177f,
    0.000415662798f
  };

  /** H for float64. */
  static final double[] DOUBLES = {
    0.22507907903925878,
    0.01875658992305246,
    0.004220232569479125,
    0.001256025621905947,
    0.0004273409053316982,
    0.00015784712063051447,
    5.8129196039031524e-05,
    3.665800030707844e-05,
    -2.62427434074694e-05,
    8.418511349217765e-05,
    -0.0001264530982843744,
    0.000150217226180113,
    -0.0001228732871476286,
    6.873466616672033e-05,
    -2.3230762360191813e-05,
    3.760509355478513e-06
  };

  /** 1 / (2π)². */
  static final double SQUARE = 1 / (4 * Math.PI * Math.PI);

  private ArcCosine() {}

  /** θ / 2π. */
  static float turns(float u) {
    float h = FLOATS[FLOATS.length - 1];
    for (int i = FLOATS.length - 2; i >= 0; i--) {
      h = h * u + FLOATS[i];
    }
    return (float) Math.sqrt(u) * h;
  }

  /** sin θ / 2π = √(u (2 - u)) / 2π. */
  static float sine(float u) {
    return (float) Math.sqrt(u * ((float) (2 * SQUARE) - (float) SQUARE * u));
  }
}
