package org.tfjavantk.cli.files;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import com.google.gson.ToNumberPolicy;
import com.google.gson.TypeAdapter;
import com.google.gson.reflect.TypeToken;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.tfjavantk.graphs.UserException;

/**
 * Records as JSON. A number that JSON has no sign for (NaN, the infinities) is written as a string
 * and read back as the number.
 */
public final class Json {
  private static final Gson LINES = builder().create();
  private static final Gson PRETTY = builder().setPrettyPrinting().create();

  private Json() {}

  private static GsonBuilder builder() {
    return new GsonBuilder()
        .disableHtmlEscaping()
        .setObjectToNumberStrategy(ToNumberPolicy.LONG_OR_DOUBLE)
        .registerTypeAdapter(double.class, new AnyDouble())
        .registerTypeAdapter(Double.class, new AnyDouble());
  }

  /** The value on one line, without a line end. */
  public static String line(Object value) {
    return LINES.toJson(value);
  }

  /** The value, indented, with a line end. */
  public static String pretty(Object value) {
    return PRETTY.toJson(value) + "\n";
  }

  /**
   * Reads a value of the given type.
   *
   * @throws JsonParseException when the text is not JSON or doesn't fit the type
   */
  public static <T> T parse(String text, Class<T> type) {
    return LINES.fromJson(text, type);
  }

  /**
   * Reads one object with its fields in their order; numbers become longs or doubles.
   *
   * @throws JsonParseException when the text is not one JSON object
   */
  public static Map<String, Object> object(String text) {
    Map<String, Object> fields = LINES.fromJson(text, new TypeToken<Map<String, Object>>() {});
    if (fields == null) {
      throw new JsonParseException("empty");
    }
    return fields;
  }

  /**
   * Reads a file that a run wrote.
   *
   * @throws UserException when the file isn't what a run writes: somebody edited or cut it
   * @throws IOException when the file cannot be read
   */
  public static <T> T read(Path file, Class<T> type) throws IOException {
    T value;
    try {
      value = parse(Files.readString(file, StandardCharsets.UTF_8), type);
    } catch (JsonParseException | IllegalArgumentException e) {
      throw new UserException(damaged(file, e.getMessage()), e);
    }
    if (value == null) {
      throw new UserException(damaged(file, "the file is empty"));
    }
    return value;
  }

  private static String damaged(Path file, String why) {
    return file
        + ": not as a run writes it ("
        + why.lines().findFirst().orElse("")
        + "). Put the file back as it was; or delete it, and what it tells of is computed anew; or"
        + " start again in another directory (--out).";
  }

  private static final class AnyDouble extends TypeAdapter<Double> {
    @Override
    public void write(JsonWriter out, Double value) throws IOException {
      if (value == null) {
        out.nullValue();
      } else if (Double.isFinite(value)) {
        out.value(value);
      } else {
        out.value(value.toString());
      }
    }

    @Override
    public Double read(JsonReader in) throws IOException {
      if (in.peek() == JsonToken.NULL) {
        in.nextNull();
        return null;
      }
      return Double.valueOf(in.nextString());
    }
  }
}
