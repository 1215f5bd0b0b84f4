package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Graph;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Result;
import org.tensorflow.Session;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.ndarray.buffer.DataBuffers;
import org.tensorflow.op.Ops;
import org.tensorflow.op.nn.Conv2d;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Devices;
import org.tfjavantk.random.RandomStream;

/** Gradients of convolutions that are convolutions themselves: ⟨ȳ, x ∗ w⟩ = ⟨x̄, x⟩ for all x. */
class TurnedFilterTest {
  /**
   * Sizes of the window, stride, dilations, padding, and zeros around the image if that is
   * explicit.
   */
  record Case(
      int height, int width, int stride, int down, int across, String padding, List<Long> zeros) {}

  static Stream<Case> cases() {
    List<Long> explicit = List.of(0L, 0L, 0L, 2L, 1L, 1L, 0L, 0L);
    return Stream.of(
        new Case(1, 1, 1, 1, 1, "SAME", List.of()),
        new Case(1, 1, 1, 1, 1, "VALID", List.of()),
        new Case(3, 3, 1, 1, 1, "SAME", List.of()),
        new Case(3, 3, 1, 1, 1, "VALID", List.of()),
        new Case(2, 4, 1, 1, 1, "SAME", List.of()),
        new Case(1, 5, 1, 1, 1, "VALID", List.of()),
        new Case(3, 2, 1, 2, 1, "SAME", List.of()),
        new Case(3, 2, 1, 2, 3, "VALID", List.of()),
        new Case(3, 3, 1, 1, 1, "EXPLICIT", explicit),
        new Case(3, 3, 1, 1, 2, "EXPLICIT", explicit),
        new Case(3, 3, 2, 1, 1, "SAME", List.of()),
        new Case(5, 3, 2, 1, 1, "SAME", List.of()),
        new Case(2, 2, 2, 1, 1, "VALID", List.of()),
        new Case(3, 4, 2, 1, 1, "VALID", List.of()),
        new Case(4, 4, 4, 1, 1, "VALID", List.of()),
        new Case(3, 3, 2, 1, 1, "EXPLICIT", List.of(0L, 0L, 1L, 1L, 0L, 2L, 0L, 0L)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void isTheTranspose(Case sample) {
    Shape images = Shape.of(2, 8, 12, 16);
    Shape filter = Shape.of(sample.height(), sample.width(), 16, 17);
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat64> x = noise(tf, "x", images);
      Operand<TFloat64> w = noise(tf, "w", filter);
      Operand<TFloat64> y =
          tf.nn.conv2d(
              x,
              w,
              List.of(1L, (long) sample.stride(), (long) sample.stride(), 1L),
              sample.padding(),
              Conv2d.explicitPaddings(sample.zeros()),
              Conv2d.dilations(List.of(1L, (long) sample.down(), (long) sample.across(), 1L)));
      Operand<TFloat64> g = noise(tf, "g", y.shape());
      Operand<TNumber> pulled = Transforms.vjp(tf, List.of(y), List.of(x), List.of(g)).get(0);
      assertEquals(List.of("Conv2D"), convolutions(g, pulled));
      @SuppressWarnings("unchecked")
      Operand<TFloat64> gradient = (Operand<TFloat64>) (Operand<?>) pulled;
      Operand<TFloat64> terms = tf.math.mul(g, y);
      Operand<TFloat64> left = sum(tf, terms);
      Operand<TFloat64> right = sum(tf, tf.math.mul(gradient, x));
      Operand<TFloat64> size = sum(tf, tf.math.abs(terms));
      try (Result result = session.runner().fetch(left).fetch(right).fetch(size).run()) {
        double expected = ((TFloat64) result.get(0)).getDouble();
        double tolerance = 1e-14 * ((TFloat64) result.get(2)).getDouble();
        assertEquals(expected, ((TFloat64) result.get(1)).getDouble(), tolerance);
      }
    }
  }

  /** Of float32; the strided ones have four times as many channels, for blocks of 2 x 2 pixels. */
  @ParameterizedTest
  @CsvSource({
    "256, 256, 1, 2",
    "384, 512, 1, 3",
    "128, 256, 1, 1",
    "256, 128, 1, 1",
    "320, 256, 1, 1",
    "64, 256, 2, 2"
  })
  void manyChannelsAreMadeInParts(int in, int out, long stride, int parts) {
    assumeFalse(Devices.gpuFound());
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      Operand<TFloat64> x = noise(tf, "x", Shape.of(2, 4, 6, in));
      Operand<TFloat64> w = noise(tf, "w", Shape.of(3, 3, in, out));
      List<Long> strides = List.of(1L, stride, stride, 1L);
      Operand<TFloat64> y = tf.nn.conv2d(x, w, strides, "SAME");
      Operand<TFloat64> g = noise(tf, "g", y.shape());
      Operand<TFloat32> image = tf.dtypes.cast(x, TFloat32.class);
      Operand<TFloat32> z = tf.nn.conv2d(image, tf.dtypes.cast(w, TFloat32.class), strides, "SAME");
      Operand<TFloat32> seed = tf.dtypes.cast(g, TFloat32.class);
      Operand<TNumber> pulled =
          Transforms.vjp(tf, List.of(z), List.of(image), List.of(seed)).get(0);
      assertEquals(Collections.nCopies(parts, "Conv2D"), convolutions(seed, pulled));
      Operand<TNumber> exact = Transforms.vjp(tf, List.of(y), List.of(x), List.of(g)).get(0);
      Operand<TFloat64> difference =
          tf.math.sub(
              tf.dtypes.cast(pulled, TFloat64.class), tf.dtypes.cast(exact, TFloat64.class));
      Operand<TFloat64> error = sum(tf, tf.math.square(difference));
      Operand<TFloat64> size = sum(tf, tf.math.square(tf.dtypes.cast(exact, TFloat64.class)));
      try (Result result = session.runner().fetch(error).fetch(size).run()) {
        double squares = ((TFloat64) result.get(1)).getDouble();
        assertEquals(0, ((TFloat64) result.get(0)).getDouble() / squares, 1e-12);
      }
    }
  }

  /** The kinds of convolutions between the cotangent and the gradient. */
  private static List<String> convolutions(Operand<?> g, Operand<?> gradient) {
    return Paths.between(List.of(g.asOutput()), List.of(gradient.asOutput())).stream()
        .map(GraphOperation::type)
        .filter(type -> type.startsWith("Conv"))
        .toList();
  }

  private static Operand<TFloat64> noise(Ops tf, String name, Shape shape) {
    double[] values = new double[Math.toIntExact(shape.size())];
    Arrays.setAll(values, RandomStream.of(5, name)::normal);
    return tf.constant(shape, DataBuffers.of(values));
  }

  private static Operand<TFloat64> sum(Ops tf, Operand<TFloat64> x) {
    return tf.sum(x, tf.constant(IntStream.range(0, 4).toArray()));
  }
}
