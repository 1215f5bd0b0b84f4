package org.tfjavantk.config;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/**
 * Reads a config in Protobuf's text format or JSON. What is wrong with it is said as {@code
 * file:line:column: path: what was found; allowed: ...; did you mean ...?}, one line for each
 * mistake; what an override got wrong, as {@code --set path=value: path: ...}.
 *
 * <p>Three stages: the words and their positions against the schema's names and types, then
 * Protobuf's own parser, then the overrides and the schema's rules.
 */
public final class ConfigReader {
  private static final List<String> TEXT = List.of(".textproto", ".txtpb", ".pbtxt");
  private static final long MOST_BYTES = 16 << 20;

  private ConfigReader() {}

  /**
   * Reads {@code .textproto}, {@code .txtpb}, {@code .pbtxt} or {@code .json}, applies the
   * overrides in their order, and checks everything. Defaults are not written out: see {@link
   * Defaults#resolve}.
   *
   * @param overrides {@code path=value}, as after {@code --set}
   * @throws UserException if the file cannot be read or anything in it, or in an override, is wrong
   */
  public static Run read(Path file, List<String> overrides) {
    String name = file.toString();
    String lower = name.toLowerCase(Locale.ROOT);
    if (!lower.endsWith(".json") && TEXT.stream().noneMatch(lower::endsWith)) {
      throw new UserException(
          name + ": not the name of a config; allowed: " + String.join(", ", TEXT) + ", .json");
    }
    return parse(name, text(file), overrides);
  }

  /**
   * Reads the text of a config: JSON if the name ends with {@code .json}, else the text format.
   *
   * @param name the file name for messages
   * @throws UserException if anything in the text, or in an override, is wrong
   */
  public static Run parse(String name, String text, List<String> overrides) {
    String source = text.startsWith("\uFEFF") ? text.substring(1) : text; // a byte order mark
    if (source.isBlank()) {
      throw new UserException(name + ": the config is empty");
    }
    boolean json = name.toLowerCase(Locale.ROOT).endsWith(".json");
    Lexer.Place place = (line, column) -> Origin.in(name, line, column);
    Node.Block file = json ? JsonParser.file(source, place) : TextParser.file(source, place);
    Origins origins = new Origins(file.at());
    Problems problems = new Problems();
    new SchemaCheck(json, origins, problems).block(file, Run.getDescriptor(), "");
    problems.throwIfAny();

    Run.Builder builder = Run.newBuilder();
    if (json) {
      mergeJson(source, builder, place);
    } else {
      mergeText(source, builder, place);
    }
    Run run = builder.build();
    for (String override : overrides) {
      run = Assignment.argument(override).applyTo(run, origins);
    }
    Validator.check(run, origins);
    SweepCheck.check(run, origins);
    return run;
  }

  /** Protobuf's own reading of the text format. */
  static void mergeText(String text, Message.Builder into, Lexer.Place place) {
    try {
      TextFormat.Parser.newBuilder()
          .setSingularOverwritePolicy(
              TextFormat.Parser.SingularOverwritePolicy.FORBID_SINGULAR_OVERWRITES)
          .build()
          .merge(text, into);
    } catch (TextFormat.ParseException e) {
      throw new UserException(place.at(e.getLine(), e.getColumn()) + ": " + e.getMessage(), e);
    }
  }

  private static void mergeJson(String text, Message.Builder into, Lexer.Place place) {
    try {
      JsonFormat.parser().merge(text, into);
    } catch (InvalidProtocolBufferException e) {
      throw new UserException(place.at(1, 1) + ": " + e.getMessage(), e);
    }
  }

  private static String text(Path file) {
    if (Files.notExists(file)) {
      throw new UserException(file + ": there is no such file");
    }
    if (!Files.isRegularFile(file)) {
      throw new UserException(file + ": not a file that can be read");
    }
    byte[] bytes;
    try {
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw new UserException(
            file
                + ": "
                + Bytes.format(size)
                + " is too long for a config; at most "
                + Bytes.format(MOST_BYTES));
      }
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UserException(file + ": cannot be read: " + e, e);
    }
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(buffer).toString();
    } catch (CharacterCodingException e) {
      throw new UserException(file + ": not UTF-8 text, from byte " + buffer.position() + " on", e);
    }
  }
}
