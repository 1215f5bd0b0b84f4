package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
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
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
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
