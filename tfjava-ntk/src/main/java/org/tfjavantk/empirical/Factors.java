package org.tfjavantk.empirical;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;
import org.tensorflow.Output;
import org.tensorflow.op.Ops;
import org.tensorflow.op.core.Stack;
import org.tensorflow.op.train.BatchMatMul;
import org.tensorflow.types.family.TFloating;
import org.tensorflow.types.family.TNumber;
import org.tfjavantk.graphs.GraphModel;
import org.tfjavantk.transform.Pullback;
import org.tfjavantk.transform.Transforms;

/**
 * The operations that compute, for a batch of n examples, what the contraction needs of every
 * {@link Part}: of a layer its inputs and its cotangents (n, D, o, C); of all others the
 * per-example gradients (n·o, size).
 *
 * <p>The examples of the batch must be independent of each other: δ^c of all examples then comes
 * from the gradient of Σ_n f_c(x_n). Parameters with an opaque use need nothing of the kind: their
 * Jacobian is taken of every example alone.
 */
final class Factors {
  private final GraphModel model;
  private final Ops tf;
  private final OutputChoice choice;
  private final int outputs;

  private Factors(GraphModel model, OutputChoice choice) {
    this.model = model;
    this.tf = model.tf();
    this.choice = choice;
    this.outputs = choice.functions(model.outputs());
  }

  /**
   * For every part what is fetched.
   *
   * @throws org.tfjavantk.graphs.UserException if an operation has no rule
   */
  static List<List<Operand<TFloating>>> of(
      GraphModel model, List<Part> parts, OutputChoice choice) {
    Factors factors = new Factors(model, choice);
    Map<Part, Operand<TFloating>> opaque =
        factors.opaque(parts.stream().filter(Part::opaque).toList());
    List<Use> uses =
        parts.stream()
            .filter(part -> !part.opaque())
            .flatMap(part -> part.uses().stream())
            .toList();
    List<List<Operand<TFloating>>> cotangents = factors.cotangents(uses);
    List<List<Operand<TFloating>>> all = new ArrayList<>();
    int k = 0;
    for (Part part : parts) {
      if (part.opaque()) {
        all.add(List.of(opaque.get(part)));
        continue;
      }
      List<List<Operand<TFloating>>> own = cotangents.subList(k, k + part.uses().size());
      all.add(
          part.layer().isPresent()
              ? factors.layer(part.layer().get(), own.get(0))
              : List.of(factors.jacobian(part, own)));
      k += part.uses().size();
    }
    return all;
  }

  /**
   * The per-example gradients (n·o, size) of parts with unknown uses: the Jacobian of a batch of
   * one, mapped over the examples. A graph that takes only so many examples at a time gives the
   * Jacobian of all its rows.
   */
  private Map<Part, Operand<TFloating>> opaque(List<Part> parts) {
    Map<Part, Operand<TFloating>> gradients = new HashMap<>();
    if (parts.isEmpty()) {
      return gradients;
    }
    List<Operand<?>> theta = new ArrayList<>();
    parts.forEach(part -> theta.add(part.parameter().value()));
    List<Operand<?>> x = new ArrayList<>();
    model.inputs().forEach(input -> x.add(input.placeholder()));
    List<Operand<TNumber>> jacobians =
        model.batch() > 0
            ? Transforms.jacobian(tf, List.of(model.output()), theta).get(0)
            : Transforms.jacobianPerExample(tf, model.output(), x, theta);
    for (int i = 0; i < parts.size(); i++) {
      @SuppressWarnings("unchecked")
      Operand<TFloating> jacobian = (Operand<TFloating>) (Operand<?>) jacobians.get(i);
      gradients.put(parts.get(i), chosen(jacobian, parts.get(i).parameter().spec().size()));
    }
    return gradients;
  }

  /** The gradients of the chosen functions, (n·o, size), from those of the model's outputs. */
  private Operand<TFloating> chosen(Operand<TFloating> jacobian, int size) {
    if (choice.weights().isEmpty()) {
      return flat(jacobian, size);
    }
    List<Operand<TFloating>> rows = new ArrayList<>();
    for (int c = 0; c < outputs; c++) {
      rows.add(weights(c));
    }
    Operand<TFloating> byOutput =
        tf.reshape(jacobian, tf.constant(new long[] {-1, model.outputs(), size}));
    return flat(tf.linalg.einsum(List.of(stack(rows, 0), byOutput), "mo,nos->nms"), size);
  }

  private Operand<TFloating> weights(int function) {
    double[] weights = choice.weights(function, model.outputs());
    return tf.dtypes.cast(tf.constant(weights), model.type());
  }

  /** For every use: ∂(Σ_n f_c)/∂z for c = 0 … o-1. */
  private List<List<Operand<TFloating>>> cotangents(List<Use> uses) {
    List<Operand<?>> by = new ArrayList<>();
    uses.forEach(use -> by.add(use.z()));
    Pullback pullback = Transforms.pullback(tf, List.of(model.output()), by);
    List<List<Operand<TFloating>>> all = new ArrayList<>();
    uses.forEach(use -> all.add(new ArrayList<>()));
    for (int c = 0; c < outputs; c++) {
      Operand<TFloating> seed = tf.math.add(tf.zerosLike(model.output()), weights(c));
      List<Operand<TNumber>> gradients = pullback.apply(List.of(seed));
      for (int k = 0; k < gradients.size(); k++) {
        @SuppressWarnings("unchecked")
        Operand<TFloating> gradient = (Operand<TFloating>) (Operand<?>) gradients.get(k);
        all.get(k).add(gradient);
      }
    }
    return all;
  }

