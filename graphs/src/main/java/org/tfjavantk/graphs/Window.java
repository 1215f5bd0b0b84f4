package org.tfjavantk.graphs;

import java.util.Collections;
import java.util.List;

/**
 * A window that moves over the positions of an image (two axes) or a sequence (one axis).
 *
 * @param size positions that it covers, for every axis
 * @param stride positions from one place to the next, for every axis
 * @param padding what lies beyond the edges
 */
public record Window(List<Integer> size, List<Integer> stride, Padding padding) {
  public Window {
    size = List.copyOf(size);
    stride = List.copyOf(stride);
    if (size.size() != stride.size()
        || padding instanceof Padding.Zeros zeros
            && (zeros.before().size() != size.size() || zeros.after().size() != size.size())) {
      throw new IllegalArgumentException("size, stride and padding have different axes");
    }
    if (Collections.min(size) < 1 || Collections.min(stride) < 1) {
      throw new IllegalArgumentException("size and stride must be positive");
    }
  }

  /**
   * Where a window lies on one axis: it covers the positions {@code stride p - before + (0 ... size
   * - 1)} of the input for output p, or, in a transposed convolution, the positions (p - before +
   * (0 ... size - 1)) / stride where that is whole.
   *
   * @param input length of the input
   * @param output length of the output
   * @param before positions that are added in front
   * @param after positions that are added behind
   * @param wraps whether the added positions are those of the other end; else they are zero
   */
  public record Axis(int input, int output, int before, int after, boolean wraps) {}

  /** A square window on images with {@code pad} rows and columns of zeros on every side. */
  public static Window square(int size, int stride, int pad) {
    Padding padding =
        pad == 0 ? Padding.VALID : new Padding.Zeros(List.of(pad, pad), List.of(pad, pad));
    return new Window(List.of(size, size), List.of(stride, stride), padding);
  }

  /** A square window on images. */
  public static Window square(int size, int stride, Padding padding) {
    return new Window(List.of(size, size), List.of(stride, stride), padding);
  }

  /** How many axes it moves on. */
  public int axes() {
    return size.size();
  }

  /** How many positions it covers. */
  public int area() {
    return size.stream().mapToInt(Integer::intValue).reduce(1, Math::multiplyExact);
  }

  /**
   * Its places on an axis of the input.
   *
   * @throws IllegalArgumentException if it does not fit
   */
  public Axis axis(int axis, int length) {
    int k = size.get(axis);
    int s = stride.get(axis);
    if (padding instanceof Padding.Same || padding instanceof Padding.Circular) {
      int output = (length + s - 1) / s;
      int total = Math.max((output - 1) * s + k - length, 0);
      boolean wraps = padding instanceof Padding.Circular;
      return new Axis(length, output, total / 2, total - total / 2, wraps);
    }
    int before = padding instanceof Padding.Zeros zeros ? zeros.before().get(axis) : 0;
    int after = padding instanceof Padding.Zeros zeros ? zeros.after().get(axis) : 0;
    int free = length + before + after - k;
    if (free < 0) {
      throw new IllegalArgumentException("a window of " + k + " on " + length + " positions");
    }
    return new Axis(length, free / s + 1, before, after, false);
  }

  /**
   * Its places on an axis where it spreads the input instead (a transposed convolution): the input
   * with stride - 1 zeros after every position, correlated with stride 1. SAME and CIRCULAR give
   * stride x length positions, VALID all that touch the input.
   */
  public Axis transposedAxis(int axis, int length) {
    int k = size.get(axis);
    int s = stride.get(axis);
    int spread = (length - 1) * s + 1;
    if (padding instanceof Padding.Valid) {
      int total = k + s - 2 + Math.max(k - s, 0);
      return new Axis(length, spread + total - k + 1, k - 1, total - k + 1, false);
    }
    if (padding instanceof Padding.Zeros zeros) {
      // As in PyTorch: what is padded is taken from the full output.
      int before = k - 1 - zeros.before().get(axis);
      int after = k - 1 - zeros.after().get(axis);
      int output = spread + before + after - k + 1;
      if (before < 0 || after < 0 || output < 1) {
        throw new IllegalArgumentException("padding beyond a window of " + k);
      }
      return new Axis(length, output, before, after, false);
    }
    int total = k + s - 2;
    int before = s > k - 1 ? k - 1 : (total + 1) / 2;
    return new Axis(
        length, length * s, before, total - before, padding instanceof Padding.Circular);
  }
}
