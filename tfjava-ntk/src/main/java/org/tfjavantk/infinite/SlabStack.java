package org.tfjavantk.infinite;

import java.util.List;

/**
 * A stack of convolutions with ReLU and average pools on images, whose infinite-width kernels
 * {@link SlabKernel} computes.
 *
 * <p>For images x, z (height × width × channels) and pixels p, q it starts with K[p,q] = ⟨x_p, z_q⟩
 * / channels and Θ = 0 and goes through the stages. The last layer is dense, on the mean over all
 * positions or on all of them:
 *
 * <pre>
 *   nngp = w · mean K + b       mean over all p, q (AVERAGE) or over p = q (FLATTEN)
 *   ntk  = nngp + w · mean Θ
 * </pre>
 *
 * @param stages in running order
 * @param weightVariance w = W_std² of the dense layer
 * @param biasVariance b = b_std² of the dense layer
 */
public record SlabStack(
    int height,
    int width,
    int channels,
    List<Stage> stages,
    Top top,
    double weightVariance,
    double biasVariance) {

  /** What the dense layer sees. */
  public enum Top {
    /** The mean over all positions (global average pooling). */
    AVERAGE,
    /** All positions. */
    FLATTEN
  }

  /**
   * A convolution of odd size f × f, stride 1, zero padding (f - 1) / 2, in NTK parametrization,
   * then ReLU. With σ the standard deviations √K_xx[p,p], √K_zz[q,q] after the convolution and θ
   * the angle of cosine K / (σ_p σ_q) (Cho and Saul, "Kernel methods for deep learning", 2009):
   *
   * <pre>
   *   K ← w / f² Σ_δ K[p+δ, q+δ] + b          Θ ← K + w / f² Σ_δ Θ[p+δ, q+δ]
   *   K ← σ_p σ_q (sin θ + (π - θ) cos θ) / 2π     Θ ← Θ (π - θ) / 2π
   * </pre>
   *
   * @param size f
   * @param weightVariance w = W_std²
   * @param biasVariance b = b_std²
   */
  public record Conv(int size, double weightVariance, double biasVariance) {
    /** Checks the numbers. */
    public Conv {
      if (size < 1 || size % 2 == 0) {
        throw new IllegalArgumentException("size of a convolution: " + size + "; it must be odd");
      }
      checkVariances(weightVariance, biasVariance);
    }

    int radius() {
      return (size - 1) / 2;
    }
  }

  /**
   * Convolutions, then an average pool of window × window and the same stride that drops what is
   * left over at the end (VALID): the mean of K and of Θ over the windows of p and of q.
   *
   * @param convs in running order; none is allowed
   * @param pool the window; 1 for no pool
   */
  public record Stage(List<Conv> convs, int pool) {
    /** Checks the window. */
    public Stage {
      convs = List.copyOf(convs);
      if (pool < 1) {
        throw new IllegalArgumentException("window of a pool: " + pool);
      }
    }

    int pad() {
      return convs.stream().mapToInt(Conv::radius).max().orElse(0);
    }
  }

  /** Checks that the pools leave something. */
  public SlabStack {
    stages = List.copyOf(stages);
    if (height < 1 || width < 1 || channels < 1) {
      throw new IllegalArgumentException(
          "images of " + height + " × " + width + " × " + channels + " have no pixels");
    }
    checkVariances(weightVariance, biasVariance);
    int h = height;
    int w = width;
    for (Stage stage : stages) {
      if (stage.pool() > Math.min(h, w)) {
        throw new IllegalArgumentException(
            "a pool of " + stage.pool() + " on images of " + h + " × " + w);
      }
      h /= stage.pool();
      w /= stage.pool();
    }
  }

  /** The NNGP of the mean of K that the dense layer sees. */
  double nngp(double meanK) {
    return weightVariance * meanK + biasVariance;
  }

  /** The NTK. */
  double ntk(double meanK, double meanTheta) {
    return nngp(meanK) + weightVariance * meanTheta;
  }

  private static void checkVariances(double weights, double biases) {
    if (!(weights > 0) || !(biases >= 0) || Double.isInfinite(weights + biases)) {
      throw new IllegalArgumentException(
          "variances of weights and biases: " + weights + ", " + biases);
    }
  }
}
