package org.tfjavantk.data;

/**
 * The examples of one part of a source as the source holds them: one array of little-endian bytes
 * for each example (images of bytes stay bytes), row-major with channels last.
 */
record RawPart(ElementType type, int[] shape, byte[][] rows, int[] labels) {
  int count() {
    return labels.length;
  }

  /** The examples at these places, with labels mapped by {@code newLabel}; shares the rows. */
  RawPart select(int[] places, int[] newLabel) {
    byte[][] selected = new byte[places.length][];
    int[] selectedLabels = new int[places.length];
    for (int i = 0; i < places.length; i++) {
      selected[i] = rows[places[i]];
      selectedLabels[i] = newLabel[labels[places[i]]];
    }
    return new RawPart(type, shape, selected, selectedLabels);
  }

  /** A part without examples. */
  RawPart none() {
    return new RawPart(type, shape, new byte[0][], new int[0]);
  }
}
