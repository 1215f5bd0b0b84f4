package org.tfjavantk.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.tfjavantk.graphs.UserException;
import org.tfjavantk.random.RandomStream;

/** The generators of vectors in float64. */
final class VectorGenerators {
  private VectorGenerators() {}

  /** {@link Source.GaussianMixture}. */
  static final class Mixture implements Generator {
    private final Source.GaussianMixture source;
    private final double[][] centres;

    Mixture(Source.GaussianMixture source, long seed) {
      this.source = source;
      check("gaussian_mixture.dimension", source.dimension(), 1);
      check("gaussian_mixture.classes", source.classes(), 2);
      if (!(source.separation() >= 0) || Double.isInfinite(source.separation())) {
        throw new UserException(
            "dataset.gaussian_mixture.separation: found "
                + source.separation()
                + ", must be at least 0 and finite");
      }
      RandomStream stream = RandomStream.of(seed, "data/gaussian_mixture/centres");
      centres = new double[source.classes()][source.dimension()];
      for (int c = 0; c < centres.length; c++) {
        Draws draws = new Draws(stream, c);
        double squared = 0;
        for (int i = 0; i < source.dimension(); i++) {
          centres[c][i] = draws.normal();
          squared += centres[c][i] * centres[c][i];
        }
        for (int i = 0; i < source.dimension(); i++) {
          centres[c][i] *= source.separation() / Math.sqrt(squared);
        }
      }
    }

    @Override
    public String name() {
      return "gaussian_mixture";
    }

    @Override
    public ElementType type() {
      return ElementType.F8;
    }

    @Override
    public int[] shape() {
      return new int[] {source.dimension()};
    }

    @Override
    public List<String> classNames() {
      return numbers(source.classes());
    }

    @Override
    public int[] frequencies() {
      int[] equal = new int[source.classes()];
      Arrays.fill(equal, 1);
      return equal;
    }

    @Override
    public byte[] example(RandomStream stream, long index, int label) {
      Draws draws = new Draws(stream, index);
      double[] x = centres[label].clone();
      for (int i = 0; i < x.length; i++) {
        x[i] += draws.normal();
      }
      return bytes(x);
    }
  }

  /** {@link Source.Circle}. */
  static final class CircleArcs implements Generator {
    private final Source.Circle source;

    CircleArcs(Source.Circle source) {
      this.source = source;
      check("circle.classes", source.classes(), 2);
      check("circle.arcs", source.arcs(), 2);
      if (source.arcs() < source.classes()) {
        throw new UserException(
            "dataset.circle.arcs: found "
                + source.arcs()
                + " for "
                + source.classes()
                + " classes; every class needs an arc");
      }
    }

    @Override
    public String name() {
      return "circle";
    }

    @Override
    public ElementType type() {
      return ElementType.F8;
    }

    @Override
    public int[] shape() {
      return new int[] {2};
    }

    @Override
    public List<String> classNames() {
      return numbers(source.classes());
    }

    @Override
    public int[] frequencies() {
      int[] arcs = new int[source.classes()];
      for (int arc = 0; arc < source.arcs(); arc++) {
        arcs[arc % arcs.length]++;
      }
      return arcs;
    }

    @Override
    public byte[] example(RandomStream stream, long index, int label) {
      Draws draws = new Draws(stream, index);
      int arc = label + source.classes() * draws.integer(frequencies()[label]);
      double t = 2 * Math.PI * (arc + draws.uniform(0, 1)) / source.arcs();
      return bytes(new double[] {Math.cos(t), Math.sin(t)});
    }
  }

  private static void check(String field, int value, int least) {
    if (value < least) {
      throw new UserException(
          "dataset." + field + ": found " + value + ", must be at least " + least);
    }
  }

  private static List<String> numbers(int count) {
    return new ArrayList<>(IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }

  private static byte[] bytes(double[] values) {
    byte[] bytes = new byte[Double.BYTES * values.length];
    for (int i = 0; i < values.length; i++) {
      ElementType.F8.put(values[i], bytes, Double.BYTES * i);
    }
    return bytes;
  }
}
