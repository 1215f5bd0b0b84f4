package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Output;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.ConstantValue;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.graphs.Parameter;
import org.tfjavantk.graphs.Shapes;
import org.tfjavantk.transform.Paths;

/** Reads from a TensorFlow graph where and how its parameters are used. */
final class Uses {
  private final Set<GraphOperation> ancestors;
  private final ExampleAxis examples;

  private Uses(GraphModel model) {
    this.ancestors = Paths.ancestors(List.of(model.output()));
    this.examples = ExampleAxis.of(model);
  }

  /** All uses of all parameters on the way to the model's output; unused parameters have none. */
  static List<Use> of(GraphModel model) {
    Uses uses = new Uses(model);
    List<Use> found = new ArrayList<>();
    for (Parameter parameter : model.parameters()) {
      List<Use> own = new ArrayList<>();
      boolean recognised =
          uses.collect(parameter, parameter.value().asOutput(), 1, own)
              && own.stream().allMatch(uses::byExample);
      found.addAll(recognised ? own : List.of(new Use.Opaque(parameter)));
    }
    return found;
  }

  /** Whether axis 0 of what the use reads and makes counts the examples. */
  private boolean byExample(Use use) {
    Output<TFloating> read = null;
    if (use instanceof Use.Dense dense) {
      read = dense.a();
    } else if (use instanceof Use.Conv conv) {
      read = conv.a();
    } else if (use instanceof Use.Depthwise conv) {
      read = conv.a();
    } else if (use instanceof Use.Stretch stretch) {
      read = stretch.x();
    }
    return examples.of(use.z()).leads() && (read == null || examples.of(read).leads());
  }

  /**
   * Adds the uses of factor · parameter, which {@code value} holds; false if one is not recognised.
   */
  private boolean collect(Parameter parameter, Output<?> value, double factor, List<Use> found) {
    GraphOperation producer = (GraphOperation) value.op();
    for (GraphOperation op : producer.consumers(value.index())) {
      if (ancestors.contains(op) && !add(parameter, value, factor, op, found)) {
        return false;
      }
    }
    return true;
  }

  private boolean add(
      Parameter parameter, Output<?> value, double factor, GraphOperation op, List<Use> found) {
    int place = place(op, value);
    switch (op.type()) {
      case "Identity":
        return collect(parameter, op.output(0), factor, found);
      case "MatMul":
        if (place != 1
            || op.attributes().getAttrBool("transpose_a")
            || op.attributes().getAttrBool("transpose_b")) {
          return false;
        }
        return found.add(new Use.Dense(parameter, factor, input(op, 0), output(op)));
      case "Conv2D":
      case "DepthwiseConv2dNative":
        return addConvolution(parameter, factor, op, place, found);
      case "BiasAdd":
        return place == 1 && nhwc(op) && found.add(new Use.Shift(parameter, factor, output(op)));
      case "Add":
      case "AddV2":
        return alongChannels(parameter, op, 1 - place)
            && found.add(new Use.Shift(parameter, factor, output(op)));
      case "Reshape":
        return place == 0 && isRow(parameter, op) && collectRow(parameter, op, factor, found);
      case "Mul":
        OptionalDouble scalar = ConstantValue.scalar(op.input(1 - place));
        if (scalar.isPresent()) {
          return collect(parameter, op.output(0), factor * scalar.getAsDouble(), found);
        }
        return alongChannels(parameter, op, 1 - place)
            && found.add(new Use.Stretch(parameter, factor, input(op, 1 - place), output(op)));
      default:
        return false;
    }
  }

  /** Whether a vector becomes (1, ..., 1, its size), as Keras shapes the bias of a convolution. */
  private static boolean isRow(Parameter parameter, GraphOperation reshape) {
    var to = reshape.output(0).shape();
    int rank = to.numDimensions();
    return parameter.spec().shape().length == 1
        && rank >= 1
        && to.get(rank - 1) == parameter.spec().size()
        && to.size() == parameter.spec().size();
  }

  /** Adds the uses of a reshaped vector: added, or squeezed to the vector it was. */
  private boolean collectRow(
      Parameter parameter, GraphOperation row, double factor, List<Use> found) {
    for (GraphOperation op : row.consumers(0)) {
      if (ancestors.contains(op)) {
        boolean recognised =
            switch (op.type()) {
              case "Add", "AddV2" ->
                  alongChannels(parameter, op, 1 - place(op, row.output(0)))
                      && found.add(new Use.Shift(parameter, factor, output(op)));
              case "Squeeze" ->
                  op.output(0).shape().numDimensions() == 1
                      && collect(parameter, op.output(0), factor, found);
              default -> false;
            };
        if (!recognised) {
          return false;
        }
      }
    }
    return true;
  }

  private boolean addConvolution(
      Parameter parameter, double factor, GraphOperation op, int place, List<Use> found) {
    String padding = op.attributes().getAttrString("padding");
    Output<TFloating> a = input(op, 0);
    int[] kernel = parameter.spec().shape();
    boolean depthwise = op.type().equals("DepthwiseConv2dNative");
    boolean grouped = !depthwise && a.shape().get(3) != kernel[2];
    if (place != 1 || !nhwc(op) || padding.equals("EXPLICIT") || grouped) {
      return false;
    }
    Use.Window window =
        new Use.Window(
            kernel[0],
            kernel[1],
            op.attributes().getAttrIntList("strides"),
            op.attributes().getAttrIntList("dilations"),
            padding);
    return found.add(
        depthwise
            ? new Use.Depthwise(parameter, factor, a, output(op), window)
            : new Use.Conv(parameter, factor, a, output(op), window));
  }

  /**
   * Whether the parameter is a vector that is broadcast along all but the last axis of the input.
   */
  private static boolean alongChannels(Parameter parameter, GraphOperation op, int other) {
    int[] shape = parameter.spec().shape();
    var to = op.input(other).shape();
    int rank = to.numDimensions();
    return shape.length == 1
        && rank >= 2
        && to.get(rank - 1) == Shapes.size(shape)
        && op.output(0).shape().numDimensions() == rank;
  }

  private static boolean nhwc(GraphOperation op) {
    return op.attributes().getAttrString("data_format").equals("NHWC");
  }

  private static int place(GraphOperation op, Output<?> value) {
    for (int i = 0; i < op.numInputs(); i++) {
      if (op.input(i).equals(value)) {
        return i;
      }
    }
    throw new AssertionError(op + " does not read " + value);
  }

  @SuppressWarnings("unchecked")
  private static Output<TFloating> input(GraphOperation op, int i) {
    return (Output<TFloating>) op.input(i);
  }

  @SuppressWarnings("unchecked")
  private static Output<TFloating> output(GraphOperation op) {
    return (Output<TFloating>) (Output<?>) op.output(0);
  }
}
