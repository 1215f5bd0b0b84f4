package org.tfjavantk.empirical;

import java.util.Arrays;
import org.tfjavantk.empirical.Lane.Slot;
import org.tfjavantk.graphs.Precision;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.View;

/**
 * The inner products G_pq = ⟨patch_p(a), patch_q(a')⟩ of the patches that a layer sees of one
 * example and of another, (D, D).
 *
 * <p>Patches that overlap share pixels. Where the window moves by one pixel, G is a sum of inner
 * products of the pixels a_u of c numbers, over the places s of the window, zero outside of the
 * input:
 *
 * <p>G_pq = Σ_s ⟨a_{p+s}, a'_{q+s}⟩,
 *
 * <p>first along the width, then along the height. With as many pixels as positions and a window of
 * k x k that is D² c multiply-adds and 2 k D² additions, instead of D² k² c multiply-adds.
 */
final class PatchGram {
  /** What one of the additions costs, in multiply-adds of a large product. */
  private static final double ADDITION = 8;

  private final LinearLayer layer;
  private final Geometry geometry;
  private final boolean byPixels;

  PatchGram(LinearLayer layer) {
    this.layer = layer;
    this.geometry = layer.geometry();
    this.byPixels =
        geometry.unstrided() && pixelProducts() + ADDITION * additions() < patchProducts();
  }

  /** Multiply-adds of a pair of examples, without the additions. */
  double products() {
    return byPixels ? pixelProducts() : patchProducts();
  }

  /** What a pair of examples costs, in multiply-adds of a large product. */
  double cost() {
    return byPixels ? pixelProducts() + ADDITION * additions() : patchProducts();
  }

  private double patchProducts() {
    return (double) layer.positions() * layer.positions() * layer.patch();
  }

  private double pixelProducts() {
    return (double) geometry.pixels() * geometry.pixels() * geometry.channels();
  }

  private double additions() {
    double wide = (double) geometry.height() * geometry.outWidth();
    double d = layer.positions();
    return geometry.window().width() * wide * wide + geometry.window().height() * d * d;
  }

  /** The rows of one example in the product of matrices: its pixels, or its patches. */
  int rows() {
    return byPixels ? geometry.pixels() : layer.positions();
  }

  /** Numbers that exist while n examples are multiplied with as many others, in native memory. */
  long memory(long n) {
    long rows = n * rows();
    boolean copied = !byPixels && !geometry.pointwise();
    long wide = (long) geometry.height() * geometry.outWidth();
    long sums = byPixels ? wide * wide + (long) layer.positions() * layer.positions() : 0;
    // The products are read as floats and then as doubles, which are two floats each.
    return 4 * rows * rows + 2 * sums + (copied ? 2 * rows * layer.patch() : 0);
  }

  /** Multiplies n₁ examples, the first of which is r, with n₂ from c on. */
  Products of(Lane lane, Ingredients left, int r, int n1, Ingredients right, int c, int n2) {
    int height = n1 * rows();
    int width = n2 * rows();
    int size = byPixels ? geometry.channels() : layer.patch();
    View rows = factor(lane, Slot.PATCHES, left, r, n1);
    boolean within = left == right && r == c && n2 <= n1;
    View columns = within ? rows : factor(lane, Slot.OTHER_PATCHES, right, c, n2);
    NativeArray products = lane.memory(Slot.GRAM, (long) height * width);
    NativeArray.timesTransposed(
        height, width, size, rows, columns, 0, new View(products, 0, width));
    double[] values = lane.doubles(Slot.GRAM, height * width);
    if (products.precision() == Precision.FLOAT64) {
      products.get(0, values, height * width);
    } else {
      float[] floats = lane.floats(Slot.GRAM, height * width);
      products.get(0, floats, height * width);
      for (int i = 0; i < height * width; i++) {
        values[i] = floats[i];
      }
    }
    return new Products(lane, values, width);
  }

