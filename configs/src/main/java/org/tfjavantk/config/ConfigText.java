package org.tfjavantk.config;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Message;
import com.google.protobuf.TextFormat;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.tfjavantk.config.proto.Run;

/** Prints configs in Protobuf's text format, for people. */
public final class ConfigText {
  private static final String INDENT = "  ";

  private ConfigText() {}

  /**
   * The run as text that reads back to the same message. Numbers keep their full precision in their
   * shortest form ({@code 1e-6}, {@code 0.1}, {@code 10}); lists of values stand on one line, and
   * blank lines stand before the top-level blocks.
   */
  public static String print(Run run) {
    StringBuilder out = new StringBuilder();
    print(run, "", out);
    return out.toString();
  }

  private static void print(Message message, String indent, StringBuilder out) {
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() == JavaType.MESSAGE) {
        List<?> blocks =
            field.isRepeated() ? (List<?>) entry.getValue() : List.of(entry.getValue());
        for (Object block : blocks) {
          printBlock(field.getName(), (Message) block, indent, out);
        }
      } else {
        out.append(indent)
            .append(field.getName())
            .append(": ")
            .append(value(field, entry.getValue()))
            .append('\n');
      }
    }
  }

  private static void printBlock(String name, Message block, String indent, StringBuilder out) {
    if (indent.isEmpty() && out.length() > 0) {
      out.append('\n');
    }
    if (block.getAllFields().isEmpty()) {
      out.append(indent).append(name).append(" {}\n");
      return;
    }
    out.append(indent).append(name).append(" {\n");
    print(block, indent + INDENT, out);
    out.append(indent).append("}\n");
  }

  /** The value of a field on one line: {@code 3}, {@code "a"}, {@code [1, 2]}, {@code { x: 1 }}. */
  static String value(FieldDescriptor field, Object value) {
    if (value instanceof List<?> list) {
      return "[" + String.join(", ", list.stream().map(v -> scalar(field, v)).toList()) + "]";
    }
    return scalar(field, value);
  }

  /** One element of a field on one line. */
  static String scalar(FieldDescriptor field, Object value) {
    if (value instanceof Message message) {
      return block(message);
    }
    if (value instanceof Double number) {
      return number(number);
    }
    if (value instanceof String text) {
      return quote(text);
    }
    if (value instanceof EnumValueDescriptor name) {
      return name.getName();
    }
    return field.getType() == Type.UINT64
        ? Long.toUnsignedString((Long) value)
        : String.valueOf(value);
  }

  private static String block(Message message) {
    StringBuilder out = new StringBuilder("{");
    message
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getJavaType() == JavaType.MESSAGE && field.isRepeated()) {
                ((List<?>) value)
                    .forEach(
                        v ->
                            out.append(' ')
                                .append(field.getName())
                                .append(' ')
                                .append(block((Message) v)));
              } else {
                String colon = field.getJavaType() == JavaType.MESSAGE ? " " : ": ";
                out.append(' ').append(field.getName()).append(colon).append(value(field, value));
              }
            });
    return out.append(out.length() == 1 ? "}" : " }").toString();
  }

  /** A text in double quotes; what is not ASCII is kept, control characters are escaped. */
  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c < ' ' || c == 0x7f || c == '"' || c == '\\') {
                out.append(TextFormat.escapeBytes(ByteString.copyFrom(new byte[] {(byte) c})));
              } else {
                out.appendCodePoint(c);
              }
            });
    return out.append('"').toString();
  }

  /** The shortest decimal that Java knows for the number: {@code 0.1}, {@code 10}, {@code 1e-6}. */
  static String number(double value) {
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal decimal = new BigDecimal(Double.toString(value)).stripTrailingZeros();
    int exponent = decimal.precision() - decimal.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      return decimal.toPlainString();
    }
    return decimal.movePointLeft(exponent).stripTrailingZeros().toPlainString() + "e" + exponent;
  }
}
