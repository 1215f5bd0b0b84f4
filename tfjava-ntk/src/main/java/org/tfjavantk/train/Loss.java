package org.tfjavantk.train;

/** What a training minimises, as a mean over the batch. */
public enum Loss {
  /** -log softmax(f)_label. */
  CROSS_ENTROPY,
  /** ‖f − onehot(label)‖² / 2. */
  MSE
}
