package org.tfjavantk.transform;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tfjavantk.graphs.UserException;

/** Carries tangents forward through a graph, operation by operation. */
final class ForwardMode {
  private final Ops tf;
  private final JvpRules rules;
  private final Map<Output<?>, Operand<?>> tangents = new HashMap<>();

  ForwardMode(Ops tf, JvpRules rules) {
    this.tf = tf;
    this.rules = rules;
  }

  /** The tangents of f, given those of x; null where zero. */
  List<Operand<?>> run(
      List<? extends Operand<?>> f,
      List<? extends Operand<?>> x,
      List<? extends Operand<?>> tangentsOfX) {
    for (int i = 0; i < x.size(); i++) {
      tangents.put(x.get(i).asOutput(), tangentsOfX.get(i));
    }
    for (GraphOperation op : between(x, f)) {
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
            .find(op.type())
            .orElseThrow(
                () ->
                    new UserException(
                        "there is no forward-mode rule for the operation "
                            + op.type()
                            + " (node "
                            + op.name()
                            + "); give one by JvpRules.with(\""
                            + op.type()
                            + "\", rule), or write the node with other operations"));
    List<Operand<?>> outgoing = rule.apply(new ForwardOp(tf, op, incoming));
    for (int i = 0; i < outgoing.size(); i++) {
      // An output that is itself one of x keeps the tangent that was given.
      if (outgoing.get(i) != null) {
        tangents.putIfAbsent(op.output(i), outgoing.get(i));
      }
    }
  }

  /** The operations on the ways from x to f, each after those that it reads. */
  private static List<GraphOperation> between(
      List<? extends Operand<?>> x, List<? extends Operand<?>> f) {
    Set<GraphOperation> before = reachable(f);
    Set<GraphOperation> after = new HashSet<>();
    Deque<Output<?>> open = new ArrayDeque<>();
    x.forEach(input -> open.add(input.asOutput()));
    Set<Output<?>> seen = new HashSet<>(open);
    while (!open.isEmpty()) {
      Output<?> output = open.pop();
      for (GraphOperation consumer : ((GraphOperation) output.op()).consumers(output.index())) {
        if (before.contains(consumer) && after.add(consumer)) {
          for (int i = 0; i < consumer.numOutputs(); i++) {
            if (seen.add(consumer.output(i))) {
              open.add(consumer.output(i));
            }
          }
        }
      }
    }
    return sorted(after);
  }

  private static Set<GraphOperation> reachable(List<? extends Operand<?>> f) {
    Set<GraphOperation> found = new HashSet<>();
    Deque<GraphOperation> open = new ArrayDeque<>();
    f.forEach(output -> open.add((GraphOperation) output.op()));
    while (!open.isEmpty()) {
      GraphOperation op = open.pop();
      if (found.add(op)) {
        op.inputs().forEach(input -> open.add((GraphOperation) input.op()));
      }
    }
    return found;
  }

  /** Topological order, without recursion: graphs may be deep. */
  private static List<GraphOperation> sorted(Set<GraphOperation> operations) {
    Set<GraphOperation> done = new LinkedHashSet<>();
    for (GraphOperation root : operations) {
      Deque<GraphOperation> stack = new ArrayDeque<>();
      stack.push(root);
      while (!stack.isEmpty()) {
        GraphOperation op = stack.peek();
        int depth = stack.size();
        if (!done.contains(op)) {
          for (Operand<?> input : op.inputs()) {
            GraphOperation source = (GraphOperation) input.op();
            if (operations.contains(source) && !done.contains(source)) {
              stack.push(source);
            }
          }
        }
        if (stack.size() == depth) {
          done.add(stack.pop());
        }
      }
    }
    return List.copyOf(done);
  }
}
