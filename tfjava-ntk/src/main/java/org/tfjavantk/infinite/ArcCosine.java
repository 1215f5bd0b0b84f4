package org.tfjavantk.infinite;

/**
 * The arc-cosine functions of θ in [0, π/2], from u = 1 - cos θ:
 *
 * <pre>
 *   θ / 2π                   = √u · H(u)
 *   (sin θ - θ cos θ) / 2π   = u √u · G(u)
 * </pre>
 *
 * √u takes the singularity at u = 0, where an angle loses half its digits, and what is left is
 * smooth: polynomials of degree 6 and 5 are right to 1.4e-8 and 4.0e-9, of degree 15 and 13 to
 * 5.5e-16 and 3.9e-16. They are the best of their degree for the error of the left sides (the Remez
 * algorithm).
 */
final class ArcCosine {
  /** H for float32, the coefficient of u⁰ first. */
  static final float[] H_FLOATS = {
    0.225079046f,
    0.0187580694f,
    0.00420082105f,
    0.00136930181f,
    8.28349228e-05f,
    0.000733289735f,
    -0.000452784889f,
    0.000229419671f
  };

  /** G for float32. */
  static final float[] G_FLOATS = {
    0.150051968f, 0.0075137021f, 0.00114818429f, 0.000419103801f, -8.98342027e-05f, 0.000111815571f
  };

  /** H for float64. */
  static final double[] H_DOUBLES = {
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

  /** G for float64. */
  static final double[] G_DOUBLES = {
    0.15005271935884298,
    0.0075026360130818325,
    0.0012057796361486378,
    0.00027913127003650613,
    7.758299047806918e-05,
    2.4883664969407384e-05,
    5.639118616548409e-06,
    9.423360190989701e-06,
    -1.1137955078864869e-05,
    1.664671564392036e-05,
    -1.4927654996093035e-05,
    9.432710616593108e-06,
    -3.507456217737716e-06,
    6.413195621500905e-07
  };

  private ArcCosine() {}
}
