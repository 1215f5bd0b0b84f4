package org.tfjavantk.empirical;

import org.tensorflow.Output;
import org.tensorflow.types.family.TFloating;
import org.tfjavantk.graphs.Parameter;

/**
 * One place in a graph where a parameter w enters, with what is needed to write down the derivative
 * of an output f_c by w there. With δ^c = ∂f_c/∂z the cotangent of z, and positions p:
 *
 * <ul>
 *   <li>{@link Dense}: z = a W; ∂f_c/∂W = a ⊗ δ^c
 *   <li>{@link Conv}: z_p = patch_p(a) · W; ∂f_c/∂W = Σ_p patch_p(a) ⊗ δ^c_p
 *   <li>{@link Depthwise}: the same, channel by channel
 *   <li>{@link Shift}: z_p = x_p + b; ∂f_c/∂b = Σ_p δ^c_p
 *   <li>{@link Stretch}: z_p = x_p ∘ γ; ∂f_c/∂γ = Σ_p x_p ∘ δ^c_p
 *   <li>{@link Opaque}: anything else; the gradient is taken example by example
 * </ul>
 */
sealed interface Use {
  Parameter parameter();

  /** The use reads factor · w. */
  double factor();

  /** The tensor whose cotangent is needed; null if none is. */
  Output<TFloating> z();

  record Dense(Parameter parameter, double factor, Output<TFloating> a, Output<TFloating> z)
      implements Use {}

  record Conv(
      Parameter parameter, double factor, Output<TFloating> a, Output<TFloating> z, Window window)
      implements Use {}

  record Depthwise(
      Parameter parameter, double factor, Output<TFloating> a, Output<TFloating> z, Window window)
      implements Use {}

  record Shift(Parameter parameter, double factor, Output<TFloating> z) implements Use {}

  record Stretch(Parameter parameter, double factor, Output<TFloating> x, Output<TFloating> z)
      implements Use {}

  record Opaque(Parameter parameter) implements Use {
    @Override
    public double factor() {
      return 1;
    }

    @Override
    public Output<TFloating> z() {
      return null;
    }
  }

  /** The geometry of a convolution, as TensorFlow's attributes give it. */
  record Window(int height, int width, long[] strides, long[] dilations, String padding) {}
}
