package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/**
 * A convolution as products of matrices, one for each example of a batch: y = P w, where a row of P
 * is what the filter w sees at one place. With groups, channels meet only those of their group.
 *
 * @param height of the filter
 * @param width of the filter
 * @param groups 1 for the usual convolution
 */
record Patches(BatchOp op, int height, int width, int groups) implements ConvolutionProducts {
  /** Numbers in a patch, up to which a product with all filters that pick one is fast. */
  private static final int SMALL = 160;

  /**
   * @param channels of the images
   * @param filter its four lengths
   */
  static Patches of(BatchOp op, Length channels, List<Length> filter) {
    for (Length length : List.of(channels, filter.get(0), filter.get(1), filter.get(2))) {
      if (!length.isKnown()) {
        throw new UserException(
            "the shape of the filter or the number of channels of the operation "
                + op.described()
                + " is not known, and vmap needs it; give their placeholders a shape");
      }
    }
    int groups = Math.toIntExact(channels.known() / filter.get(2).known());
    return new Patches(
        op, Math.toIntExact(filter.get(0).known()), Math.toIntExact(filter.get(1).known()), groups);
  }

  @Override
  public boolean hasGroups() {
    return groups > 1;
  }

  private boolean channelsFirst() {
    return op.attribute("data_format").getS().toStringUtf8().equals("NCHW");
  }

  /** P w for batches of images (B, N, H, W, C) and of filters. */
  @Override
  public Operand<TNumber> product(Operand<TNumber> images, Operand<TNumber> filters) {
    Ops tf = op.tf();
    Length n = Length.of(tf, images, 1);
    Operand<TNumber> patches = patches(images);
    List<Length> places = Length.of(tf, patches, 1, 3);
    Length channels = Length.of(tf, filters, 3);
    Length out = Length.of(tf, filters, 4);
    Operand<TNumber> y =
        groups == 1
            ? op.make(
                "BatchMatMulV2",
                reshaped(patches, table(n, places, pixels().times(tf, channels))),
                flat(filters))
            : einsum("bpkgc,bkcgo->bpgo", rows(patches, n, places, channels), split(filters));
    return channelsTo(reshaped(y, List.of(op.length(), n, places.get(0), places.get(1), out)));
  }

  /** Pᵀȳ: the cotangents of the filters, from images and cotangents (B, N, h, w, O). */
  @Override
  public Operand<TNumber> toFilter(Operand<TNumber> images, Operand<TNumber> cotangents) {
    Ops tf = op.tf();
    Operand<TNumber> last = channelsLast(cotangents);
    Length n = Length.of(tf, images, 1);
    Operand<TNumber> patches = patches(images);
    List<Length> places = Length.of(tf, last, 2, 4);
    Length channels = groupChannels(images);
    Length out = Length.of(tf, last, 4);
    if (groups == 1) {
      Operand<TNumber> p = reshaped(patches, table(n, places, pixels().times(tf, channels)));
      Operand<TNumber> u = reshaped(last, table(n, places, out));
      Operand<TNumber> w = op.make("BatchMatMulV2", Map.of("adj_x", Attributes.flag(true)), p, u);
      return reshaped(w, List.of(op.length(), Length.of(height), Length.of(width), channels, out));
    }
    Operand<TNumber> p = rows(patches, n, places, channels);
    Operand<TNumber> u = reshaped(last, grouped(n, places, out));
    Operand<TNumber> w = einsum("bpkgc,bpgo->bkcgo", p, u);
    return reshaped(w, List.of(op.length(), Length.of(height), Length.of(width), channels, out));
  }

