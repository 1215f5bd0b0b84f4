package org.tfjavantk.infinite;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.tfjavantk.graphs.Precision;

/**
 * The infinite-width kernels of a {@link SlabStack}, NNGP (Lee et al., "Deep neural networks as
 * Gaussian processes", 2018) and NTK (Arora et al., "On exact computation with an infinitely wide
 * neural net", 2019), in closed form, on all cores: a few slabs at a time, never the whole
 * covariance of a pair of images, which has (height · width)² entries for each layer.
 *
 * <p>In float32 an angle θ has an error of about 10⁻⁷ / θ. Among all pairs of positions small
 * angles are few, unless the images are nearly parallel: these are paired in float64. So are all
 * where only p = q counts, where a white sky in both is enough, and which take one slab. Measured
 * on CIFAR-10 and Fashion-MNIST the NTK then has a relative error below 5·10⁻⁷; images of large
 * areas of exactly the same colour, such as those of two colours only, are the worst with 4·10⁻⁵.
 *
 * <p>The values do not depend on the number of threads, nor on which examples share a tile. Safe
 * for use by several threads.
 */
public final class SlabKernel {
  /** Cosine of two images above which they are nearly parallel. */
  static final double NEAR = 0.98;

  /** Bytes of pooled slabs that a thread may keep, so that they stay in its cache or near it. */
  private static final long POOLED = 4 << 20;

  /** Most images x that share the work of turning z. */
  private static final int BLOCK = 64;

  private final SlabStack stack;
  private final SlabPlan plan;

  /** Whether pairs that are not nearly parallel are computed in float32. */
  private final boolean single;

  private final Supplier<SlabMath<float[]>> floats;
  private final Supplier<SlabMath<double[]>> doubles;

  /** Kernels computed in this precision. */
  public SlabKernel(SlabStack stack, Precision precision) {
    this(stack, precision, SlabMaths::floats, Doubles::new);
  }

  SlabKernel(
      SlabStack stack,
      Precision precision,
      Supplier<SlabMath<float[]>> floats,
      Supplier<SlabMath<double[]>> doubles) {
    this.stack = stack;
    this.floats = floats;
    this.doubles = doubles;
    plan = SlabPlan.of(stack);
    single = precision == Precision.FLOAT32 && plan.mixes();
  }

  /**
   * The examples of images, each height × width × channels values (channels last).
   *
   * @throws IllegalArgumentException if an image has another size
   */
  public List<SlabExample> prepare(List<double[]> images) {
    SlabExample[] examples = new SlabExample[images.size()];
    int levels = plan.levels().size();
    Lanes.work(
        images.size(),
        () -> new SlabVariances(stack, levels, doubles.get()),
        (variances, i) -> examples[i] = variances.example(pixels(images.get(i))));
    return List.of(examples);
  }

  private double[] pixels(double[] image) {
    int channels = stack.channels();
    if (image.length != stack.height() * stack.width() * channels) {
      throw new IllegalArgumentException(
          image.length
              + " values are no image of "
              + (stack.height() + " × " + stack.width() + " × " + channels));
    }
    Grid grid = plan.levels().get(0).grid();
    double[] pixels = new double[channels * grid.length()];
    double scale = 1 / Math.sqrt(channels);
    for (int i = 0; i < image.length; i++) {
      int p = i / channels;
      int position = p / stack.width() * grid.columns() + p % stack.width();
      pixels[i % channels * grid.length() + grid.border() + position] = scale * image[i];
    }
    return pixels;
  }

  /**
   * The kernels of row examples with column examples. If both are the same list, every pair is
   * computed once.
   *
   * @param progress told how many pairs have been added to those done, by any thread; what it
   *     throws ends the work and is thrown here
   */
  public SlabTile tile(List<SlabExample> rows, List<SlabExample> columns, IntConsumer progress) {
    return single
        ? new Tile<>(rows, columns, floats).run(progress)
        : new Tile<>(rows, columns, doubles).run(progress);
  }

  /** Images x that are taken together. */
  private int block(int bytes) {
    long pooled = 0;
    for (int s = 1; s < plan.levels().size(); s++) {
      pooled += 2L * bytes * plan.levels().get(s).length();
    }
    return pooled == 0 ? BLOCK : (int) Math.max(1, Math.min(BLOCK, POOLED / pooled));
  }

  /** Some rows of one column. */
  private record Piece(int from, int to, int column) {}

