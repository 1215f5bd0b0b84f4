package org.tfjavantk.train;

import org.tfjavantk.data.Augmentation;

/**
 * What a training does.
 *
 * @param stopAtAccuracy stops after the first epoch whose training accuracy reaches this; 0 never
 * @param outside the value of each channel outside of an image that was moved or turned
 * @param seed of the order of the examples and of the augmentation
 */
public record TrainSpec(
    int epochs,
    int batchSize,
    Loss loss,
    Optimizer optimizer,
    double stopAtAccuracy,
    Augmentation augmentation,
    double[] outside,
    long seed) {}
