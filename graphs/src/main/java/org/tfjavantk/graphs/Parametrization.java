package org.tfjavantk.graphs;

/**
 * How the weights of a dense or convolutional layer enter its output z = scale W a + biasScale b,
 * and how they start.
 */
public sealed interface Parametrization {
  /**
   * z = W a + b. Initialised as PyTorch does by default: all entries uniform on (-1/sqrt(fan_in),
   * 1/sqrt(fan_in)).
   */
  record Standard() implements Parametrization {
    @Override
    public double weightScale(int fanIn) {
      return 1;
    }

    @Override
    public double biasScale() {
      return 1;
    }

    @Override
    public Initializer weights(int fanIn) {
      return new Initializer.Uniform(1 / Math.sqrt(fanIn));
    }

    @Override
    public Initializer bias(int fanIn) {
      return weights(fanIn);
    }
  }

  /**
   * z = (weightStd / sqrt(fan_in)) W a + biasStd b, with W and b drawn from N(0, 1) (Jacot,
   * Gabriel, Hongler, "Neural tangent kernel", NeurIPS 2018).
   */
  record Ntk(double weightStd, double biasStd) implements Parametrization {
    @Override
    public double weightScale(int fanIn) {
      return weightStd / Math.sqrt(fanIn);
    }

    @Override
    public double biasScale() {
      return biasStd;
    }

    @Override
    public Initializer weights(int fanIn) {
      return new Initializer.Normal(1);
    }

    @Override
    public Initializer bias(int fanIn) {
      return new Initializer.Normal(1);
    }
  }

  /**
   * z = W a / sqrt(s) + b with W from N(0, weightStd^2 s / fan_in) and b from N(0, biasStd^2): the
   * standard parametrization with a limit of its own as the inputs' width s N grows by s (Sohl-
   * Dickstein, Novak, Schoenholz, Lee, "On the infinite width limit of neural networks with a
   * standard parameterization", 2020). With s = 1 the common He or Glorot initialisation.
   *
   * @param widthScale s, how many times wider the layer's input is than the network that it stands
   *     for
   */
  record Gaussian(double weightStd, double biasStd, double widthScale) implements Parametrization {
    /** The ordinary one: s = 1. */
    public Gaussian(double weightStd, double biasStd) {
      this(weightStd, biasStd, 1);
    }

    @Override
    public double weightScale(int fanIn) {
      return 1 / Math.sqrt(widthScale);
    }

    @Override
    public double biasScale() {
      return 1;
    }

    @Override
    public Initializer weights(int fanIn) {
      return new Initializer.Normal(weightStd * Math.sqrt(widthScale / fanIn));
    }

    @Override
    public Initializer bias(int fanIn) {
      return new Initializer.Normal(biasStd);
    }
  }

  /** What the sum W a is multiplied by. */
  double weightScale(int fanIn);

  /** What the bias is multiplied by. */
  double biasScale();

  /** How the weights start. */
  Initializer weights(int fanIn);

  /** How the bias starts. */
  Initializer bias(int fanIn);

  /** The parametrization of PyTorch and Keras. */
  Parametrization STANDARD = new Standard();
}
