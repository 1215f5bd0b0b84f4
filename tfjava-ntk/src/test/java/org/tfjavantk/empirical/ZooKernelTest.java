package org.tfjavantk.empirical;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.op.linalg.MatMul;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Fetched;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Network;
import org.tfjavantk.graphs.Networks;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;
import org.tfjavantk.random.RandomStream;
import org.tfjavantk.transform.Transforms;

/** The kernels of what the zoo's image classifiers are made of, against J Jᵀ written out. */
class ZooKernelTest {
  private static final int[] IMAGE = {8, 8, 3};
  private static final int N = 2;
  private static final Parametrization P = Parametrization.STANDARD;

  private static final Layer RELU = new Layer.Nonlinearity(Activation.RELU);
  private static final Layer NORM = new Layer.BatchNorm();

  static Stream<Network> classifiers() {
    return Stream.of(
        Networks.mobilenet(2, P),
        Networks.mobilenetV2(2, P),
        Networks.densenet121(2, P),
        Networks.wrn28(1, 2, P),
        Networks.resnet(50, 4, 2, P));
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void everyUseOfAParameterIsRecognised(Network network) {
    try (GraphModel model = network.build(IMAGE, Precision.FLOAT64, 5, DeviceChoice.AUTO);
        EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
      assertEquals(List.of(), ntk.unrecognised());
    }
  }

  /** The kinds of blocks of the zoo, one of each, a few channels wide. */
  static Stream<Network> blocks() {
    List<Layer> invertedResidual =
        List.of(
            conv(8, 1, 1),
            NORM,
            RELU,
            new Layer.DepthwiseConv(1, 3, 1, 1, false, P),
            NORM,
            RELU,
            conv(5, 1, 1),
            NORM);
    List<Layer> grown = List.of(NORM, RELU, conv(6, 1, 1), NORM, RELU, conv(3, 3, 1));
    List<Layer> wide = List.of(conv(6, 3, 2), NORM, RELU, new Layer.Conv(6, 3, 1, 1, true, P));
    return Stream.of(
        network(
            "depthwise",
            new Layer.DepthwiseConv(1, 3, 2, 1, false, P),
            NORM,
            RELU,
            conv(4, 1, 1),
            new Layer.Residual(invertedResidual, List.of(conv(5, 1, 1), NORM))),
        network(
            "concat",
            conv(4, 3, 1),
            new Layer.Concat(List.of(grown, List.of())),
            new Layer.Concat(List.of(grown, List.of())),
            NORM,
            RELU,
            conv(5, 1, 1),
            new Layer.AveragePool(2, 2)),
        network(
            "wide",
            conv(4, 3, 1),
            NORM,
            RELU,
            new Layer.Residual(wide, List.of(conv(6, 1, 2))),
            NORM,
            RELU));
  }

  private static Layer conv(int channels, int size, int stride) {
    return new Layer.Conv(channels, size, stride, size / 2, false, P);
  }

  private static Network network(String name, Layer... features) {
    List<Layer> layers = new ArrayList<>(List.of(features));
    layers.add(new Layer.GlobalAveragePool());
    layers.add(new Layer.Dense(2, true, P));
    return new Network(name, layers);
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void theKernelIsTheContractedJacobian(Network network) {
    try (GraphModel model = network.build(IMAGE, Precision.FLOAT64, 5, DeviceChoice.AUTO)) {
      model.assign(statistics(model));
      double[] x = new double[N * model.exampleSize()];
      Arrays.setAll(x, RandomStream.of(5, "images")::normal);
      Map<String, double[]> expected = jacobianContraction(model, x);
      try (EmpiricalNtk ntk = EmpiricalNtk.of(model)) {
        assertEquals(List.of(), ntk.unrecognised());
        Map<String, double[]> found = ntk.matrixByParameter(x, N, x, N);
        assertEquals(expected.keySet(), found.keySet());
        expected.forEach(
            (name, block) -> ReferenceKernelTest.assertClose(block, found.get(name), 1e-10, name));
      }
    }
  }

  /** Batch norms that keep the signal's size through all layers, each channel in its own way. */
  private static Map<String, double[]> statistics(GraphModel model) {
    Map<String, double[]> values = new LinkedHashMap<>();
    for (Parameter variable : model.variables()) {
      double[] draws = new double[variable.spec().size()];
      Arrays.setAll(draws, RandomStream.of(6, variable.name())::normal);
      switch (variable.name().replaceFirst("bn\\d+", "bn")) {
        case "bn/gamma" -> Arrays.setAll(draws, c -> 1 + 0.1 * draws[c]);
        case "bn/beta", "bn/mean" -> Arrays.setAll(draws, c -> 0.1 * draws[c]);
        case "bn/variance" -> Arrays.setAll(draws, c -> 0.2 * Math.exp(0.2 * draws[c]));
        default -> {
          continue;
        }
      }
      values.put(variable.name(), draws);
    }
    return values;
  }

  /** J_θ J_θᵀ for every parameter θ, by the parameter's name. */
  private static Map<String, double[]> jacobianContraction(GraphModel model, double[] x) {
    Ops tf = model.tf();
    List<Operand<?>> theta = new ArrayList<>();
    model.parameters().forEach(parameter -> theta.add(parameter.value()));
    List<Operand<?>> blocks = new ArrayList<>();
    for (Operand<TNumber> j :
        Transforms.jacobianPerExample(
            tf, model.output(), List.of(model.onlyInput().placeholder()), theta)) {
      Operand<TNumber> rows = tf.reshape(j, tf.constant(new int[] {N * model.outputs(), -1}));
      blocks.add(tf.linalg.matMul(rows, rows, MatMul.transposeB(true)));
    }
    Map<String, double[]> byName = new LinkedHashMap<>();
    try (Fetched values = model.run(x, N, blocks)) {
      for (int k = 0; k < blocks.size(); k++) {
        byName.put(model.parameters().get(k).name(), Tensors.toDoubles(values.get(k)));
      }
    }
    return byName;
  }
}
