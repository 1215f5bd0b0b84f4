package org.tfjavantk.train;

/**
 * What one epoch gave. Training loss and accuracy are means over the epoch's batches, augmented,
 * while the parameters moved; the others are measured after it in inference mode and are null where
 * there are no such examples.
 *
 * @param epoch counted from 1
 * @param learningRate of the epoch's last batch
 * @param seconds the epoch took, evaluation included
 */
public record EpochMetrics(
    int epoch,
    double learningRate,
    double trainLoss,
    double trainAccuracy,
    Double validationLoss,
    Double validationAccuracy,
    Double testLoss,
    Double testAccuracy,
    double seconds) {}