  /** What is multiplied of some examples, one after the other. */
  private View factor(Lane lane, Slot slot, Ingredients of, int first, int count) {
    if (byPixels || geometry.pointwise()) {
      return new View(of.inputs(), (long) first * layer.inputs(), geometry.channels());
    }
    long size = (long) layer.positions() * layer.patch();
    NativeArray patches = lane.memory(slot, count * size);
    for (int e = 0; e < count; e++) {
      long from = (long) (first + e) * layer.inputs();
      geometry.patches(of.inputs(), from, 0, layer.patch(), patches, e * size);
    }
    return new View(patches, 0, layer.patch());
  }

  /** The products of some examples with some others; valid until the lane computes others. */
  final class Products {
    private final Lane lane;
    private final double[] values;
    private final int width;

    private Products(Lane lane, double[] values, int width) {
      this.lane = lane;
      this.values = values;
      this.width = width;
    }

    /** Writes G of the x-th example and the y-th other, a row of D numbers every {@code stride}. */
    void get(int x, int y, double[] into, int at, int stride) {
      int d = layer.positions();
      double[] gram = byPixels ? sums(x, y) : values;
      int from = byPixels ? 0 : at(x, y);
      int line = byPixels ? d : width;
      for (int p = 0; p < d; p++) {
        System.arraycopy(gram, from + p * line, into, at + p * stride, d);
      }
    }

    /** As {@link #get(int, int, double[], int, int)}, rounded. */
    void get(int x, int y, float[] into, int at, int stride) {
      int d = layer.positions();
      double[] gram = byPixels ? sums(x, y) : values;
      int from = byPixels ? 0 : at(x, y);
      int line = byPixels ? d : width;
      for (int p = 0; p < d; p++) {
        for (int q = 0; q < d; q++) {
          into[at + p * stride + q] = (float) gram[from + p * line + q];
        }
      }
    }

    private int at(int x, int y) {
      return x * rows() * width + y * rows();
    }

    private double[] sums(int x, int y) {
      int wide = geometry.height() * geometry.outWidth();
      double[] along = lane.doubles(Slot.ALONG_WIDTH, wide * wide);
      alongWidth(at(x, y), along);
      double[] sums = lane.doubles(Slot.ALONG_HEIGHT, layer.positions() * layer.positions());
      alongHeight(along, sums);
      return sums;
    }

    /** (H, W) x (H, W) to (H, W') x (H, W'). */
    private void alongWidth(int from, double[] to) {
      int height = geometry.height();
      int in = geometry.width();
      int out = geometry.outWidth();
      int line = height * out;
      Arrays.fill(to, 0, line * line, 0);
      for (int j = 0; j < geometry.window().width(); j++) {
        int shift = j * (int) geometry.window().dilations()[2] - geometry.left();
        int first = Math.max(0, -shift);
        int last = Math.min(out, in - shift);
        for (int y = 0; y < height; y++) {
          for (int p = first; p < last; p++) {
            int source = from + (y * in + p + shift) * width + shift;
            int row = (y * out + p) * line;
            for (int other = 0; other < height; other++) {
              for (int q = first; q < last; q++) {
                to[row + other * out + q] += values[source + other * in + q];
              }
            }
          }
        }
      }
    }

    /** (H, W') x (H, W') to (H', W') x (H', W'). */
    private void alongHeight(double[] from, double[] to) {
      int out = geometry.outWidth();
      int line = geometry.height() * out;
      int d = layer.positions();
      Arrays.fill(to, 0, d * d, 0);
      for (int i = 0; i < geometry.window().height(); i++) {
        int shift = i * (int) geometry.window().dilations()[1] - geometry.top();
        int first = Math.max(0, -shift);
        int last = Math.min(geometry.outHeight(), geometry.height() - shift);
        for (int p = first * out; p < last * out; p++) {
          int source = (p + shift * out) * line + shift * out;
          for (int q = first * out; q < last * out; q++) {
            to[p * d + q] += from[source + q];
          }
        }
      }
    }
  }
}
