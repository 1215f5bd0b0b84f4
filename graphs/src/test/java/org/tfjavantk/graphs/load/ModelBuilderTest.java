package org.tfjavantk.graphs.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.GraphOperation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.UserException;

class ModelBuilderTest {
  @ParameterizedTest
  @MethodSource("org.tfjavantk.graphs.load.Fixture#all")
  void aModelTakesAnyNumberOfExamplesWhateverTheSignatureTakes(Fixture fixture) throws IOException {
    try (GraphModel model = fixture.read().build("m", null, DeviceChoice.AUTO)) {
      int n = fixture.json().get("n1").getAsInt();
      double[] x = new double[n * model.exampleSize()];
      int offset = 0;
      for (var input : model.inputs()) {
        double[] values = fixture.batch(1).get(input.name()).values();
        for (int i = 0; i < n; i++) {
          System.arraycopy(
              values, i * input.size(), x, i * model.exampleSize() + offset, input.size());
        }
        offset += input.size();
      }
      double[] expected = sideBySide(fixture.outputs(1), n);
      assertArrayEquals(
          expected,
          model.predict(x, n),
          10 * fixture.tolerance() * Arrays.stream(expected).map(Math::abs).max().orElse(0));
      assertEquals(fixture.variables().size(), model.parameters().size(), 2);
    }
  }

  @ParameterizedTest
  @MethodSource("org.tfjavantk.graphs.load.Fixture#all")
  void allOperationsOfAFileLieOnTheDevice(Fixture fixture) throws IOException {
    DeviceChoice two = new DeviceChoice(DeviceChoice.Kind.CPU, 0, List.of(0, 1));
    try (GraphModel model = fixture.read().build("m", null, two.each().get(1))) {
      model
          .graph()
          .operations()
          .forEachRemaining(
              operation -> assertTrue(operation.device().endsWith("CPU:1"), operation::toString));
    }
  }

  /** What is there of each example in every output, the outputs in the order of their names. */
  private static double[] sideBySide(Map<String, Npy> outputs, int n) {
    return IntStream.range(0, n)
        .boxed()
        .flatMapToDouble(
            i ->
                new TreeMap<>(outputs)
                    .values().stream()
                        .map(Npy::values)
                        .flatMapToDouble(
                            y -> {
                              int o = y.length / n;
                              return Arrays.stream(y, i * o, (i + 1) * o);
                            }))
        .toArray();
  }

  @Test
  void integersThatAGraphPutsTogetherAreKnown() throws IOException {
    Fixture fixture = Fixture.of("transformer_float64", "saved_model");
    try (GraphModel model = fixture.read().build("m", null, DeviceChoice.AUTO)) {
      int transposed = 0;
      for (Iterator<GraphOperation> ops = model.graph().operations(); ops.hasNext(); ) {
        GraphOperation op = ops.next();
        if (op.type().equals("Transpose")) {
          assertEquals("Const", ((GraphOperation) op.input(1).op()).type(), op.name());
          transposed++;
        }
      }
      assertTrue(transposed > 0);
    }
  }

  /** tf.tensordot reshapes to (n times steps, channels) and back, with sizes put together. */
  @Test
  void theShapesBehindATensordotAreKnown() throws IOException {
    Fixture fixture = Fixture.of("transformer_float64", "saved_model");
    try (GraphModel model = fixture.read().build("m", null, DeviceChoice.AUTO)) {
      int reshapes = 0;
      for (Iterator<GraphOperation> ops = model.graph().operations(); ops.hasNext(); ) {
        GraphOperation op = ops.next();
        if (op.type().equals("Reshape")) {
          assertEquals("Const", ((GraphOperation) op.input(1).op()).type(), op.name());
          var shape = op.output(0).shape();
          for (int i = 1; i < shape.numDimensions(); i++) {
            assertTrue(shape.get(i) >= 0, op.name() + " " + shape);
          }
          reshapes++;
        }
      }
      assertTrue(reshapes > 0);
    }
  }

  @Test
  void dataThatDoNotFitAreRefusedWithBothShapes() throws IOException {
    FlatModel flat = Fixture.of("cnn_bn_float32", "saved_model").read();
    UserException e =
        assertThrows(
            UserException.class, () -> flat.build("cnn", new int[] {7, 7, 3}, DeviceChoice.AUTO));
    assertTrue(e.getMessage().contains("7 x 7 x 3"), e.getMessage());
    assertTrue(e.getMessage().contains("(n, "), e.getMessage());
  }

  @Test
  void valuesThatAreNoTokensAreRefused() throws IOException {
    FlatModel flat = Fixture.of("transformer_float32", "saved_model").read();
    try (GraphModel model = flat.build("t", null, DeviceChoice.AUTO)) {
      double[] x = new double[model.exampleSize()];
      x[2] = 0.5;
      UserException e = assertThrows(UserException.class, () -> model.predict(x, 1));
      assertTrue(e.getMessage().contains("tokens"), e.getMessage());
      assertTrue(e.getMessage().contains("0.5"), e.getMessage());
    }
  }
}
