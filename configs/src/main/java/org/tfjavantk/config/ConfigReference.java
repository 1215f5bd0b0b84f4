package org.tfjavantk.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.tfjavantk.config.proto.Constraint;
import org.tfjavantk.config.proto.Run;

/** The reference of the config language, written from the schema and its comments. */
public final class ConfigReference {
  private static final String INTRODUCTION = "/org/tfjavantk/config/reference-introduction.md";

  private final SchemaComments comments = SchemaComments.load();
  private final StringBuilder out = new StringBuilder();

  private ConfigReference() {}

  /**
   * The reference as Markdown: an introduction, then a section for every message that a run can
   * hold, with a table of its fields: type, default, allowed values, meaning.
   */
  public static String markdown() {
    ConfigReference reference = new ConfigReference();
    reference.out.append(introduction());
    for (Descriptor message : reachable(Run.getDescriptor())) {
      reference.section(message);
    }
    return reference.out.toString();
  }

  /** The messages that a message can hold, itself first, in the order in which they are met. */
  static List<Descriptor> reachable(Descriptor root) {
    Set<Descriptor> met = new LinkedHashSet<>();
    collect(root, met);
    return List.copyOf(met);
  }

  private static void collect(Descriptor message, Set<Descriptor> met) {
    if (met.add(message)) {
      for (FieldDescriptor field : message.getFields()) {
        if (field.getJavaType() == JavaType.MESSAGE) {
          collect(field.getMessageType(), met);
        }
      }
    }
  }

  private void section(Descriptor message) {
    out.append("\n## ").append(message.getName()).append("\n\n");
    out.append(escaped(comments.of(message))).append('\n');
    for (OneofDescriptor oneof : message.getOneofs()) {
      String members =
          String.join(", ", Rules.memberNames(oneof).stream().map(n -> code(n)).toList());
      out.append(Rules.oneRequired(oneof) ? "\nExactly one of " : "\nAt most one of ")
          .append(members)
          .append(" is given (the ")
          .append(oneof.getName())
          .append(").\n");
    }
    if (message.getFields().isEmpty()) {
      out.append("\nIt has no fields: write `{}`.\n");
      return;
    }
    out.append("\n| field | type | default | allowed | meaning |\n|---|---|---|---|---|\n");
    for (FieldDescriptor field : message.getFields()) {
      out.append("| ").append(code(field.getName()));
      for (String cell : List.of(type(field), defaultOf(field), allowed(field), meaning(field))) {
        out.append(" | ").append(escaped(cell));
      }
      out.append(" |\n");
    }
  }

  private static String type(FieldDescriptor field) {
    String one =
        switch (field.getJavaType()) {
          case MESSAGE -> link(field.getMessageType());
          case ENUM -> "name";
          case BOOLEAN -> "true or false";
          case STRING -> "text";
          case INT, LONG -> "integer";
          default -> "number";
        };
    return field.isRepeated() ? "list of " + one : one;
  }

  private static String link(Descriptor message) {
    return "[" + message.getName() + "](#" + message.getName().toLowerCase(Locale.ROOT) + ")";
  }

  private static String defaultOf(FieldDescriptor field) {
    Constraint rule = Rules.of(field);
    if (rule.getRequired()) {
      return "required";
    }
    if (field.getContainingOneof() != null) {
      return "one " + field.getContainingOneof().getName();
    }
    if (field.isRepeated()) {
      return rule.getWhenEmptyCount() == 0
          ? "empty"
          : code("[" + String.join(", ", rule.getWhenEmptyList()) + "]");
    }
    if (field.getJavaType() == JavaType.MESSAGE) {
      return rule.getAbsentMeansNone() ? "none" : "its defaults";
    }
    return code(ConfigText.value(field, field.getDefaultValue()));
  }

  private static String allowed(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> "";
      case ENUM -> String.join(", ", Rules.valueNames(field).stream().map(n -> code(n)).toList());
      case BOOLEAN -> "";
      case STRING -> Rules.of(field).getBytes() ? Rules.allowed(field) : "";
      default -> Rules.allowed(field);
    };
  }

  private String meaning(FieldDescriptor field) {
    List<String> sentences = new ArrayList<>();
    String comment = comments.of(field);
    if (comment.isEmpty() && field.getJavaType() == JavaType.MESSAGE) {
      comment = comments.of(field.getMessageType());
    }
    if (!comment.isEmpty()) {
      sentences.add(comment);
    }
    if (field.getJavaType() == JavaType.ENUM) {
      for (EnumValueDescriptor value : field.getEnumType().getValues()) {
        String valueComment = comments.of(value);
        if (!valueComment.isEmpty()) {
          sentences.add(code(value.getName()) + ": " + valueComment);
        }
      }
    }
    if (Rules.of(field).getNeutral()) {
      sentences.add("May differ when a run is resumed.");
    }
    return String.join(" ", sentences);
  }

  /** So that Markdown takes neither a tag nor the end of a cell for what it is not. */
  private static String escaped(String text) {
    return text.replace("|", "\\|").replace("<", "&lt;");
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String introduction() {
    try (InputStream in = ConfigReference.class.getResourceAsStream(INTRODUCTION)) {
      if (in == null) {
        throw new IllegalStateException(INTRODUCTION + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
