package org.tfjavantk.graphs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.graphs.Layer.SelfAttention;
import org.tfjavantk.graphs.Layer.SelfAttention.Embedding;
import org.tfjavantk.graphs.Layer.SelfAttention.Mechanism;
import org.tfjavantk.random.RandomStream;

/** Attention against plain loops. */
class AttentionTest {
  private static final int N = 2;
  private static final int[] GRID = {3, 2};
  private static final int P = 6;
  private static final int C = 4;
  private static final int HEADS = 2;
  private static final int KEYS = 3;
  private static final int VALUES = 5;
  private static final int OUTPUTS = 3;

  static Stream<SelfAttention> layers() {
    Embedding added = new Embedding(0.7, 0.4, 0, true);
    Embedding beside = new Embedding(0.7, 0.4, 3, false);
    return Stream.of(
        layer(true, Mechanism.SOFTMAX, Embedding.NONE, 0.3),
        layer(false, Mechanism.IDENTITY, Embedding.NONE, 0),
        layer(false, Mechanism.SOFTMAX, beside, 0.3),
        layer(true, Mechanism.RELU, added, 0.3),
        layer(true, Mechanism.ABS, new Embedding(0.7, 0.4, 3, true), 0),
        layer(false, Mechanism.ABS, new Embedding(0.7, 0.4, 0, false), 0.3));
  }

  private static SelfAttention layer(
      boolean linear, Mechanism mechanism, Embedding embedding, double biasStd) {
    return new SelfAttention(
        OUTPUTS, HEADS, KEYS, VALUES, 0.9, 1.1, 1.2, 1.3, biasStd, linear, mechanism, embedding);
  }

  @ParameterizedTest
  @MethodSource("layers")
  void isThatOfPlainLoops(SelfAttention layer) {
    Network network = new Network("attention", List.of(layer, new Layer.Flatten()));
    double[] x = new double[N * P * C];
    Arrays.setAll(x, RandomStream.of(2, "x")::normal);
    int[] shape = {GRID[0], GRID[1], C};
    try (GraphModel model = network.build(shape, Precision.FLOAT64, 1, DeviceChoice.AUTO)) {
      double[] found = model.predict(x, N);
      Map<String, double[]> values = new HashMap<>();
      model.values().forEach((name, value) -> values.put(name.split("/")[1], value));
      for (int i = 0; i < N; i++) {
        double[] one = Arrays.copyOfRange(x, i * P * C, (i + 1) * P * C);
        double[] part = Arrays.copyOfRange(found, i * P * OUTPUTS, (i + 1) * P * OUTPUTS);
        assertArrayEquals(plain(layer, values, one), part, 1e-12);
      }
    }
  }

  private static double[] plain(SelfAttention layer, Map<String, double[]> values, double[] x) {
    Embedding embedding = layer.embedding();
    double[] embedded = x;
    if (values.containsKey("position")) {
      double[] root = PositionCovariance.root(embedding, GRID);
      double[] place = times(root, values.get("position"), P);
      if (embedding.channels() == 0) {
        embedded = new double[x.length];
        Arrays.setAll(embedded, k -> x[k] + place[k]);
      } else {
        int e = embedding.channels();
        embedded = new double[P * (C + e)];
        for (int p = 0; p < P; p++) {
          System.arraycopy(x, p * C, embedded, p * (C + e), C);
          System.arraycopy(place, p * e, embedded, p * (C + e) + C, e);
        }
      }
    }
    double[] q = mapped(embedded, values.get("query"), layer.queryStd());
    String key = layer.linearScaling() ? "query" : "key";
    double[] k = mapped(embedded, values.get(key), layer.keyStd());
    double[] v = mapped(embedding.inValues() ? embedded : x, values.get("value"), layer.valueStd());
    double[] a = new double[P * HEADS * VALUES];
    for (int h = 0; h < HEADS; h++) {
      for (int p = 0; p < P; p++) {
        double[] w = new double[P];
        for (int r = 0; r < P; r++) {
          for (int d = 0; d < KEYS; d++) {
            w[r] += q[(p * HEADS + h) * KEYS + d] * k[(r * HEADS + h) * KEYS + d];
          }
          w[r] /= layer.linearScaling() ? KEYS : Math.sqrt(KEYS);
          w[r] =
              switch (layer.mechanism()) {
                case SOFTMAX -> Math.exp(w[r]);
                case IDENTITY -> w[r];
                case RELU -> Math.max(w[r], 0);
                case ABS -> Math.abs(w[r]);
              };
        }
        double sum = layer.mechanism() == Mechanism.SOFTMAX ? Arrays.stream(w).sum() : 1;
        for (int r = 0; r < P; r++) {
          for (int d = 0; d < VALUES; d++) {
            a[(p * HEADS + h) * VALUES + d] += w[r] / sum * v[(r * HEADS + h) * VALUES + d];
          }
        }
      }
    }
    double[] z = mapped(a, values.get("kernel"), layer.outStd());
    for (int i = 0; i < z.length && values.containsKey("bias"); i++) {
      z[i] += layer.biasStd() * values.get("bias")[i % OUTPUTS];
    }
    return z;
  }

  /** std x W / sqrt(fan_in) for P rows. */
  private static double[] mapped(double[] x, double[] w, double std) {
    double scale = std / Math.sqrt(x.length / P);
    return Arrays.stream(times(x, w, P)).map(value -> scale * value).toArray();
  }

  private static double[] times(double[] a, double[] b, int rows) {
    int inner = a.length / rows;
    int columns = b.length / inner;
    double[] product = new double[rows * columns];
    for (int i = 0; i < product.length; i++) {
      for (int k = 0; k < inner; k++) {
        product[i] += a[i / columns * inner + k] * b[k * columns + i % columns];
      }
    }
    return product;
  }

  @Test
  void theRootsSquareIsTheCovarianceAlsoWhereItIsSingular() {
    for (double decay : new double[] {0, 1e-9, 1e-3, 0.4, 50}) {
      Embedding embedding = new Embedding(1.7, decay, 0, false);
      double[] root = PositionCovariance.root(embedding, 4, 5);
      double[] transposed = new double[root.length];
      Arrays.setAll(transposed, i -> root[i % 20 * 20 + i / 20]);
      double[] expected = PositionCovariance.matrix(embedding, 4, 5);
      assertArrayEquals(expected, times(root, transposed, 20), 1e-12);
      assertEquals(1.7 * 1.7 * Math.exp(-decay * 2), expected[20 + 7], 1e-12);
    }
    assertTrue(Arrays.stream(PositionCovariance.root(Embedding.NONE, 2)).allMatch(v -> v == 0));
  }
}
