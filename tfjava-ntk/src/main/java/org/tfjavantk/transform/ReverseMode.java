package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.tensorflow.GraphOperation;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tfjavantk.graphs.UserException;

/**
 * Carries cotangents backward. Forward mode first writes ḟ = J ẋ for symbolic tangents ẋ; that is a
 * linear graph, and its transpose, operation by operation from ḟ to ẋ, is Jᵀ. The graph of ḟ is not
 * run: of its tensors the transpose needs the shapes alone. Radul, Paszke, Frostig, Johnson,
 * Maclaurin, "You only linearize once", POPL 2023.
 */
final class ReverseMode {
  private final Ops tf;
  private final Rules rules;
  private final TangentShapes shapes = new TangentShapes();
  private final List<Operand<?>> tangentsOfX = new ArrayList<>();
  private final List<Operand<?>> tangentsOfF;
  private final List<GraphOperation> linear;
  private final Set<Output<?>> carriers = new HashSet<>();

  /** Linearizes f at x. */
  ReverseMode(Ops tf, Rules rules, List<? extends Operand<?>> f, List<? extends Operand<?>> x) {
    this.tf = tf;
    this.rules = rules;
    for (Operand<?> input : x) {
      // Zeros, and not placeholders, so that a rule may ask for a shape that is not known yet.
      tangentsOfX.add(tf.withName("tangent").zerosLike(RuleOp.number(input)));
    }
    tangentsOfF = new ForwardMode(tf, rules, shapes).run(f, x, tangentsOfX);
    linear = Paths.between(tangentsOfX, tangentsOfF.stream().filter(t -> t != null).toList());
    tangentsOfX.forEach(tangent -> carriers.add(tangent.asOutput()));
    for (GraphOperation op : linear) {
      for (int k = 0; k < op.numOutputs(); k++) {
        carriers.add(op.output(k));
      }
    }
  }

  /** Jᵀu: the cotangents of x, given those of f; null where zero. May be called many times. */
  List<Operand<?>> run(List<? extends Operand<?>> u) {
    Map<Output<?>, List<Operand<?>>> cotangents = new HashMap<>();
    for (int k = 0; k < u.size(); k++) {
      if (tangentsOfF.get(k) != null) {
        add(cotangents, tangentsOfF.get(k).asOutput(), u.get(k));
      }
    }
    for (int i = linear.size() - 1; i >= 0; i--) {
      pull(linear.get(i), cotangents);
    }
    List<Operand<?>> result = new ArrayList<>();
    tangentsOfX.forEach(tangent -> result.add(total(cotangents.get(tangent.asOutput()))));
    return result;
  }

  private void pull(GraphOperation op, Map<Output<?>, List<Operand<?>>> cotangents) {
    List<Operand<?>> incoming = new ArrayList<>();
    boolean any = false;
    for (int k = 0; k < op.numOutputs(); k++) {
      Operand<?> cotangent = total(cotangents.remove(op.output(k)));
      incoming.add(cotangent);
      any |= cotangent != null;
    }
    if (!any) {
      return;
    }
    List<Boolean> carries = new ArrayList<>();
    op.inputs().forEach(input -> carries.add(carriers.contains(input.asOutput())));
    TransposeRule rule =
        rules
            .transpose(op.type())
            .orElseThrow(
                () ->
                    new UserException(
                        "the operation "
                            + op.type()
                            + " (node "
                            + op.name()
                            + ") in a forward-mode rule has no transpose; give one by"
                            + " Rules.withTranspose(\""
                            + op.type()
                            + "\", rule), or write the rule with other operations"));
    List<Operand<?>> outgoing = rule.apply(new TransposeOp(tf, op, incoming, carries, shapes));
    for (int i = 0; i < outgoing.size(); i++) {
      if (outgoing.get(i) != null && carries.get(i)) {
        add(cotangents, op.input(i).asOutput(), outgoing.get(i));
      }
    }
  }

  private static void add(
      Map<Output<?>, List<Operand<?>>> cotangents, Output<?> of, Operand<?> term) {
    cotangents.computeIfAbsent(of, o -> new ArrayList<>()).add(term);
  }

  private Operand<?> total(List<Operand<?>> terms) {
    if (terms == null || terms.size() == 1) {
      return terms == null ? null : terms.get(0);
    }
    return tf.math.addN(terms.stream().map(RuleOp::number).toList());
  }
}
