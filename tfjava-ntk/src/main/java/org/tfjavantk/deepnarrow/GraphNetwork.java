package org.tfjavantk.deepnarrow;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tfjavantk.graphs.DeviceChoice;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;

/**
 * Networks as TensorFlow graphs of any width, dense or convolutional, on one device or with
 * contiguous runs of layers on several. Blocks of layers are scanned forwards and backwards; the
 * memory beside the parameters is that of the inputs of all blocks and of the inside of one.
 */
public final class GraphNetwork implements DeepNetwork {
  /** Layers of a block: enough to make the call of a session small beside them. */
  private static final int BLOCK = 50;

  private final DeepNarrow network;
  private final int trials;
  private final Precision precision;
  private final Graph graph = new Graph();
  private final Session session;
  private final List<LayerStack> stacks = new ArrayList<>();
  private final List<LayerStack.Block> blocks = new ArrayList<>();

  /**
   * A network whose parameters are all zero.
   *
   * @param trials of a network on images there is one
   * @param device where it lies: with several devices, the layers of the body are shared out
   */
  public GraphNetwork(DeepNarrow network, int trials, Precision precision, DeviceChoice device) {
    if (trials > 1 && !network.image().equals(Image.POINT)) {
      throw new IllegalArgumentException(trials + " trials of a network on images");
    }
    this.network = network;
    this.trials = trials;
    this.precision = precision;
    List<DeviceChoice> places = device.each();
    add(places.get(0), 0, 1);
    int body = network.depth() - 1;
    for (int i = 0; i < places.size(); i++) {
      int from = (int) ((long) body * i / places.size());
      int to = (int) ((long) body * (i + 1) / places.size());
      if (to > from) {
        add(places.get(i), 1 + from, to - from);
      }
    }
    add(places.get(places.size() - 1), network.depth(), 1);
    session = new Session(graph, device.config());
    stacks.forEach(stack -> stack.clear(session));
  }

  private void add(DeviceChoice place, int layer, int count) {
    String name = "layers" + stacks.size();
    LayerStack stack =
        new LayerStack(place.ops(graph), name, network, layer, count, trials, precision);
    stacks.add(stack);
    blocks.addAll(stack.split(BLOCK));
  }

  @Override
  public DeepNarrow network() {
    return network;
  }

