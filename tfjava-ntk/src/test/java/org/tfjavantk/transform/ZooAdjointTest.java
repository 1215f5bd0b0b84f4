package org.tfjavantk.transform;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.random.RandomStream;

/** ⟨u, Jv⟩ = ⟨Jᵀu, v⟩ for whole networks in float32, at all parameters and the input together. */
class ZooAdjointTest {
  private static final int N = 2;

  static Stream<Arguments> networks() {
    int[] image = {32, 32, 3};
    Parametrization standard = Parametrization.STANDARD;
    Parametrization ntk = new Parametrization.Ntk(Math.sqrt(2), 0.1);
    return Stream.of(
            new Object[] {Networks.logistic(10, standard), new int[] {20}},
            new Object[] {Networks.twoLayer(64, Activation.ERF, 10, ntk), new int[] {20}},
            new Object[] {Networks.mlp(List.of(64, 64), Activation.GELU, 10, ntk), new int[] {20}},
            new Object[] {Networks.mlp(List.of(64, 64), Activation.TANH, 10, standard), image},
            new Object[] {Networks.lenet(10, standard), image},
            new Object[] {Networks.resnet9(16, 10, standard), image},
            new Object[] {Networks.resnet18(16, 10, standard), image},
            new Object[] {Networks.resnet(34, 8, 10, standard), image},
            new Object[] {Networks.resnet(50, 8, 10, standard), image},
            new Object[] {Networks.resnet(68, 8, 10, standard), image},
            new Object[] {Networks.resnet(101, 4, 10, standard), image},
            new Object[] {Networks.resnet(152, 4, 10, standard), image},
            new Object[] {Networks.wrn28(2, 10, standard), image},
            new Object[] {Networks.mobilenet(10, standard), image},
            new Object[] {Networks.mobilenetV2(10, standard), image},
            new Object[] {Networks.vgg(11, 10, standard), image},
            new Object[] {Networks.vgg(13, 10, standard), image},
            new Object[] {Networks.densenet121(10, standard), image})
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("networks")
  void forwardAndReverseModeAreAdjoint(Network network, int[] shape) {
    try (GraphModel model = network.build(shape, Precision.FLOAT32, 3, DeviceChoice.AUTO)) {
      Ops tf = model.tf();
      List<Operand<?>> x = new ArrayList<>();
      List<Operand<?>> v = new ArrayList<>();
      x.add(model.onlyInput().placeholder());
      v.add(normal(tf, "v", concat(N, shape)));
      for (Parameter parameter : model.parameters()) {
        x.add(parameter.value());
        v.add(normal(tf, parameter.name(), Shapes.longs(parameter.spec().shape())));
      }
      List<Operand<?>> f = List.of(model.output());
      Operand<?> u = normal(tf, "u", N, model.outputs());
      List<Operand<?>> fetches = new ArrayList<>(Transforms.jvp(tf, f, x, v));
      List<Operand<TNumber>> jtu = Transforms.vjp(tf, f, x, List.of(u));
      fetches.add(u);
      fetches.addAll(jtu);
      v.forEach(direction -> fetches.add(tf.identity(RuleOp.number(direction))));
      double[] input = new double[N * model.exampleSize()];
      for (int i = 0; i < input.length; i++) {
        input[i] = RandomStream.of(1, "x").normal(i);
      }
      try (Fetched values = model.run(input, N, fetches)) {
        double[] jv = Tensors.toDoubles(values.get(0));
        double[] cotangent = Tensors.toDoubles(values.get(1));
        double left = dot(cotangent, jv);
        double right = 0;
        double size = Math.sqrt(dot(cotangent, cotangent) * dot(jv, jv));
        for (int i = 0; i < jtu.size(); i++) {
          double[] gradient = Tensors.toDoubles(values.get(2 + i));
          double[] direction = Tensors.toDoubles(values.get(2 + jtu.size() + i));
          right += dot(gradient, direction);
        }
        assertEquals(left, right, 1e-5 * size, network.name());
      }
    }
  }

  private static long[] concat(int first, int[] rest) {
    long[] all = new long[rest.length + 1];
    all[0] = first;
    for (int i = 0; i < rest.length; i++) {
      all[i + 1] = rest[i];
    }
    return all;
  }

  private static Operand<?> normal(Ops tf, String stream, long... shape) {
    int size = 1;
    for (long d : shape) {
      size = Math.toIntExact(size * d);
    }
    float[] values = new float[size];
    RandomStream random = RandomStream.of(2, stream);
    for (int i = 0; i < size; i++) {
      values[i] = (float) random.normal(i);
    }
    return tf.reshape(tf.constant(values), tf.constant(shape));
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }
}
