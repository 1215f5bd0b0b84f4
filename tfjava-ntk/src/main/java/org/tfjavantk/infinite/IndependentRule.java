package org.tfjavantk.infinite;

/** Positions with weights of their own: covariances of different ones are zero. */
final class IndependentRule implements Rule {
  private final Needs wanted;

  IndependentRule() {
    this(new Needs(Need.DIAGONAL, Need.NONE));
  }

  private IndependentRule(Needs wanted) {
    this.wanted = wanted;
  }

  @Override
  public Need input(Need output) {
    return Need.DIAGONAL;
  }

  @Override
  public Rule below(Needs output) {
    return new IndependentRule(output);
  }

  @Override
  public Pairs apply(Pairs in, Walk walk) {
    if ((walk.isSelf() ? wanted.self() : wanted.cross()) != Need.FULL) {
      return in;
    }
    int positions = in.positions();
    Pairs out = in.like(positions, true);
    for (int i = 0; i < in.count() * positions; i++) {
      int to = i * positions + i % positions;
      out.k()[to] = in.k()[i];
      if (in.hasNtk()) {
        out.t()[to] = in.t()[i];
      }
    }
    return out;
  }
}