  @Override
  public int trials() {
    return trials;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public double[] layer(int trial, int layer) {
    int at = layer;
    for (LayerStack stack : stacks) {
      if (at < stack.count()) {
        return stack.values(session, at, trial);
      }
      at -= stack.count();
    }
    throw new IndexOutOfBoundsException("layer " + layer);
  }

  @Override
  public void assign(int trial, int layer, double[] values) {
    int at = layer;
    for (LayerStack stack : stacks) {
      if (at >= 0 && at < stack.count()) {
        stack.assign(session, at, trial, values);
      }
      at -= stack.count();
    }
  }

  /** The examples as every trial reads them, each {@code copies} times. */
  private Tensor input(double[][] x, int copies) {
    int size = network.exampleSize();
    double[] values = new double[trials * x.length * copies * size];
    for (int at = 0; at < values.length; at += size) {
      System.arraycopy(x[at / size / copies % x.length], 0, values, at, size);
    }
    return maps(values, x.length * copies, network.inputs());
  }

  private Tensor maps(double[] values, int n, int channels) {
    Image image = network.image();
    return image.equals(Image.POINT)
        ? Tensors.of(values, precision, trials, n, channels)
        : Tensors.of(values, precision, n, image.height(), image.width(), channels);
  }

  /** Keeps what each block reads; the last is what the tail makes. The caller closes them. */
  private Deque<Tensor> forward(Tensor input) {
    Deque<Tensor> kept = new ArrayDeque<>();
    kept.addLast(input);
    for (LayerStack.Block block : blocks) {
      kept.addLast(block.ops().forward(session, block.first(), kept.getLast()));
    }
    return kept;
  }

  @Override
  public double[][][] outputs(double[][] x) {
    Tensor a = input(x, 1);
    for (LayerStack.Block block : blocks) {
      try (Tensor read = a) {
        a = block.ops().forward(session, block.first(), read);
      }
    }
    try (Tensor last = a) {
      return means(last, x.length);
    }
  }

  /** f: the mean over positions of what the tail makes. */
  private double[][][] means(Tensor tail, int n) {
    int outputs = network.outputs();
    int positions = network.image().positions();
    double[] values = Tensors.toDoubles(tail);
    double[][][] f = new double[trials][n][outputs];
    for (int at = 0; at < values.length; at++) {
      int example = at / outputs / positions;
      f[example / n][example % n][at % outputs] += values[at] / positions;
    }
    return f;
  }

  @Override
  public double[][] descend(double[][] x, double[][] y, double learningRate, int steps) {
    double[][] losses = new double[trials][steps];
    for (int step = 0; step < steps; step++) {
      double[] loss = step(x, y, learningRate);
      for (int trial = 0; trial < trials; trial++) {
        losses[trial][step] = loss[trial];
      }
    }
    return losses;
  }

  private double[] step(double[][] x, double[][] y, double learningRate) {
    int outputs = network.outputs();
    double count = (double) y.length * outputs;
    double[] loss = new double[trials];
    Deque<Tensor> kept = forward(input(x, 1));
    try {
      double[] slope = new double[trials * y.length * outputs];
      try (Tensor tail = kept.removeLast()) {
        double[][][] f = means(tail, y.length);
        for (int at = 0; at < slope.length; at++) {
          int trial = at / outputs / y.length;
          int i = at / outputs % y.length;
          double error = f[trial][i][at % outputs] - y[i][at % outputs];
          loss[trial] += error * error / count;
          slope[at] = 2 * error / count;
        }
      }
      Tensor delta = spread(slope, y.length);
      for (int b = blocks.size() - 1; b >= 0; b--) {
        LayerStack.Block block = blocks.get(b);
        try (Tensor above = delta;
            Tensor read = kept.removeLast()) {
          delta = block.ops().descend(session, block.first(), read, above, learningRate);
        }
      }
      delta.close();
      return loss;
    } finally {
      kept.forEach(Tensor::close);
    }
  }

  /** The derivative by what the tail makes, from that by the outputs, (trial, example, output). */
  private Tensor spread(double[] slope, int n) {
    int outputs = network.outputs();
    int positions = network.image().positions();
    double[] values = new double[slope.length * positions];
    for (int at = 0; at < values.length; at++) {
      values[at] = slope[at / outputs / positions * outputs + at % outputs] / positions;
    }
    return maps(values, n, outputs);
  }

  @Override
  public double[][][] kernel(double[][] x, int rows) {
    int outputs = network.outputs();
    int signals = x.length * outputs;
    double[][][] theta = new double[trials][rows * outputs][signals];
    Deque<Tensor> kept = forward(input(x, outputs));
    try {
      kept.removeLast().close();
      // Signal i·outputs + k is output k of example i.
      double[] slope = new double[trials * signals * outputs];
      Arrays.setAll(slope, at -> at % outputs == at / outputs % outputs ? 1 : 0);
      Tensor delta = spread(slope, signals);
      for (int b = blocks.size() - 1; b >= 0; b--) {
        LayerStack.Block block = blocks.get(b);
        try (Tensor above = delta;
            Tensor read = kept.removeLast()) {
          LayerBlock.Part part =
              block.ops().kernel(session, block.first(), read, above, rows * outputs);
          delta = part.below();
          add(part.theta(), theta);
        }
      }
      delta.close();
      return theta;
    } finally {
      kept.forEach(Tensor::close);
    }
  }

  private static void add(Tensor part, double[][][] theta) {
    try (part) {
      double[] values = Tensors.toDoubles(part);
      int at = 0;
      for (double[][] matrix : theta) {
        for (double[] row : matrix) {
          for (int j = 0; j < row.length; j++) {
            row[j] += values[at++];
          }
        }
      }
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }
}
