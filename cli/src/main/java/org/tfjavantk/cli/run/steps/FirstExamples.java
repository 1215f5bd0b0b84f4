package org.tfjavantk.cli.run.steps;

import org.tfjavantk.data.Examples;

/** The first examples of a set. */
record FirstExamples(Examples all, int count) implements Examples {

  /** The first {@code count} examples, all where {@code count} is 0 or more than there are. */
  static Examples of(Examples all, int count) {
    return count == 0 || count >= all.count() ? all : new FirstExamples(all, count);
  }

  @Override
  public int[] shape() {
    return all.shape();
  }

  @Override
  public int size() {
    return all.size();
  }

  @Override
  public int classes() {
    return all.classes();
  }

  @Override
  public int label(int i) {
    return all.label(i);
  }

  @Override
  public void read(int i, double[] into, int offset) {
    all.read(i, into, offset);
  }

  /** All labels of a set. */
  static int[] labels(Examples examples) {
    int[] labels = new int[examples.count()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = examples.label(i);
    }
    return labels;
  }
}