  /**
   * The cotangents of the images: ȳ wᵀ are those of the patches, and every pixel sums over the
   * patches that hold it. That sum is the transpose of a convolution, channel by channel, whose
   * filters pick one pixel of the patch each.
   *
   * @param sizes N, H, W, C in the order of the operation
   */
  @Override
  public Operand<TNumber> toInput(
      List<Length> sizes, Operand<TNumber> filters, Operand<TNumber> cotangents) {
    Ops tf = op.tf();
    Operand<TNumber> last = channelsLast(cotangents);
    List<Length> nhwc = new ArrayList<>(sizes);
    if (channelsFirst()) {
      nhwc.add(nhwc.remove(1));
    }
    Length n = nhwc.get(0);
    Length channels = nhwc.get(3);
    List<Length> places = Length.of(tf, last, 2, 4);
    Length out = Length.of(tf, last, 4);
    Operand<TNumber> p =
        groups == 1
            ? op.make(
                "BatchMatMulV2",
                Map.of("adj_y", Attributes.flag(true)),
                reshaped(last, table(n, places, out)),
                flat(filters))
            : einsum("bpgo,bkcgo->bpkgc", reshaped(last, grouped(n, places, out)), split(filters));
    Length images = op.length().times(tf, n);
    Length pixels = pixels();
    p = reshaped(p, List.of(images, places.get(0), places.get(1), pixels, channels));
    p = Folds.move(tf, p, 5, 4, 1);
    Length planes = images.times(tf, channels);
    p = reshaped(p, List.of(planes, places.get(0), places.get(1), pixels));
    Operand<TNumber> picks = picks(height * width);
    List<Length> plane = List.of(planes, nhwc.get(1), nhwc.get(2), Length.of(1));
    var attributes = new java.util.LinkedHashMap<>(op.attributes("padding"));
    attributes.put("strides", Attributes.integers(spatial("strides")));
    attributes.put("dilations", Attributes.integers(spatial("dilations")));
    attributes.put("explicit_paddings", Attributes.integers(explicitPaddings()));
    Operand<TNumber> x =
        op.make("Conv2DBackpropInput", attributes, Length.vector(tf, plane), picks, p);
    x = reshaped(x, List.of(op.length(), n, channels, nhwc.get(1), nhwc.get(2)));
    return channelsFirst() ? x : Folds.move(tf, x, 5, 2, 4);
  }

  /** Filters (h, w, C, h w C): one for each number of a patch. */
  private Operand<TNumber> picks(int columns) {
    float[] identity = new float[columns * columns];
    for (int k = 0; k < columns; k++) {
      identity[k * columns + k] = 1;
    }
    Ops tf = op.tf();
    Operand<TNumber> picks = tf.dtypes.cast(tf.constant(identity), op.output(0).type());
    return tf.reshape(
        picks, tf.constant(new int[] {height, width, columns / (height * width), columns}));
  }

  private Operand<TNumber> einsum(String equation, Operand<TNumber> a, Operand<TNumber> b) {
    return op.tf().linalg.einsum(List.of(a, b), equation);
  }

  /** (B N, h, w, pixels · C) of images (B, N, H, W, C). */
  private Operand<TNumber> patches(Operand<TNumber> batch) {
    Ops tf = op.tf();
    Operand<TNumber> last = channelsLast(batch);
    List<Length> shape = new ArrayList<>(Length.of(tf, last, 1, 5));
    shape.set(0, op.length().times(tf, shape.get(0)));
    Operand<TNumber> images = reshaped(last, shape);
    long[] strides = spatial("strides");
    boolean whole = height == 1 && width == 1 && strides[1] == 1 && strides[2] == 1;
    String padding = op.attribute("padding").getS().toStringUtf8();
    if (padding.equals("EXPLICIT")) {
      long[] flat = explicitPaddings();
      int[][] pads = new int[4][2];
      for (int k = 0; k < 8; k++) {
        pads[k / 2][k % 2] = Math.toIntExact(flat[k]);
      }
      images = op.make("Pad", images, tf.constant(pads));
      padding = "VALID";
    }
    if (whole) {
      return images;
    }
    Length columns = pixels().times(tf, shape.get(3));
    if (columns.isKnown() && columns.known() <= SMALL) {
      return copied(images, Math.toIntExact(columns.known()), padding);
    }
    return op.make(
        "ExtractImagePatches",
        Map.of(
            "ksizes", Attributes.integers(1, height, width, 1),
            "strides", Attributes.integers(strides),
            "rates", Attributes.integers(spatial("dilations")),
            "padding", Attributes.text(padding)),
        images);
  }