  /** The inputs (n, ...) and the cotangents of all outputs, (n, D, o, C). */
  private List<Operand<TFloating>> layer(LinearLayer layer, List<Operand<TFloating>> cotangents) {
    int channels = layer.z().shape().numDimensions() - 1;
    // TensorFlow does not fetch what is fed.
    return List.of(tf.identity(scaled(layer.a(), layer.factor())), stack(cotangents, channels));
  }

  /** The per-example gradients of a part, (n·o, size). */
  private Operand<TFloating> jacobian(Part part, List<List<Operand<TFloating>>> cotangents) {
    int size = part.parameter().spec().size();
    List<Operand<TFloating>> rows = new ArrayList<>();
    for (int c = 0; c < outputs; c++) {
      Operand<TFloating> sum = null;
      for (int k = 0; k < part.uses().size(); k++) {
        Use use = part.uses().get(k);
        Operand<TFloating> g =
            flat(scaled(gradient(use, cotangents.get(k).get(c)), use.factor()), size);
        sum = sum == null ? g : tf.math.add(sum, g);
      }
      rows.add(sum);
    }
    return flat(stack(rows, 1), size);
  }

  /** ∂f_c(x_n)/∂w for every n, as (n, ...), from δ^c. */
  private Operand<TFloating> gradient(Use use, Operand<TFloating> delta) {
    if (use instanceof Use.Dense dense) {
      return tf.math.mul(
          tf.expandDims(dense.a(), tf.constant(2)), tf.expandDims(delta, tf.constant(1)));
    }
    if (use instanceof Use.Conv conv) {
      Operand<TFloating> patches = patches(conv.a(), conv.window());
      int[] kernel = conv.parameter().spec().shape();
      Operand<TFloating> a = byPosition(patches, (long) kernel[0] * kernel[1] * kernel[2]);
      Operand<TFloating> d = byPosition(delta, kernel[3]);
      return tf.train.batchMatMul(a, d, model.type(), BatchMatMul.adjX(true));
    }
    if (use instanceof Use.Depthwise conv) {
      int[] kernel = conv.parameter().spec().shape();
      long positions = conv.z().shape().get(1) * conv.z().shape().get(2);
      long window = (long) kernel[0] * kernel[1];
      Operand<TFloating> a =
          tf.reshape(
              patches(conv.a(), conv.window()),
              tf.constant(new long[] {-1, positions, window, kernel[2]}));
      Operand<TFloating> d =
          tf.reshape(delta, tf.constant(new long[] {-1, positions, kernel[2], kernel[3]}));
      return tf.linalg.einsum(List.of(a, d), "npkc,npcm->nkcm");
    }
    if (use instanceof Use.Shift) {
      return sumOverPositions(delta);
    }
    if (use instanceof Use.Stretch stretch) {
      return sumOverPositions(tf.math.mul(stretch.x(), delta));
    }
    throw new AssertionError("no gradient of " + use);
  }

  private Operand<TFloating> sumOverPositions(Operand<TFloating> x) {
    int rank = x.shape().numDimensions();
    if (rank == 2) {
      return x;
    }
    int[] axes = new int[rank - 2];
    Arrays.setAll(axes, i -> i + 1);
    return tf.sum(x, tf.constant(axes));
  }

  /** patch_p(a) in the order of the kernel's first three axes: (n, h, w, K). */
  private Operand<TFloating> patches(Output<TFloating> a, Use.Window window) {
    boolean pointwise = window.height() == 1 && window.width() == 1;
    return pointwise && Arrays.stream(window.strides()).allMatch(s -> s == 1)
        ? a
        : patches(tf, a, window);
  }

  static Operand<TFloating> patches(Ops tf, Operand<TFloating> a, Use.Window window) {
    return tf.image.extractImagePatches(
        a,
        List.of(1L, (long) window.height(), (long) window.width(), 1L),
        list(window.strides()),
        list(window.dilations()),
        window.padding());
  }

  private Operand<TFloating> byPosition(Operand<TFloating> x, long last) {
    long positions = x.shape().get(1) * x.shape().get(2);
    return tf.reshape(x, tf.constant(new long[] {-1, positions, last}));
  }

  private Operand<TFloating> flat(Operand<TFloating> x, long last) {
    return tf.reshape(x, tf.constant(new long[] {-1, last}));
  }

  private Operand<TFloating> stack(List<? extends Operand<TFloating>> xs, long axis) {
    return tf.stack(new ArrayList<Operand<TFloating>>(xs), Stack.axis(axis));
  }

  private Operand<TFloating> scaled(Operand<TFloating> x, double factor) {
    return factor == 1 ? x : tf.math.mul(x, tf.constant(model.type(), factor));
  }

  private static List<Long> list(long[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
