package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;

/**
 * Rules one after the other, each given just the covariances that it needs: known from the last
 * rule backwards.
 */
final class Recursion {
  private record Step(Rule rule, Needs input, Needs output) {}

  private final List<Step> steps = new ArrayList<>();
  private final Needs input;
  private final Needs output;

  Recursion(List<? extends Rule> rules, Needs output) {
    this.output = output;
    Needs wanted = output;
    for (int i = rules.size() - 1; i >= 0; i--) {
      Rule rule = rules.get(i).below(wanted);
      Needs below = rule.input(wanted);
      steps.add(0, new Step(rule, below, wanted));
      wanted = below;
    }
    input = wanted;
  }

  /** What is wanted of the input. */
  Needs input() {
    return input;
  }

  /** The output's covariances; null where nobody wants them. */
  Pairs run(Pairs in, Walk walk) {
    Pairs now = in;
    for (Step step : steps) {
      if (walk.isSelf() && step.input.self() == Need.NONE) {
        return null;
      }
      now = now.reduced(walk.isSelf() ? step.input.self() : step.input.cross());
      if (walk.isSelf()) {
        step.rule.observe(now, walk);
        if (step.output.self() == Need.NONE) {
          return null;
        }
      }
      now = step.rule.apply(now, walk);
    }
    return now.reduced(walk.isSelf() ? output.self() : output.cross());
  }
}
