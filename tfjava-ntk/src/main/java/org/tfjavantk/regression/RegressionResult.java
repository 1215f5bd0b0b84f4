package org.tfjavantk.regression;

import java.util.List;

/**
 * The ridges that were tried and the final fit on all training examples.
 *
 * @param outcomes one per ridge, in the order given
 * @param chosen the ridge with the best validation accuracy (at a tie the smaller validation error,
 *     then the larger ridge); the test examples have no part in it
 * @param heldOut the training examples that were held out to choose it, ascending; empty where
 *     there was a validation kernel
 * @param refitFailures better ridges that were passed over because K + λ I of all training examples
 *     is not positive definite, though that of the first fit was; mostly empty
 * @param finalFit the fit on all training examples with the ridge chosen; its validation scores are
 *     those by which it was chosen
 * @param coefficients the dual coefficients a of the final fit: examples x classes, row-major
 * @param testOutputs the outputs {@code f(x) = K(x, ·) a} of the final fit for the test examples,
 *     for centred targets: examples x classes, row-major; empty without a test kernel
 */
public record RegressionResult(
    List<RidgeOutcome> outcomes,
    double chosen,
    int[] heldOut,
    List<RidgeOutcome.NotPositiveDefinite> refitFailures,
    RidgeOutcome.Solved finalFit,
    double[] coefficients,
    double[] testOutputs) {}
