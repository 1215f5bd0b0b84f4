package org.tfjavantk.empirical;

import java.util.Arrays;
import java.util.Optional;
import org.tfjavantk.empirical.Lane.Slot;
import org.tfjavantk.empirical.ShiftedSums.Shifts;
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
  private final Optional<Fast> fast;

  /** How the sums are computed in float32 with images that are as large as what is made of them. */
  private record Fast(ShiftedSums math, Shifts alongWidth, Shifts alongHeight) {
    int reach() {
      return Math.max(alongWidth.reach(), alongHeight.reach());
    }
  }

  PatchGram(LinearLayer layer) {
    this.layer = layer;
    this.geometry = layer.geometry();
    this.byPixels =
        geometry.unstrided() && pixelProducts() + ADDITION * additions() < patchProducts();
    boolean same =
        geometry.width() == geometry.outWidth() && geometry.height() == geometry.outHeight();
    this.fast =
        ShiftedSums.FAST
            .filter(math -> byPixels && same && math.takes(geometry.pixels()))
            .map(math -> new Fast(math, shifts(false), shifts(true)));
  }

  /** The window along one side. */
  private Shifts shifts(boolean down) {
    int size = down ? geometry.window().height() : geometry.window().width();
    int dilation = (int) geometry.window().dilations()[down ? 1 : 2];
    int before = down ? geometry.top() : geometry.left();
    int end = down ? geometry.height() : geometry.width();
    int[] by = new int[size];
    float[][] wanted = new float[size][geometry.pixels()];
    for (int k = 0; k < size; k++) {
      int shift = k * dilation - before;
      by[k] = down ? shift * geometry.width() : shift;
      for (int t = 0; t < geometry.pixels(); t++) {
        int place = (down ? t / geometry.width() : t % geometry.width()) + shift;
        wanted[k][t] = place >= 0 && place < end ? 1 : 0;
      }
    }
    return new Shifts(by, wanted);
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
    // The products are copied, and some floats as doubles, too, which are two floats each.
    int copies = byPixels && fast.isEmpty() ? 4 : 2;
    return copies * rows * rows + 2 * sums + (copied ? 2 * rows * layer.patch() : 0);
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
    return new Products(lane, products, height * width, width);
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
    private final int width;

    private final float[] floats;

    /** Where the products begin among the floats: the sums read what lies around them, times 0. */
    private final int start = fast.map(Fast::reach).orElse(0);

    private final double[] values;

    private Products(Lane lane, NativeArray products, int count, int width) {
      this.lane = lane;
      this.width = width;
      if (products.precision() == Precision.FLOAT64) {
        floats = null;
        values = lane.doubles(Slot.GRAM, count);
        products.get(0, values, count);
        return;
      }
      floats = lane.floats(Slot.GRAM, count + 2 * start);
      products.get(0, floats, start, count);
      if (byPixels && fast.isEmpty()) {
        values = lane.doubles(Slot.GRAM, count);
        for (int i = 0; i < count; i++) {
          values[i] = floats[i];
        }
      } else {
        values = null;
      }
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

    /** As {@link #get(int, int, double[], int, int)}, of products of float32. */
    void get(int x, int y, float[] into, int at, int stride) {
      int d = layer.positions();
      if (fast.isPresent()) {
        Fast sums = fast.get();
        float[] along = lane.floats(Slot.ALONG_WIDTH, d * d + 2 * start);
        sums.math().write(floats, start + at(x, y), width, d, sums.alongWidth(), along, start, d);
        sums.math().write(along, start, d, d, sums.alongHeight(), into, at, stride);
        return;
      }
      double[] gram = byPixels ? sums(x, y) : null;
      for (int p = 0; p < d; p++) {
        if (gram == null) {
          System.arraycopy(floats, at(x, y) + p * width, into, at + p * stride, d);
          continue;
        }
        for (int q = 0; q < d; q++) {
          into[at + p * stride + q] = (float) gram[p * d + q];
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