  /** A tile in the making. */
  private final class Tile<A> {
    private final List<SlabExample> rows;
    private final List<SlabExample> columns;
    private final boolean symmetric;
    private final Supplier<SlabMath<A>> math;
    private final List<SlabSide<A>> left;
    private final List<SlabSide<A>> right;
    private final double[] nngp;
    private final double[] ntk;

    Tile(List<SlabExample> rows, List<SlabExample> columns, Supplier<SlabMath<A>> math) {
      this.rows = rows;
      this.columns = columns;
      this.math = math;
      symmetric = rows == columns;
      left = sides(rows);
      right = symmetric ? left : sides(columns);
      nngp = new double[rows.size() * columns.size()];
      ntk = new double[nngp.length];
    }

    private List<SlabSide<A>> sides(List<SlabExample> examples) {
      return examples.parallelStream().map(example -> SlabSide.of(example, math.get())).toList();
    }

    SlabTile run(IntConsumer progress) {
      List<Piece> pieces = pieces();
      Lanes.work(
          pieces.size(),
          Worker::new,
          (worker, i) -> {
            worker.compute(pieces.get(i));
            progress.accept(pieces.get(i).to() - pieces.get(i).from());
          });
      return new SlabTile(rows.size(), columns.size(), nngp, ntk);
    }

    /** The long ones first, so that all threads end at about the same time. */
    private List<Piece> pieces() {
      int block = block(single ? Float.BYTES : Double.BYTES);
      List<Piece> pieces = new ArrayList<>();
      for (int column = columns.size() - 1; column >= 0; column--) {
        int end = symmetric ? column + 1 : rows.size();
        for (int from = 0; from < end; from += block) {
          pieces.add(new Piece(from, Math.min(end, from + block), column));
        }
      }
      return pieces;
    }

    private void set(int row, int column, double k, double theta) {
      double pairs = plan.pairs(stack.top());
      double nngp = stack.nngp(k / pairs);
      double ntk = stack.ntk(k / pairs, theta / pairs);
      this.nngp[row * columns.size() + column] = nngp;
      this.ntk[row * columns.size() + column] = ntk;
      if (symmetric) {
        this.nngp[column * columns.size() + row] = nngp;
        this.ntk[column * columns.size() + row] = ntk;
      }
    }

    /** What one thread does. */
    private final class Worker {
      private final SlabMath<A> own = math.get();
      private final SlabWalk<A> walk = new SlabWalk<>(plan, own);
      private final A products = own.zeros(plan.levels().get(0).grid().length());
      private SlabWalk<double[]> exact;

      void compute(Piece piece) {
        SlabExample z = columns.get(piece.column());
        List<Integer> near = new ArrayList<>();
        List<Integer> others = new ArrayList<>();
        for (int i = piece.from(); i < piece.to(); i++) {
          boolean parallel = single && cosine(i, piece.column()) > NEAR;
          (parallel ? near : others).add(i);
        }
        walk(walk, others, others.stream().map(left::get), right.get(piece.column()), piece);
        if (!near.isEmpty()) {
          if (exact == null) {
            exact = new SlabWalk<>(plan, doubles.get());
          }
          SlabMath<double[]> same = doubles.get();
          Stream<SlabSide<double[]>> sides = near.stream().map(i -> SlabSide.of(rows.get(i), same));
          walk(exact, near, sides, SlabSide.of(z, same), piece);
        }
      }

      private <B> void walk(
          SlabWalk<B> walk,
          List<Integer> which,
          Stream<SlabSide<B>> sides,
          SlabSide<B> z,
          Piece piece) {
        if (which.isEmpty()) {
          return;
        }
        List<SlabSide<B>> x = sides.toList();
        List<SlabWalk.Image<B>> images = new ArrayList<>();
        double[] pixels = columns.get(piece.column()).pixels();
        for (int i = 0; i < x.size(); i++) {
          boolean same = Arrays.equals(rows.get(which.get(i)).pixels(), pixels);
          images.add(new SlabWalk.Image<>(x.get(i), same));
        }
        SlabWalk.Totals sums = walk.run(images, z);
        for (int i = 0; i < x.size(); i++) {
          set(which.get(i), piece.column(), sums.k()[i], sums.theta()[i]);
        }
      }

      private double cosine(int row, int column) {
        Grid grid = plan.levels().get(0).grid();
        A x = left.get(row).pixels();
        A z = right.get(column).pixels();
        int length = grid.length();
        own.products(
            stack.channels(), x, length, z, 0, length, products, grid.border(), grid.values());
        double squares = rows.get(row).squares() * columns.get(column).squares();
        return own.sum(products, grid.border(), grid.values()) / Math.sqrt(squares);
      }
    }
  }
}