  /** Small patches by a convolution whose filters pick one number each; it runs twice as fast. */
  private Operand<TNumber> copied(Operand<TNumber> images, int columns, String padding) {
    return op.make(
        "Conv2D",
        Map.of(
            "strides", Attributes.integers(spatial("strides")),
            "dilations", Attributes.integers(spatial("dilations")),
            "padding", Attributes.text(padding)),
        images,
        picks(columns));
  }

  private Length pixels() {
    return Length.of((long) height * width);
  }

  /** (B, places, columns). */
  private List<Length> table(Length n, List<Length> places, Length columns) {
    return List.of(op.length(), n.times(op.tf(), Length.product(op.tf(), places)), columns);
  }

  /** (B, places, pixels, groups, channels of a group). */
  private Operand<TNumber> rows(
      Operand<TNumber> patches, Length n, List<Length> places, Length channels) {
    return reshaped(
        patches,
        List.of(
            op.length(),
            n.times(op.tf(), Length.product(op.tf(), places)),
            pixels(),
            Length.of(groups),
            channels));
  }

  /** (B, places, groups, outputs of a group). */
  private List<Length> grouped(Length n, List<Length> places, Length out) {
    return List.of(
        op.length(),
        n.times(op.tf(), Length.product(op.tf(), places)),
        Length.of(groups),
        part(out));
  }

  /** (B, pixels, channels of a group, groups, outputs of a group). */
  private Operand<TNumber> split(Operand<TNumber> filters) {
    Length channels = Length.of(op.tf(), filters, 3);
    Length out = Length.of(op.tf(), filters, 4);
    return reshaped(
        filters, List.of(op.length(), pixels(), channels, Length.of(groups), part(out)));
  }

  /** (B, pixels · channels, outputs). */
  private Operand<TNumber> flat(Operand<TNumber> filters) {
    Length rows = pixels().times(op.tf(), Length.of(op.tf(), filters, 3));
    return reshaped(filters, List.of(op.length(), rows, Length.of(op.tf(), filters, 4)));
  }

  private Length part(Length whole) {
    if (whole.isKnown()) {
      return Length.of(whole.known() / groups);
    }
    return groups == 1
        ? whole
        : new Length(-1, op.tf().math.div(whole.scalar(), op.tf().constant(groups)));
  }

  private Length groupChannels(Operand<TNumber> images) {
    return part(Length.of(op.tf(), images, channelsFirst() ? 2 : 4));
  }

  private Operand<TNumber> channelsLast(Operand<TNumber> batch) {
    return channelsFirst() ? Folds.move(op.tf(), batch, 5, 2, 4) : batch;
  }

  private Operand<TNumber> channelsTo(Operand<TNumber> batch) {
    return channelsFirst() ? Folds.move(op.tf(), batch, 5, 4, 2) : batch;
  }

  /** Strides or dilations in the order N, H, W, C. */
  private long[] spatial(String name) {
    long[] values = Attributes.integers(op.attribute(name));
    return channelsFirst() ? new long[] {1, values[2], values[3], 1} : values;
  }

  /** In the order N, H, W, C; empty unless given. */
  private long[] explicitPaddings() {
    long[] flat = Attributes.integers(op.attribute("explicit_paddings"));
    if (!channelsFirst() || flat.length == 0) {
      return flat;
    }
    long[] last = Arrays.copyOf(flat, 8);
    System.arraycopy(flat, 4, last, 2, 4);
    System.arraycopy(flat, 2, last, 6, 2);
    return last;
  }

  private Operand<TNumber> reshaped(Operand<TNumber> x, List<Length> lengths) {
    return Length.reshape(op.tf(), x, lengths);
  }
}
