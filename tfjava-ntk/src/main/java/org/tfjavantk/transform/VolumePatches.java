package org.tfjavantk.transform;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.op.Ops;
import org.tensorflow.proto.AttrValue;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.UserException;

/**
 * A convolution in three dimensions as products of matrices, one for each example of a batch: y = P
 * w, where P holds, for every place of the filter and every channel, the K numbers that the filter
 * sees there. P is itself a convolution of single channels, with K filters that pick one number
 * each, so its transpose is, too.
 *
 * @param filter depth, height and width
 */
record VolumePatches(BatchOp op, List<Length> filter) implements ConvolutionProducts {
  /**
   * @param channels of the volumes
   * @param filter its five lengths
   */
  static VolumePatches of(BatchOp op, Length channels, List<Length> filter) {
    List<Length> window = filter.subList(0, 3);
    if (!window.stream().allMatch(Length::isKnown)) {
      throw new UserException(
          "the shape of the filter of the operation "
              + op.described()
              + " is not known, and vmap needs it; give its placeholder a shape");
    }
    Length seen = filter.get(3);
    if (channels.isKnown() && seen.isKnown() && channels.known() != seen.known()) {
      throw new UserException(
          "the operation "
              + op.described()
              + " has groups of channels, for which vmap has no rule where images and filters both"
              + " have a batch; split it into one convolution for each group");
    }
    return new VolumePatches(op, window);
  }

  @Override
  public boolean hasGroups() {
    return false;
  }

  /** P w for batches of volumes (B, N, D, H, W, C) and of filters. */
  @Override
  public Operand<TNumber> product(Operand<TNumber> volumes, Operand<TNumber> filters) {
    Ops tf = op.tf();
    Operand<TNumber> last = channelsLast(volumes);
    Operand<TNumber> patches = patches(last);
    Operand<TNumber> y = einsum("bncdhwk,bkco->bndhwo", patches, table(filters));
    return channelsFirst() ? Folds.move(tf, y, 6, 5, 2) : y;
  }

  /** Pᵀȳ: the cotangents of the filters, from volumes and cotangents. */
  @Override
  public Operand<TNumber> toFilter(Operand<TNumber> volumes, Operand<TNumber> cotangents) {
    Operand<TNumber> patches = patches(channelsLast(volumes));
    Operand<TNumber> last = channelsLast(cotangents);
    Operand<TNumber> w = einsum("bncdhwk,bndhwo->bkco", patches, last);
    List<Length> shape = new ArrayList<>(List.of(op.length()));
    shape.addAll(filter);
    shape.addAll(Length.of(op.tf(), w, 2, 4));
    return Length.reshape(op.tf(), w, shape);
  }

  /**
   * The cotangents of the volumes.
   *
   * @param sizes of the volumes of one example, in the order of the operation
   */
  @Override
  public Operand<TNumber> toInput(
      List<Length> sizes, Operand<TNumber> filters, Operand<TNumber> cotangents) {
    Ops tf = op.tf();
    Operand<TNumber> last = channelsLast(cotangents);
    Operand<TNumber> patches = einsum("bndhwo,bkco->bncdhwk", last, table(filters));
    List<Length> lengths = new ArrayList<>(sizes);
    if (channelsFirst()) {
      lengths.add(lengths.remove(1));
    }
    Length n = lengths.get(0);
    Length c = lengths.get(4);
    List<Length> places = Length.of(tf, last, 2, 5);
    Length planes = op.length().times(tf, n).times(tf, c);
    List<Length> plane = new ArrayList<>(List.of(planes));
    plane.addAll(lengths.subList(1, 4));
    plane.add(Length.of(1));
    List<Length> seen = new ArrayList<>(List.of(planes));
    seen.addAll(places);
    seen.add(size());
    Operand<TNumber> x =
        op.make(
            "Conv3DBackpropInputV2",
            attributes(),
            Length.vector(tf, plane),
            picks(),
            Length.reshape(tf, patches, seen));
    List<Length> apart = new ArrayList<>(List.of(op.length(), n, c));
    apart.addAll(lengths.subList(1, 4));
    x = Length.reshape(tf, x, apart);
    return channelsFirst() ? x : Folds.move(tf, x, 6, 2, 5);
  }

  /** (B, N, C, places, K) of volumes (B, N, D, H, W, C). */
  private Operand<TNumber> patches(Operand<TNumber> volumes) {
    Ops tf = op.tf();
    Operand<TNumber> first = Folds.move(tf, volumes, 6, 5, 2);
    List<Length> lengths = Length.of(tf, first, 1, 6);
    Length n = lengths.get(0);
    Length c = lengths.get(1);
    List<Length> planes = new ArrayList<>(List.of(op.length().times(tf, n).times(tf, c)));
    planes.addAll(lengths.subList(2, 5));
    planes.add(Length.of(1));
    Operand<TNumber> seen =
        op.make("Conv3D", attributes(), Length.reshape(tf, first, planes), picks());
    List<Length> apart = new ArrayList<>(List.of(op.length(), n, c));
    apart.addAll(Length.of(tf, seen, 1, 4));
    apart.add(size());
    return Length.reshape(tf, seen, apart);
  }

  /** (B, K, C, outputs). */
  private Operand<TNumber> table(Operand<TNumber> filters) {
    List<Length> channels = Length.of(op.tf(), filters, 4, 6);
    return Length.reshape(
        op.tf(), filters, List.of(op.length(), size(), channels.get(0), channels.get(1)));
  }

  private Length size() {
    return Length.product(op.tf(), filter);
  }

  /** Filters (depth, height, width, 1, K), each of which picks one number. */
  private Operand<TNumber> picks() {
    Ops tf = op.tf();
    int size = Math.toIntExact(size().known());
    Operand<TNumber> ones =
        tf.fill(tf.constant(new int[] {size}), op.tf().constant(op.output(0).type(), 1));
    List<Length> shape = new ArrayList<>(filter);
    shape.add(Length.of(1));
    shape.add(size());
    return Length.reshape(tf, op.make("MatrixDiag", ones), shape);
  }

  private Map<String, AttrValue> attributes() {
    Map<String, AttrValue> how = new LinkedHashMap<>(op.attributes("padding"));
    how.put("strides", spatial("strides"));
    how.put("dilations", spatial("dilations"));
    return how;
  }

  /** In the order N, D, H, W, C. */
  private AttrValue spatial(String name) {
    long[] values = Attributes.integers(op.attribute(name));
    return channelsFirst()
        ? Attributes.integers(1, values[2], values[3], values[4], 1)
        : Attributes.integers(values);
  }

  private boolean channelsFirst() {
    return op.attribute("data_format").getS().toStringUtf8().equals("NCDHW");
  }

  private Operand<TNumber> channelsLast(Operand<TNumber> batch) {
    return channelsFirst() ? Folds.move(op.tf(), batch, 6, 2, 5) : batch;
  }

  private Operand<TNumber> einsum(String equation, Operand<TNumber> a, Operand<TNumber> b) {
    return op.tf().linalg.einsum(List.of(a, b), equation);
  }
}
