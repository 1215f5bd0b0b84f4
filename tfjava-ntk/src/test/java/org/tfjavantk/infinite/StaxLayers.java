package org.tfjavantk.infinite;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.StreamSupport;
import org.tfjavantk.graphs.Activation;
import org.tfjavantk.graphs.Layer;
import org.tfjavantk.graphs.Layer.SelfAttention;
import org.tfjavantk.graphs.Layer.SelfAttention.Embedding;
import org.tfjavantk.graphs.Padding;
import org.tfjavantk.graphs.Parametrization;
import org.tfjavantk.graphs.Window;

/** The layers of the reference library's test networks as ours. */
final class StaxLayers {
  private StaxLayers() {}

  /**
   * @param vector whether the input has no positions
   */
  static List<Layer> read(JsonArray layers, boolean vector) {
    List<Layer> read = new ArrayList<>();
    List<List<Layer>> branches = null;
    for (JsonElement element : layers) {
      JsonObject layer = element.getAsJsonObject();
      String type = layer.get("type").getAsString();
      switch (type) {
        case "Identity", "FanOut" -> {}
        case "parallel" -> {
          boolean onVectors = vector;
          branches =
              elements(layer.getAsJsonArray("branches")).stream()
                  .map(branch -> read(branch.getAsJsonArray(), onVectors))
                  .toList();
        }
        case "FanInSum" -> read.add(new Layer.Residual(branches.get(0), branches.get(1)));
        case "FanInProd" -> read.add(new Layer.Product(branches));
        case "FanInConcat" -> {
          int axis = layer.get("axis").getAsInt();
          read.add(new Layer.Concat(branches, axis < 0 ? axis : axis - 1));
        }
        case "repeat" -> {
          for (int i = 0; i < layer.get("n").getAsInt(); i++) {
            read.addAll(read(layer.getAsJsonArray("layers"), vector));
          }
        }
        case "Dense" -> read.add(dense(layer, vector));
        default -> {
          read.addAll(layer(type, layer));
          vector |= type.equals("Flatten") || type.startsWith("Global");
        }
      }
    }
    return read;
  }

  private static List<Layer> layer(String type, JsonObject layer) {
    return switch (type) {
      case "Conv" ->
          List.of(
              new Layer.Conv(
                  layer.get("out_chan").getAsInt(),
                  window(layer, "filter_shape"),
                  bias(layer),
                  parameters(layer)));
      case "ConvTranspose" ->
          List.of(
              new Layer.ConvTranspose(
                  layer.get("out_chan").getAsInt(),
                  window(layer, "filter_shape"),
                  bias(layer),
                  parameters(layer)));
      case "ConvLocal" ->
          List.of(
              new Layer.ConvLocal(
                  layer.get("out_chan").getAsInt(),
                  window(layer, "filter_shape"),
                  bias(layer),
                  parameters(layer)));
      case "AvgPool" ->
          List.of(
              new Layer.AveragePool(
                  window(layer, "window_shape"),
                  !layer.has("normalize_edges") || !layer.get("normalize_edges").getAsBoolean()));
      case "SumPool" -> List.of(new Layer.SumPool(window(layer, "window_shape")));
      case "GlobalAvgPool" -> List.of(new Layer.GlobalAveragePool());
      case "GlobalSumPool" -> List.of(new Layer.GlobalSumPool());
      case "Flatten" -> List.of(new Layer.Flatten());
      case "LayerNorm" ->
          List.of(
              new Layer.LayerNorm(
                  layer.get("eps").getAsDouble(), layer.getAsJsonArray("axis").size() > 1));
      case "Dropout" ->
          layer.get("mode").getAsString().equals("train")
              ? List.of(new Layer.Dropout(layer.get("rate").getAsDouble()))
              : List.of();
        // Behind one convolution they store covariances with the axes reversed, and resize them as
        // they are stored: rows and columns of the size are exchanged.
      case "ImageResize" ->
          List.of(
              new Layer.Resize(
                  layer.getAsJsonArray("shape").get(2).getAsInt(),
                  layer.getAsJsonArray("shape").get(1).getAsInt(),
                  layer.get("method").getAsString().equals("linear")));
      case "Index" -> List.of(slice(layer.getAsJsonArray("idx")));
      case "GlobalSelfAttention" -> List.of(attention(layer));
      default -> List.of(new Layer.Nonlinearity(activation(type, layer)));
    };
  }

  /** Theirs maps the channels of every pixel. */
  private static Layer dense(JsonObject layer, boolean vector) {
    int outputs = layer.get("out_dim").getAsInt() * widening(layer);
    return vector
        ? new Layer.Dense(outputs, bias(layer), parameters(layer))
        : new Layer.Conv(outputs, 1, 1, 0, bias(layer), parameters(layer));
  }

  private static Parametrization parameters(JsonObject layer) {
    double weights = layer.get("W_std").getAsDouble();
    double bias = bias(layer) ? layer.get("b_std").getAsDouble() : 0;
    if (!layer.has("parameterization")) {
      return new Parametrization.Ntk(weights, bias);
    }
    double scale = layer.has("s") ? layer.getAsJsonArray("s").get(0).getAsDouble() : 1;
    return new Parametrization.Gaussian(weights, bias, scale);
  }

