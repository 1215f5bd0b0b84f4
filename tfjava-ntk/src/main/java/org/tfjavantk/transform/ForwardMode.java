package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tfjavantk.graphs.UserException;

/** Carries tangents forward through a graph, operation by operation. */
final class ForwardMode {
  private final Ops tf;
  private final Rules rules;
  private final TangentShapes shapes;
  private final Map<Output<?>, Operand<?>> tangents = new HashMap<>();

  ForwardMode(Ops tf, Rules rules, TangentShapes shapes) {
    this.tf = tf;
    this.rules = rules;
    this.shapes = shapes;
  }

  /** The tangents of f, given those of x; null where zero. */
  List<Operand<?>> run(
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> tangentsOfX) {
    for (int i = 0; i < x.size(); i++) {
      tangents.put(x.get(i).asOutput(), tangentsOfX.get(i));
      shapes.record(tangentsOfX.get(i), x.get(i));
    }
    for (GraphOperation op : Paths.between(x, f)) {
      push(op);
    }
    List<Operand<?>> result = new ArrayList<>();
    f.forEach(output -> result.add(tangents.get(output.asOutput())));
    return result;
  }

  private void push(GraphOperation op) {
    List<Operand<?>> incoming = new ArrayList<>();
    boolean any = false;
    for (Operand<?> input : op.inputs()) {
      Operand<?> tangent = tangents.get(input.asOutput());
      incoming.add(tangent);
      any |= tangent != null;
    }
    if (!any) {
      return;
    }
    JvpRule rule =
        rules
            .jvp(op.type())
            .orElseThrow(
                () ->
                    new UserException(
                        "there is no forward-mode rule for the operation "
                            + op.type()
                            + " (node "
                            + op.name()
                            + "); give one by Rules.withJvp(\""
                            + op.type()
                            + "\", rule), or write the node with other operations"));
    List<Operand<?>> outgoing = rule.apply(new ForwardOp(tf, op, incoming, shapes));
    for (int i = 0; i < outgoing.size(); i++) {
      if (outgoing.get(i) != null) {
        shapes.record(outgoing.get(i), op.output(i));
        Operand<?> given = tangents.get(op.output(i)); // where the output is itself one of x
        Operand<?> sum = given == null ? outgoing.get(i) : add(given, outgoing.get(i));
        shapes.record(sum, op.output(i));
        tangents.put(op.output(i), sum);
      }
    }
  }

  private Operand<?> add(Operand<?> a, Operand<?> b) {
    return tf.math.add(RuleOp.number(a), RuleOp.number(b));
  }
}
