package org.tfjavantk.infinite;

import org.tfjavantk.graphs.Parametrization;

/**
 * What the weights and the bias of a layer z = s W a + r b add to its kernels, per mean square of
 * its inputs.
 *
 * @param weights fan_in s² E W²: variance of the outputs
 * @param bias r² E b²
 * @param weightGradients fan_in s²: squared gradients by the weights
 * @param biasGradients r²
 */
record Gains(double weights, double bias, double weightGradients, double biasGradients) {
  static Gains of(Parametrization p, int fanIn, boolean hasBias) {
    double scale = fanIn * p.weightScale(fanIn) * p.weightScale(fanIn);
    double bias = hasBias ? p.biasScale() * p.biasScale() : 0;
    return new Gains(
        scale * p.weights(fanIn).meanSquare(), bias * p.bias(fanIn).meanSquare(), scale, bias);
  }
}
