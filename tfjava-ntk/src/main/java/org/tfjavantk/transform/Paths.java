package org.tfjavantk.transform;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;

/** Walks through graphs. */
public final class Paths {
  private Paths() {}

  /**
   * The operations on the ways from x to f, each after those that it reads. The operations that
   * make x itself are not among them, unless another x leads to them.
   */
  public static List<GraphOperation> between(
      List<? extends Operand<?>> x, List<? extends Operand<?>> f) {
    Set<GraphOperation> before = ancestors(f);
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

  /** The operations that f depends on by data, with those that make f. */
  public static Set<GraphOperation> ancestors(List<? extends Operand<?>> f) {
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
    return new ArrayList<>(done);
  }
}
