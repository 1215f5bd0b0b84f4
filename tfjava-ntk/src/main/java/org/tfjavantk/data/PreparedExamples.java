package org.tfjavantk.data;

import java.util.Objects;

/** Raw examples, preprocessed whenever they are read. */
final class PreparedExamples implements Examples {
  private final RawPart raw;
  private final Pipeline pipeline;
  private final int size;
  private final int classes;

  PreparedExamples(RawPart raw, Preprocess preprocess, int classes) {
    this.raw = raw;
    this.classes = classes;
    pipeline = Pipeline.of(preprocess, raw.type(), raw.shape());
    size = Examples.super.size();
  }

  @Override
  public int count() {
    return raw.count();
  }

  @Override
  public int[] shape() {
    return pipeline.shape();
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int classes() {
    return classes;
  }

  @Override
  public int label(int i) {
    return raw.labels()[i];
  }

  @Override
  public void read(int i, double[] into, int offset) {
    Objects.checkFromIndexSize(offset, size, into.length);
    pipeline.apply(raw.rows()[i], into, offset);
  }
}
