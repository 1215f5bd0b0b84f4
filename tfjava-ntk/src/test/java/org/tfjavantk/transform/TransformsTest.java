package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.random.RandomStream;

class TransformsTest {
  private static final Parametrization P = Parametrization.STANDARD;

  /** A smooth convolutional network, so that second differences exist everywhere. */
  private static final Network SMOOTH =
      new Network(
          "smooth",
          List.of(
              new Layer.Conv(3, 3, 2, 1, true, P),
              new Layer.BatchNorm(),
              new Layer.Nonlinearity(Activation.TANH),
              new Layer.AveragePool(2, 2),
              new Layer.Flatten(),
              new Layer.Dense(4, true, P),
              new Layer.Nonlinearity(Activation.GELU),
              new Layer.Dense(2, true, P)));

  private static double[] normal(String name, int size) {
    RandomStream stream = RandomStream.of(4, name);
    double[] values = new double[size];
    for (int i = 0; i < size; i++) {
      values[i] = stream.normal(i);
    }
    return values;
  }

  private static GraphModel model() {
    return SMOOTH.build(new int[] {6, 6, 2}, Precision.FLOAT64, 2, DeviceChoice.AUTO);
  }

  /** Constants with random values, one for each parameter, of its shape. */
  private static List<Operand<?>> directions(GraphModel model, String name) {
    List<Operand<?>> all = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      double[] values = normal(name + parameter.name(), parameter.spec().size());
      all.add(
          model
              .tf()
              .reshape(model.tf().constant(values), model.tf().constant(parameter.spec().shape())));
    }
    return all;
  }

  private static List<Operand<?>> parameters(GraphModel model) {
    List<Operand<?>> all = new ArrayList<>();
    model.parameters().forEach(parameter -> all.add(parameter.value()));
    return all;
  }

  /** L = Σ f² / 2 over a random batch. */
  private static Operand<? extends TNumber> loss(GraphModel model) {
    return model.tf().nn.l2Loss(model.output());
  }

  private static double[] run(GraphModel model, Operand<?> operand) {
    try (Tensor x = model.inputTensor(normal("x", 3 * 72), 3);
        var result =
            model
                .session()
                .runner()
                .feed(model.onlyInput().placeholder(), x)
                .fetch(operand)
                .run()) {
      return Tensors.toDoubles(result.get(0));
    }
  }

  private static double inner(
      GraphModel model, List<? extends Operand<?>> a, List<? extends Operand<?>> b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      double[] left = run(model, a.get(i));
      double[] right = run(model, b.get(i));
      for (int k = 0; k < left.length; k++) {
        sum += left[k] * right[k];
      }
    }
    return sum;
  }

  @Test
  void theHessianIsSymmetric() {
    try (GraphModel model = model()) {
      List<Operand<?>> w = parameters(model);
      List<Operand<?>> v = directions(model, "v");
      List<Operand<?>> u = directions(model, "u");
      var hv = Transforms.hvp(model.tf(), loss(model), w, v);
      var hu = Transforms.hvp(model.tf(), loss(model), w, u);
      double left = inner(model, u, hv);
      assertEquals(left, inner(model, v, hu), 1e-11 * Math.abs(left));
    }
  }

  @Test
  void theHessianIsTheDifferenceOfGradients() {
    try (GraphModel model = model()) {
      List<Operand<?>> w = parameters(model);
      List<Operand<?>> v = directions(model, "v");
      var hv = Transforms.hvp(model.tf(), loss(model), w, v);
      var gradient =
          Transforms.vjp(model.tf(), List.of(loss(model)), w, List.of(model.tf().constant(1.0)));
      double[] expected = run(model, hv.get(0));
      var start = model.values();
      double h = 1e-6;
      shift(model, start, v, h);
      double[] up = run(model, gradient.get(0));
      shift(model, start, v, -h);
      double[] down = run(model, gradient.get(0));
      for (int k = 0; k < expected.length; k++) {
        assertEquals((up[k] - down[k]) / (2 * h), expected[k], 1e-7);
      }
    }
  }

  /** Moves the parameters to start + h v. */
  private static void shift(
      GraphModel model, java.util.Map<String, double[]> start, List<Operand<?>> v, double h) {
    List<Parameter> parameters = model.parameters();
    for (int i = 0; i < parameters.size(); i++) {
      double[] at = start.get(parameters.get(i).name()).clone();
      double[] direction = run(model, v.get(i));
      for (int k = 0; k < at.length; k++) {
        at[k] += h * direction[k];
      }
      model.assign(java.util.Map.of(parameters.get(i).name(), at));
    }
  }

  /** The error of the Taylor polynomial of order m falls as h^{m+1}. */
  @Test
  void theErrorOfATaylorPolynomialFallsWithItsOrder() {
    for (int order = 0; order <= 3; order++) {
      double[] errors = new double[2];
      for (int half = 0; half < 2; half++) {
        try (GraphModel model = model()) {
          Ops tf = model.tf();
          List<Operand<?>> delta = new ArrayList<>();
          for (Operand<?> v : directions(model, "v")) {
            @SuppressWarnings("unchecked")
            Operand<TFloat64> direction = (Operand<TFloat64>) v;
            delta.add(tf.math.mul(direction, tf.constant(half == 0 ? 0.02 : 0.01)));
          }
          var series =
              Transforms.taylor(tf, List.of(model.output()), parameters(model), delta, order);
          double[] predicted = run(model, series.get(0));
          shift(model, model.values(), delta, 1);
          double[] after = run(model, model.output());
          for (int k = 0; k < after.length; k++) {
            errors[half] += Math.abs(after[k] - predicted[k]);
          }
        }
      }
      double observed = Math.log(errors[0] / errors[1]) / Math.log(2);
      assertEquals(order + 1, observed, 0.4, "order " + order);
    }
  }

  /** The kernel's product with a vector, Θu = J Jᵀu, by a vjp and a jvp. */
  @Test
  void twoProductsMakeTheKernel() {
    try (GraphModel model = model()) {
      Ops tf = model.tf();
      Operand<TFloat64> u = tf.reshape(tf.constant(normal("u", 6)), tf.constant(new int[] {3, 2}));
      var jtu = Transforms.vjp(tf, List.of(model.output()), parameters(model), List.of(u));
      var theta = Transforms.jvp(tf, List.of(model.output()), parameters(model), jtu).get(0);
      double[] product = run(model, theta);
      double[] x = normal("x", 3 * 72);
      double[] kernel;
      try (var ntk = org.tfjavantk.empirical.EmpiricalNtk.of(model)) {
        kernel = ntk.matrix(x, 3, x, 3);
      }
      double[] expected = new double[6];
      double[] vector = normal("u", 6);
      for (int r = 0; r < 6; r++) {
        for (int c = 0; c < 6; c++) {
          expected[r] += kernel[6 * r + c] * vector[c];
        }
      }
      assertArrayEquals(expected, product, 1e-12);
    }
  }

  @Test
  void depthIsNoObstacle() {
    try (Graph graph = new Graph();
        Session session = new Session(graph)) {
      Ops tf = Ops.create(graph);
      var x = tf.placeholder(TFloat64.class, Placeholder.shape(Shape.of(2)));
      Operand<TFloat64> y = x;
      for (int i = 0; i < 3000; i++) {
        y = tf.math.sin(y);
      }
      var jv = Transforms.jvp(tf, List.of(y), List.of(x), List.of(x)).get(0);
      try (Tensor at = Tensors.of(new double[] {0, 1}, Precision.FLOAT64, 2);
          var result = session.runner().feed(x, at).fetch(jv).run()) {
        assertEquals(0, Tensors.toDoubles(result.get(0))[0]);
      }
    }
  }

  @Test
  void tangentsMustMatchInputs() {
    try (Graph graph = new Graph()) {
      Ops tf = Ops.create(graph);
      var x = tf.constant(new double[] {1, 2});
      assertThrows(
          IllegalArgumentException.class,
          () -> Transforms.jvp(tf, List.of(x), List.of(x), List.of()));
    }
  }
}
