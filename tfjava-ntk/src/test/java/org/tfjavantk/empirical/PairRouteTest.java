package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.empirical.PairRoute.Span;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.random.RandomStream;

/** The routes by pairs of positions against the sum over all pairs of patches, written out. */
class PairRouteTest {
  private static final int ALL = 30;

  /** The layer of a window on images of so many channels before and behind it. */
  record Case(
      Pairing pairing,
      int height,
      int width,
      int in,
      int window,
      int stride,
      int out,
      int outputs) {
    LinearLayer layer() {
      long[] strides = {1, stride, stride, 1};
      Use.Window moves = new Use.Window(window, window, strides, new long[] {1, 1, 1, 1}, "VALID");
      int pad = window / 2;
      Geometry geometry =
          new Geometry(
              height,
              width,
              in,
              (height + 2 * pad - window) / stride + 1,
              (width + 2 * pad - window) / stride + 1,
              moves,
              pad,
              pad);
      return new LinearLayer(null, null, 1, geometry, out);
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        new Case(Pairing.FULL, 4, 4, 40, 3, 1, 16, 10),
        new Case(Pairing.FULL, 4, 6, 60, 5, 1, 8, 2),
        new Case(Pairing.FULL, 3, 5, 50, 3, 1, 9, 3),
        new Case(Pairing.FULL, 5, 3, 50, 2, 1, 20, 1),
        new Case(Pairing.FULL, 5, 4, 3, 3, 2, 8, 4),
        new Case(Pairing.FULL, 1, 1, 7, 1, 1, 5, 2),
        new Case(Pairing.FULL, 3, 3, 6, 1, 1, 17, 5),
        new Case(Pairing.TRACE, 4, 3, 40, 3, 1, 7, 3),
        new Case(Pairing.DIAGONAL, 4, 3, 40, 3, 1, 7, 3));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inFloat64(Case sample) {
    for (PairRoute route : routes(sample)) {
      check(sample, route, Precision.FLOAT64, 1e-13);
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void inFloat32(Case sample) {
    for (PairRoute route : routes(sample)) {
      check(sample, route, Precision.FLOAT32, 2e-6);
    }
  }

  private static List<PairRoute> routes(Case sample) {
    LinearLayer layer = sample.layer();
    return List.of(
        new GramRoute(layer, sample.pairing(), sample.outputs()),
        new TangentRoute(layer, sample.pairing(), sample.outputs()),
        new TangentRoute(layer, sample.pairing(), sample.outputs(), Optional.empty()));
  }

  /** Of some examples with all others, and of some with themselves. */
  private static void check(Case sample, PairRoute route, Precision precision, double tolerance) {
    LinearLayer layer = sample.layer();
    try (Lane lane = new Lane(precision);
        Data left = new Data(layer, sample.outputs(), precision, "left");
        Data right = new Data(layer, sample.outputs(), precision, "right")) {
      compare(sample, route, lane, left, 2, 5, right, 0, ALL, tolerance);
      compare(sample, route, lane, left, 3, 4, left, 3, ALL - 3, tolerance);
    }
  }

  private static void compare(
      Case sample,
      PairRoute route,
      Lane lane,
      Data left,
      int r,
      int n1,
      Data right,
      int c,
      int n2,
      double tolerance) {
    Pairing pairing = sample.pairing();
    int o = sample.outputs();
    int size = (int) pairing.entries(ALL, ALL, o);
    double[] values = new double[size];
    try (NativeArray block = NativeArray.zeros(left.inputs.precision(), size)) {
      route.add(lane, new Span(left.of(), r, n1, ALL), new Span(right.of(), c, n2, ALL), block);
      get(block, values);
    }
    double[] sums = new double[o * o];
    double norm = 0;
    double error = 0;
    int each = pairing.rows(o);
    for (int x = r; x < r + n1; x++) {
      for (int y = left == right ? Math.max(c, x) : c; y < c + n2; y++) {
        pair(sample.layer(), o, left, x, right, y, sums);
        double trace = 0;
        for (int k = 0; k < o; k++) {
          trace += sums[k * o + k];
          for (int m = 0; m < o; m++) {
            double expected = sums[k * o + m];
            int at = (x * each + k) * ALL * each + y * each + m;
            if (pairing != Pairing.FULL) {
              boolean last = k == o - 1 && m == o - 1;
              if (pairing == Pairing.TRACE ? !last : k != m) {
                continue;
              }
              expected = pairing == Pairing.TRACE ? trace : expected;
              at = pairing == Pairing.TRACE ? x * ALL + y : (k * ALL + x) * ALL + y;
            }
            error += (values[at] - expected) * (values[at] - expected);
            norm += expected * expected;
          }
        }
      }
    }
    assertEquals(0, Math.sqrt(error / norm), tolerance, route + " of " + sample);
  }

  /** Σ_{p,q} ⟨patch_p, patch'_q⟩ ⟨δ^c_p, δ'^{c'}_q⟩ for all c and c'. */
  private static void pair(
      LinearLayer layer, int o, Data left, int x, Data right, int y, double[] sums) {
    int d = layer.positions();
    int size = layer.patch();
    int channels = layer.channels();
    double[] a = left.patches(layer, x);
    double[] b = right.patches(layer, y);
    Arrays.fill(sums, 0);
    for (int p = 0; p < d; p++) {
      for (int q = 0; q < d; q++) {
        double gram = 0;
        for (int k = 0; k < size; k++) {
          gram += a[p * size + k] * b[q * size + k];
        }
        for (int c = 0; c < o; c++) {
          for (int k = 0; k < o; k++) {
            for (int m = 0; m < channels; m++) {
              sums[c * o + k] +=
                  gram
                      * left.delta[((x * d + p) * o + c) * channels + m]
                      * right.delta[((y * d + q) * o + k) * channels + m];
            }
          }
        }
      }
    }
  }

  private static void get(NativeArray from, double[] into) {
    if (from.precision() == Precision.FLOAT64) {
      from.get(0, into, into.length);
      return;
    }
    float[] values = new float[into.length];
    from.get(0, values, into.length);
    for (int i = 0; i < into.length; i++) {
      into[i] = values[i];
    }
  }

  /** Random inputs and cotangents, which are numbers of float32. */
  private static final class Data implements AutoCloseable {
    final double[] a;
    final double[] delta;
    final NativeArray inputs;
    final NativeArray cotangents;

    Data(LinearLayer layer, int outputs, Precision precision, String name) {
      a = noise(name + " a", ALL * layer.inputs());
      delta = noise(name + " delta", ALL * (int) layer.cotangents(outputs));
      inputs = array(a, precision);
      cotangents = array(delta, precision);
    }

    Ingredients of() {
      return new Ingredients(inputs, cotangents);
    }

    double[] patches(LinearLayer layer, int example) {
      Geometry g = layer.geometry();
      Use.Window window = g.window();
      double[] patches = new double[layer.positions() * layer.patch()];
      int at = 0;
      for (int y = 0; y < g.outHeight(); y++) {
        for (int x = 0; x < g.outWidth(); x++) {
          for (int i = 0; i < window.height(); i++) {
            for (int j = 0; j < window.width(); j++) {
              int row = y * (int) window.strides()[1] + i - g.top();
              int column = x * (int) window.strides()[2] + j - g.left();
              boolean in = row >= 0 && row < g.height() && column >= 0 && column < g.width();
              for (int c = 0; c < g.channels(); c++) {
                int pixel = (example * g.height() + row) * g.width() + column;
                patches[at++] = in ? a[pixel * g.channels() + c] : 0;
              }
            }
          }
        }
      }
      return patches;
    }

    private static double[] noise(String name, int n) {
      double[] values = new double[n];
      Arrays.setAll(values, RandomStream.of(11, name)::normal);
      return Arrays.stream(values).map(x -> (float) x).toArray();
    }

    private static NativeArray array(double[] values, Precision precision) {
      NativeArray array = NativeArray.allocate(precision, values.length);
      if (precision == Precision.FLOAT64) {
        array.put(0, values, 0, values.length);
      } else {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
          floats[i] = (float) values[i];
        }
        array.put(0, floats, 0, floats.length);
      }
      return array;
    }

    @Override
    public void close() {
      inputs.close();
      cotangents.close();
    }
  }
}
