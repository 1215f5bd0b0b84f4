package org.tfjavantk.train;

/**
 * The rule that moves the parameters w, with g = ∂loss/∂w + weightDecay · w. Both follow PyTorch:
 * weight decay applies to all parameters.
 */
public sealed interface Optimizer {
  double learningRate();

  double weightDecay();

  Schedule schedule();

  /** v ← momentum v + g, from v = 0; w ← w − η v. */
  record Sgd(double learningRate, double momentum, double weightDecay, Schedule schedule)
      implements Optimizer {}

  /**
   * m ← β₁ m + (1−β₁) g; v ← β₂ v + (1−β₂) g²; w ← w − η m̂ / (√v̂ + ε) with m̂ = m/(1−β₁ᵗ), v̂ =
   * v/(1−β₂ᵗ) (Kingma and Ba, "Adam", ICLR 2015).
   */
  record Adam(
      double learningRate,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      Schedule schedule)
      implements Optimizer {}
}
