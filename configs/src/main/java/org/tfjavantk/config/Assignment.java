package org.tfjavantk.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/**
 * Puts a value at a path: {@code step[0].train.epochs=3}. Blocks on the way that are not there are
 * made, choosing a member of a oneof drops the one chosen before, and a block or list as value
 * replaces the old one. {@code step[train]} is the only step that is a {@code train}.
 *
 * @param pathOrigin where the path was written
 * @param valueOrigin where the value was written
 */
record Assignment(Origin pathOrigin, Origin valueOrigin, String path, String value) {
  private static final Pattern SEGMENT =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?:\\[\\s*([A-Za-z0-9_]+)\\s*\\])?");

  /**
   * Reads {@code path=value}.
   *
   * @throws UserException if there is no {@code =}
   */
  static Assignment argument(String text) {
    Origin origin =
        new Origin("--set " + (text.length() > 80 ? text.substring(0, 77) + "..." : text));
    int equals = text.indexOf('=');
    if (equals < 0) {
      throw Problems.error(
          origin,
          "",
          "there is no \"=\"; write --set path=value, e.g. --set step[0].train.epochs=3");
    }
    return new Assignment(
        origin, origin, text.substring(0, equals).strip(), text.substring(equals + 1).strip());
  }

  /**
   * The run with the value in place; its origins are noted.
   *
   * @throws UserException if the path leads nowhere or the value does not fit the field
   */
  Run applyTo(Run run, Origins origins) {
    List<String> segments = List.of(path.split("\\.", -1));
    return (Run) set(run, segments, "", origins);
  }

  private Message set(Message message, List<String> segments, String at, Origins origins) {
    Matcher segment = SEGMENT.matcher(segments.get(0).strip());
    if (!segment.matches()) {
      throw pathError(
          at,
          "found \""
              + segments.get(0)
              + "\" in the path; allowed: names and indices such as step[0].train.epochs");
    }
    FieldDescriptor field = field(message.getDescriptorForType(), segment.group(1), at);
    String fieldPath = Paths.child(at, field.getName());
    String index = segment.group(2);
    List<String> rest = segments.subList(1, segments.size());
    if (!field.isRepeated() && index != null) {
      throw pathError(fieldPath, "is no list; write it without [" + index + "]");
    }
    Message.Builder builder = message.toBuilder();
    if (rest.isEmpty() && index == null) {
      return whole(builder, field, fieldPath, origins);
    }
    if (field.isRepeated() && index == null) {
      throw pathError(
          fieldPath,
          "is a list of "
              + message.getRepeatedFieldCount(field)
              + "; say which, e.g. "
              + field.getName()
              + "[0]");
    }
    if (!field.isRepeated()) {
      requireBlock(field, fieldPath);
      if (!message.hasField(field)) {
        origins.put(fieldPath, pathOrigin);
      }
      Message child = (Message) message.getField(field);
      return builder.setField(field, set(child, rest, fieldPath, origins)).build();
    }
    int i = index(message, field, index, fieldPath);
    String element = Paths.element(fieldPath, i);
    if (rest.isEmpty()) {
      return builder.setRepeatedField(field, i, element(builder, field, element, origins)).build();
    }
    requireBlock(field, element);
    Message child = (Message) message.getRepeatedField(field, i);
    return builder.setRepeatedField(field, i, set(child, rest, element, origins)).build();
  }

  private FieldDescriptor field(Descriptor type, String name, String at) {
    FieldDescriptor field = type.findFieldByName(name);
    if (field == null) {
      throw pathError(
          Paths.child(at, name),
          "no such field in "
              + type.getName()
              + "; "
              + Problems.wrongName(name, Rules.fieldNames(type)));
    }
    return field;
  }

  private void requireBlock(FieldDescriptor field, String at) {
    if (field.getJavaType() != JavaType.MESSAGE) {
      throw pathError(at, "has no fields of its own; allowed: " + Rules.allowed(field));
    }
  }

  /** {@code 0}, or the name of the oneof member that exactly one element has chosen. */
  private int index(Message message, FieldDescriptor field, String index, String at) {
    int count = message.getRepeatedFieldCount(field);
    if (Character.isDigit(index.charAt(0))) {
      if (index.matches("\\d{1,9}") && Integer.parseInt(index) < count) {
        return Integer.parseInt(index);
      }
      throw pathError(
          at,
          "found index "
              + index
              + "; allowed: "
              + (count == 0 ? "none, the list is empty" : "0 to " + (count - 1)));
    }
    List<Integer> matching = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (message.getRepeatedField(field, i) instanceof Message element
          && element.getAllFields().keySet().stream()
              .anyMatch(f -> f.getContainingOneof() != null && f.getName().equals(index))) {
        matching.add(i);
      }
    }
    if (matching.size() != 1) {
      throw pathError(
          at,
          matching.size()
              + " of the "
              + count
              + " are \""
              + index
              + "\"; allowed: an index from 0, or what exactly one of them is");
    }
    return matching.get(0);
  }

  private Message whole(
      Message.Builder builder, FieldDescriptor field, String at, Origins origins) {
    return builder
        .setField(field, parse(builder, field, at, origins, true).getField(field))
        .build();
  }

  private Object element(
      Message.Builder builder, FieldDescriptor field, String at, Origins origins) {
    return parse(builder, field, at, origins, false).getRepeatedField(field, 0);
  }

  /** A message like the builder's with nothing but the value in it. */
  private Message.Builder parse(
      Message.Builder like, FieldDescriptor field, String at, Origins origins, boolean lists) {
    if (value.isEmpty() && field.getJavaType() != JavaType.STRING) {
      throw Problems.error(valueOrigin, at, "there is no value; allowed: " + Rules.allowed(field));
    }
    String text = field.getJavaType() == JavaType.STRING ? quoted(field, lists) : value;
    Node node = TextParser.value(text, (line, column) -> valueOrigin);
    Problems problems = new Problems();
    origins.remove(at);
    origins.put(at, valueOrigin);
    SchemaCheck check = new SchemaCheck(false, origins, problems);
    if (field.isRepeated() && lists) {
      List<Node> elements = SchemaCheck.elements(node);
      for (int i = 0; i < elements.size(); i++) {
        origins.put(Paths.element(at, i), valueOrigin);
        check.value(field, elements.get(i), Paths.element(at, i));
      }
    } else {
      check.value(field, node, at);
    }
    problems.throwIfAny();
    Message.Builder parsed = like.build().newBuilderForType();
    ConfigReader.mergeText(field.getName() + ": " + text, parsed, (line, column) -> valueOrigin);
    return parsed;
  }

  /** The value as the text format wants it; quotes are not asked of the user. */
  private String quoted(FieldDescriptor field, boolean lists) {
    if (field.isRepeated() && lists && value.startsWith("[")) {
      List<String> texts = new ArrayList<>();
      for (Node node :
          SchemaCheck.elements(TextParser.value(value, (line, column) -> valueOrigin))) {
        texts.add(node instanceof Node.Scalar scalar ? ConfigText.quote(scalar.text()) : "{}");
      }
      return "[" + String.join(", ", texts) + "]";
    }
    boolean isQuoted =
        value.length() > 1
            && (value.startsWith("\"") || value.startsWith("'"))
            && value.charAt(value.length() - 1) == value.charAt(0);
    return isQuoted ? value : ConfigText.quote(value);
  }

  private UserException pathError(String at, String message) {
    return Problems.error(pathOrigin, at, message);
  }
}
