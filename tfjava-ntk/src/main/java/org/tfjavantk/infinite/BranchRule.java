package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.List;

/** Branches with one input whose outputs, which are independent, are joined. */
final class BranchRule implements Rule {
  /** How the outputs are joined. */
  interface Join {
    Pairs join(List<Pairs> outputs);
  }

  private final List<List<Rule>> branches;
  private final Join join;
  private final List<Recursion> recursions;
  private final boolean wantedAlone;

  BranchRule(List<List<Rule>> branches, Join join) {
    this(branches, join, List.of(), false);
  }

  private BranchRule(
      List<List<Rule>> branches, Join join, List<Recursion> recursions, boolean wantedAlone) {
    this.branches = branches;
    this.join = join;
    this.recursions = recursions;
    this.wantedAlone = wantedAlone;
  }

  @Override
  public Rule below(Needs output) {
    List<Recursion> below = branches.stream().map(branch -> new Recursion(branch, output)).toList();
    return new BranchRule(branches, join, below, output.self() != Need.NONE);
  }

  @Override
  public Needs input(Needs output) {
    return recursions.stream().map(Recursion::input).reduce(Needs::and).orElseThrow();
  }

  @Override
  public Need input(Need output) {
    throw new IllegalStateException("branches know both walks");
  }

  /** The branches observe when they are run: here if nobody wants their outputs. */
  @Override
  public void observe(Pairs in, Walk walk) {
    if (!wantedAlone) {
      recursions.forEach(recursion -> recursion.run(in, walk));
    }
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    List<Pairs> outputs = new ArrayList<>();
    recursions.forEach(recursion -> outputs.add(recursion.run(in, walk)));
    return join.join(outputs);
  }

  /** Σ_b K_b and Σ_b Θ_b. */
  static Pairs sum(List<Pairs> outputs) {
    Pairs sum = outputs.get(0).like(outputs.get(0).positions(), outputs.get(0).full());
    for (Pairs part : outputs) {
      add(part.k(), 1, sum.k());
      if (sum.hasNtk()) {
        add(part.t(), 1, sum.t());
      }
    }
    return sum;
  }

  /** Channels side by side: the means of K_b and Θ_b, weighted by the shares of the channels. */
  static Join channels(double[] shares) {
    return outputs -> {
      Pairs mean = outputs.get(0).like(outputs.get(0).positions(), outputs.get(0).full());
      for (int i = 0; i < shares.length; i++) {
        add(outputs.get(i).k(), shares[i], mean.k());
        if (mean.hasNtk()) {
          add(outputs.get(i).t(), shares[i], mean.t());
        }
      }
      return mean;
    };
  }

  /** Entrywise products: Π_b K_b, and Σ_b Θ_b Π_{c ≠ b} K_c. */
  static Pairs product(List<Pairs> outputs) {
    Pairs first = outputs.get(0);
    Pairs product = first.like(first.positions(), first.full());
    for (int i = 0; i < first.k().length; i++) {
      double k = 1;
      double t = 0;
      for (Pairs part : outputs) {
        t = product.hasNtk() ? t * part.k()[i] + k * part.t()[i] : 0;
        k *= part.k()[i];
      }
      product.k()[i] = k;
      if (product.hasNtk()) {
        product.t()[i] = t;
      }
    }
    return product;
  }

  /**
   * Positions side by side along an axis: blocks of covariances, with zeros between the branches.
   *
   * @param outer positions of the axes before
   * @param lengths positions of each branch on the axis, times those of the axes behind
   */
  static Join positions(int outer, int[] lengths) {
    return outputs -> {
      int length = 0;
      for (int l : lengths) {
        length += l;
      }
      Pairs all = outputs.get(0).like(outer * length, outputs.get(0).full());
      int before = 0;
      for (int i = 0; i < lengths.length; i++) {
        place(outputs.get(i), all, lengths[i], length, before);
        before += lengths[i];
      }
      return all;
    };
  }

  private static void place(Pairs part, Pairs all, int own, int length, int before) {
    for (int b = 0; b < part.count(); b++) {
      for (int i = 0; i < part.size(); i++) {
        int p = part.full() ? i / part.positions() : i;
        int q = part.full() ? i % part.positions() : i;
        int row = p / own * length + before + p % own;
        int column = q / own * length + before + q % own;
        int to = b * all.size() + (all.full() ? row * all.positions() + column : row);
        all.k()[to] = part.k()[b * part.size() + i];
        if (part.hasNtk()) {
          all.t()[to] = part.t()[b * part.size() + i];
        }
      }
    }
  }

  private static void add(double[] from, double weight, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += weight * from[i];
    }
  }
}
