package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.List;
import org.tensorflow.Graph;
import org.tensorflow.Operand;
import org.tensorflow.Session;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Placeholder;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GraphOptions;
import org.tensorflow.proto.OptimizerOptions;
import org.tensorflow.proto.RewriterConfig;
import org.tensorflow.types.TFloat64;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.graphs.Tensors;

/** One rule case at a random point, with a random direction. */
final class Trial implements AutoCloseable {
  final Graph graph = new Graph();
  final Ops tf = Ops.create(graph);
  final List<Placeholder<TFloat64>> x = new ArrayList<>();
  final List<Placeholder<TFloat64>> tangents = new ArrayList<>();
  final List<double[]> point = new ArrayList<>();
  final List<double[]> v = new ArrayList<>();
  final RuleCase rule;
  final Operand<TNumber> f;
  final Operand<TNumber> jv;
  private final Session session;

  Trial(RuleCase rule) {
    this(rule, false);
  }

  /**
   * @param unknown whether the graph is not told the first size of x, as with a batch of any size
   */
  Trial(RuleCase rule, boolean unknown) {
    this.rule = rule;
    for (int i = 0; i < rule.shapes().size(); i++) {
      long[] sizes = rule.shapes().get(i).clone();
      if (unknown && sizes.length > 0) {
        sizes[0] = Shape.UNKNOWN_SIZE;
      }
      Shape shape = Shape.of(sizes);
      x.add(tf.placeholder(TFloat64.class, Placeholder.shape(shape)));
      tangents.add(tf.placeholder(TFloat64.class, Placeholder.shape(shape)));
      point.add(rule.point(i));
      v.add(rule.direction(i));
    }
    f = rule.build(tf, x);
    jv = Transforms.jvp(tf, List.of(f), x, tangents).get(0);
    session = session(graph);
  }

  /** Runs graphs as they are: to optimize takes far longer than to run the small ones of cases. */
  static Session session(Graph graph) {
    var rewrite = RewriterConfig.newBuilder().setDisableMetaOptimizer(true);
    var plain = OptimizerOptions.newBuilder().setOptLevel(OptimizerOptions.Level.L0);
    var options = GraphOptions.newBuilder().setRewriteOptions(rewrite).setOptimizerOptions(plain);
    return new Session(graph, ConfigProto.newBuilder().setGraphOptions(options).build());
  }

  /** A random cotangent of f. */
  Operand<TNumber> cotangent() {
    return shaped(rule.cotangent(run(f, 0).length), f);
  }

  /** Constants, reshaped like an operand. */
  Operand<TNumber> shaped(double[] values, Operand<TNumber> like) {
    return tf.reshape(RuleOp.number(tf.constant(values)), tf.shape(like));
  }

  /** The value of an operand at x + step v. */
  double[] run(Operand<?> operand, double step) {
    return run(List.of(operand), step).get(0);
  }

  /** The values of operands at x + step v. */
  List<double[]> run(List<? extends Operand<?>> operands, double step) {
    List<Tensor> tensors = new ArrayList<>();
    try {
      Session.Runner runner = session.runner();
      operands.forEach(runner::fetch);
      for (int i = 0; i < x.size(); i++) {
        double[] at = point.get(i).clone();
        for (int k = 0; k < at.length; k++) {
          at[k] += step * v.get(i)[k];
        }
        long[] shape = rule.shapes().get(i);
        tensors.add(Tensors.of(at, Precision.FLOAT64, shape));
        runner.feed(x.get(i), tensors.get(tensors.size() - 1));
        tensors.add(Tensors.of(v.get(i), Precision.FLOAT64, shape));
        runner.feed(tangents.get(i), tensors.get(tensors.size() - 1));
      }
      List<double[]> values = new ArrayList<>();
      try (var result = runner.run()) {
        result.forEach(entry -> values.add(Tensors.toDoubles(entry.getValue())));
      }
      return values;
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  @Override
  public void close() {
    session.close();
    graph.close();
  }

  /** Σ_i ⟨a_i, b_i⟩. */
  static double dot(List<double[]> a, List<double[]> b) {
    double sum = 0;
    for (int i = 0; i < a.size(); i++) {
      for (int k = 0; k < a.get(i).length; k++) {
        sum += a.get(i)[k] * b.get(i)[k];
      }
    }
    return sum;
  }

  static double norm(List<double[]> a) {
    return Math.sqrt(dot(a, a));
  }
}