  private static int widening(JsonObject layer) {
    return layer.has("s") ? layer.getAsJsonArray("s").get(1).getAsInt() : 1;
  }

  private static boolean bias(JsonObject layer) {
    return !layer.get("b_std").isJsonNull();
  }

  private static Window window(JsonObject layer, String name) {
    List<Integer> size = integers(layer.getAsJsonArray(name));
    List<Integer> strides =
        layer.get("strides").isJsonNull()
            ? Collections.nCopies(size.size(), 1)
            : integers(layer.getAsJsonArray("strides"));
    Padding padding =
        switch (layer.get("padding").getAsString()) {
          case "SAME" -> Padding.SAME;
          case "VALID" -> Padding.VALID;
          default -> Padding.CIRCULAR;
        };
    return new Window(size, strides, padding);
  }

  private static Layer slice(JsonArray index) {
    List<Layer.Slice.Range> ranges = new ArrayList<>();
    for (JsonElement axis : elements(index).subList(1, index.size())) {
      JsonArray range = axis.getAsJsonArray();
      ranges.add(
          new Layer.Slice.Range(
              range.get(0).isJsonNull() ? 0 : range.get(0).getAsInt(),
              range.get(1).isJsonNull() ? Integer.MAX_VALUE : range.get(1).getAsInt(),
              range.get(2).isJsonNull() ? 1 : range.get(2).getAsInt()));
    }
    return new Layer.Slice(ranges);
  }

  private static Layer attention(JsonObject layer) {
    Embedding embedding = Embedding.NONE;
    if (layer.has("pos_emb_type")) {
      boolean beside = layer.get("pos_emb_type").getAsString().equals("CONCAT");
      embedding =
          new Embedding(
              layer.get("W_pos_emb_std").getAsDouble(),
              layer.getAsJsonObject("pos_emb_decay").get("exp_neg_coeff").getAsDouble(),
              beside ? layer.get("n_chan_pos_emb").getAsInt() : 0,
              layer.get("val_pos_emb").getAsBoolean());
    }
    return new SelfAttention(
        layer.get("n_chan_out").getAsInt(),
        layer.get("n_heads").getAsInt(),
        layer.get("n_chan_key").getAsInt(),
        layer.get("n_chan_val").getAsInt(),
        layer.get("W_query_std").getAsDouble(),
        layer.get("W_key_std").getAsDouble(),
        layer.get("W_value_std").getAsDouble(),
        layer.get("W_out_std").getAsDouble(),
        layer.get("b_std").getAsDouble(),
        layer.get("linear_scaling").getAsBoolean(),
        SelfAttention.Mechanism.valueOf(layer.get("attention_mechanism").getAsString()),
        embedding);
  }

  private static Activation activation(String type, JsonObject layer) {
    return switch (type) {
      case "Relu" -> Activation.RELU;
      case "LeakyRelu" -> new Activation.LeakyRelu(number(layer, "alpha", 0));
      case "ABRelu" -> new Activation.AbRelu(number(layer, "a", 0), number(layer, "b", 0));
      case "Abs" -> Activation.ABS;
      case "Sign" -> Activation.SIGN;
      case "Erf" ->
          new Activation.Erf(number(layer, "a", 1), number(layer, "b", 1), number(layer, "c", 0));
      case "Sigmoid_like" -> Activation.SIGMOID_LIKE;
      case "Gelu" -> Activation.GELU;
      case "Sin" ->
          new Activation.Sin(number(layer, "a", 1), number(layer, "b", 1), number(layer, "c", 0));
      case "Cos" ->
          new Activation.Cos(number(layer, "a", 1), number(layer, "b", 1), number(layer, "c", 0));
      case "Rbf" -> new Activation.Rbf(number(layer, "gamma", 1));
      case "Exp" -> new Activation.Exp(number(layer, "a", 1), number(layer, "b", 1));
      case "Gaussian" -> new Activation.Gaussian(number(layer, "a", 1), number(layer, "b", -1));
      case "ExpNormalized" ->
          new Activation.ExpNormalized(number(layer, "gamma", 1), number(layer, "shift", -1));
      case "Gabor" -> Activation.GABOR;
      case "Hermite" -> new Activation.Hermite(layer.get("degree").getAsInt());
      case "Monomial" -> new Activation.Monomial(layer.get("degree").getAsInt());
      case "RectifiedMonomial" -> new Activation.RectifiedMonomial(layer.get("degree").getAsInt());
      case "Polynomial" ->
          new Activation.Polynomial(
              elements(layer.getAsJsonArray("coef")).stream()
                  .map(JsonElement::getAsDouble)
                  .toList());
      case "ElementwiseNumerical" ->
          layer.get("fn").getAsString().equals("tanh") ? Activation.TANH : Activation.SOFTPLUS;
      default -> throw new AssertionError(layer);
    };
  }

  private static double number(JsonObject layer, String name, double otherwise) {
    return layer.has(name) ? layer.get(name).getAsDouble() : otherwise;
  }

  private static List<Integer> integers(JsonArray array) {
    return elements(array).stream().map(JsonElement::getAsInt).toList();
  }

  static List<JsonElement> elements(JsonArray array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }
}
