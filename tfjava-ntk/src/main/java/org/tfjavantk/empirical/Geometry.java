package org.tfjavantk.empirical;

import org.tensorflow.ndarray.Shape;
import org.tfjavantk.linalg.NativeArray;
import org.tfjavantk.linalg.NativeArray.Window;

/**
 * Where a convolution reads: with height x width inputs of c channels, position (y, x) of the
 * output and (i, j) of the window, it reads (y s + i d − b, x s + j d − b'), zero outside.
 *
 * @param height of the input
 * @param width of the input
 * @param channels of the input
 * @param outHeight of the output
 * @param outWidth of the output
 * @param window strides, dilations and the size of the window
 * @param top b, rows of zeros above the input
 * @param left b', columns of zeros left of it
 */
record Geometry(
    int height,
    int width,
    int channels,
    int outHeight,
    int outWidth,
    Use.Window window,
    int top,
    int left) {

  /** A dense layer: one pixel, one position. */
  static Geometry dense(int inputs) {
    long[] ones = {1, 1, 1, 1};
    return new Geometry(1, 1, inputs, 1, 1, new Use.Window(1, 1, ones, ones, "VALID"), 0, 0);
  }

  static Geometry of(Use.Conv conv) {
    Shape a = conv.a().shape();
    Shape z = conv.z().shape();
    Use.Window window = conv.window();
    int[] before = new int[2];
    for (int axis = 0; axis < 2; axis++) {
      long size = axis == 0 ? window.height() : window.width();
      long reach = (size - 1) * window.dilations()[axis + 1] + 1;
      long covered = (z.get(axis + 1) - 1) * window.strides()[axis + 1] + reach;
      long missing = Math.max(0, covered - a.get(axis + 1));
      before[axis] = window.padding().equals("SAME") ? Math.toIntExact(missing / 2) : 0;
    }
    return new Geometry(
        (int) a.get(1),
        (int) a.get(2),
        (int) a.get(3),
        (int) z.get(1),
        (int) z.get(2),
        window,
        before[0],
        before[1]);
  }

  /** D. */
  int positions() {
    return outHeight * outWidth;
  }

  /** K, the numbers of a patch. */
  int patch() {
    return window.height() * window.width() * channels;
  }

  /** The numbers of one input. */
  int inputs() {
    return height * width * channels;
  }

  /** The pixels of one input. */
  int pixels() {
    return height * width;
  }

  /** Whether the patches are the input itself. */
  boolean pointwise() {
    return window.height() == 1 && window.width() == 1 && unstrided();
  }

  /** Whether the window moves by one pixel. */
  boolean unstrided() {
    return window.strides()[1] == 1 && window.strides()[2] == 1;
  }

  /**
   * Copies the patches (D, count) of one input: the numbers {@code first} to {@code first + count}
   * of each patch, in the order of the kernel's first three axes.
   */
  void patches(NativeArray a, long from, int first, int count, NativeArray into, long to) {
    boolean dense = window.dilations()[2] == 1;
    int run = dense ? window.width() : 1;
    Window input = a.window(from, inputs());
    Window patches = into.window(to, outHeight * outWidth * count);
    for (int y = 0; y < outHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        int at = (y * outWidth + x) * count;
        for (int i = 0; i < window.height(); i++) {
          int row = y * (int) window.strides()[1] + i * (int) window.dilations()[1] - top;
          for (int j = 0; j < window.width(); j += run) {
            int column = x * (int) window.strides()[2] + j * (int) window.dilations()[2] - left;
            int offset = (i * window.width() + j) * channels - first;
            run(input, row, column, run, offset, count, patches, at);
          }
        }
      }
    }
  }

  /**
   * Copies {@code run} pixels of a row, which start at {@code offset} of a patch; what lies outside
   * of the patch's numbers that are wanted is left out, what lies outside of the input is zero.
   */
  private void run(
      Window a, int row, int column, int run, int offset, int count, Window into, int at) {
    int begin = Math.max(offset, 0);
    int end = Math.min(offset + run * channels, count);
    if (begin >= end) {
      return;
    }
    boolean inside = row >= 0 && row < height;
    int inBegin = inside ? Math.max(begin, offset - column * channels) : end;
    int inEnd = inside ? Math.min(end, offset + (width - column) * channels) : end;
    if (!inside || inBegin >= inEnd) {
      into.clear(at + begin, end - begin);
      return;
    }
    if (inBegin > begin) {
      into.clear(at + begin, inBegin - begin);
    }
    int source = (row * width + column) * channels - offset;
    into.copy(at + inBegin, a, source + inBegin, inEnd - inBegin);
    if (inEnd < end) {
      into.clear(at + inEnd, end - inEnd);
    }
  }
}
