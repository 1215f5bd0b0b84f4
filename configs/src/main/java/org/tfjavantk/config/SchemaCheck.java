package org.tfjavantk.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Compares what was written with the names and types of the schema and remembers where every field
 * stands. What passes, Protobuf's own parser reads without complaint; the limits of values are the
 * {@link Validator}'s part.
 */
final class SchemaCheck {
  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9]\\d{0,30})");
  private static final Pattern NUMBER =
      Pattern.compile("-?(\\d{1,400}\\.?\\d{0,400}|\\.\\d{1,400})([eE][+-]?\\d{1,6})?");

  private final boolean json;
  private final Origins origins;
  private final Problems problems;

  SchemaCheck(boolean json, Origins origins, Problems problems) {
    this.json = json;
    this.origins = origins;
    this.problems = problems;
  }

  /** Checks the fields of a message of this type. */
  void block(Node.Block block, Descriptor type, String path) {
    Map<FieldDescriptor, Integer> counts = new HashMap<>();
    Map<OneofDescriptor, Node.Entry> chosen = new HashMap<>();
    for (Node.Entry entry : block.entries()) {
      FieldDescriptor field = find(type, entry.name());
      String fieldPath = Paths.child(path, field == null ? entry.name() : field.getName());
      if (field == null) {
        problems.add(
            entry.at(),
            fieldPath,
            "no such field in "
                + type.getName()
                + "; "
                + Problems.wrongName(entry.name(), Rules.fieldNames(type)));
        continue;
      }
      if (json && isNull(entry.value())) {
        continue;
      }
      if (field.isRepeated()) {
        repeated(entry, field, fieldPath, counts);
        continue;
      }
      if (counts.put(field, 1) != null) {
        problems.add(
            entry.at(),
            fieldPath,
            "given twice, first at " + origins.of(fieldPath) + "; allowed: once");
        continue;
      }
      OneofDescriptor oneof = field.getContainingOneof();
      Node.Entry other = oneof == null ? null : chosen.putIfAbsent(oneof, entry);
      if (other != null) {
        problems.add(
            entry.at(),
            fieldPath,
            "given beside \""
                + other.name()
                + "\" of "
                + other.at()
                + "; allowed: one of "
                + String.join(", ", Rules.memberNames(oneof)));
        continue;
      }
      // A block is where its name stands, a value where the value stands.
      origins.put(fieldPath, entry.value() instanceof Node.Block ? entry.at() : entry.value().at());
      value(field, entry.value(), fieldPath);
    }
  }

  private void repeated(
      Node.Entry entry, FieldDescriptor field, String path, Map<FieldDescriptor, Integer> counts) {
    if (json && counts.containsKey(field)) {
      problems.add(
          entry.at(), path, "given twice, first at " + origins.of(path) + "; allowed: once");
      return;
    }
    if (json && !(entry.value() instanceof Node.Items)) {
      problems.add(
          entry.value().at(),
          path,
          found(entry.value()) + "a list [ ... ] of values that are each " + Rules.allowed(field));
      return;
    }
    if (!origins.knows(path)) {
      origins.put(path, entry.at());
    }
    int count = counts.getOrDefault(field, 0);
    for (Node node : elements(entry.value())) {
      String element = Paths.element(path, count++);
      boolean named = entry.value() == node && node instanceof Node.Block;
      origins.put(element, named ? entry.at() : node.at());
      value(field, node, element);
    }
    counts.put(field, count);
  }

  /** Checks one value of the field: a singular field's, or an element of a repeated one's. */
  void value(FieldDescriptor field, Node node, String path) {
    if (field.getJavaType() == JavaType.MESSAGE && node instanceof Node.Block block) {
      block(block, field.getMessageType(), path);
    } else if (field.getJavaType() != JavaType.MESSAGE && node instanceof Node.Scalar scalar) {
      scalar(field, scalar, path);
    } else {
      wrongType(field, node, path);
    }
  }

  static List<Node> elements(Node node) {
    return node instanceof Node.Items items ? items.nodes() : List.of(node);
  }

  private void scalar(FieldDescriptor field, Node.Scalar scalar, String path) {
    switch (field.getJavaType()) {
      case STRING -> {
        if (scalar.kind() != Node.Kind.TEXT) {
          problems.add(
              scalar.at(),
              path,
              found(scalar) + Rules.allowed(field) + "; did you mean \"" + scalar.text() + "\"?");
        }
      }
      case BOOLEAN -> {
        if (scalar.kind() != Node.Kind.NAME || !List.of("true", "false").contains(scalar.text())) {
          wrongName(scalar, List.of("true", "false"), path, false);
        }
      }
      case ENUM -> {
        List<String> names = Rules.valueNames(field);
        if (scalar.kind() != (json ? Node.Kind.TEXT : Node.Kind.NAME)
            || !names.contains(scalar.text())) {
          wrongName(scalar, names, path, json);
        }
      }
      case INT, LONG -> integer(field, scalar, path);
      default -> number(field, scalar, path);
    }
  }

  private void integer(FieldDescriptor field, Node.Scalar scalar, String path) {
    if (!isNumber(scalar) || !INTEGER.matcher(scalar.text()).matches()) {
      wrongType(field, scalar, path);
      return;
    }
    BigInteger value = new BigInteger(scalar.text());
    if (value.compareTo(Rules.smallest(field)) < 0 || value.compareTo(Rules.largest(field)) > 0) {
      problems.add(scalar.at(), path, found(scalar) + Rules.allowedWithTypeLimits(field));
    }
  }

  private void number(FieldDescriptor field, Node.Scalar scalar, String path) {
    if (!isNumber(scalar)
        || !NUMBER.matcher(scalar.text()).matches()
        || Double.isInfinite(Double.parseDouble(scalar.text()))) {
      wrongType(field, scalar, path);
    }
  }

  /** JSON may write numbers as texts: it has no 64-bit integers otherwise. */
  private boolean isNumber(Node.Scalar scalar) {
    return scalar.kind() == Node.Kind.NUMBER || (json && scalar.kind() == Node.Kind.TEXT);
  }

  private void wrongType(FieldDescriptor field, Node node, String path) {
    problems.add(node.at(), path, found(node) + Rules.allowed(field));
  }

  private void wrongName(Node.Scalar scalar, List<String> allowed, String path, boolean quoted) {
    problems.add(
        scalar.at(),
        path,
        "found "
            + scalar.shown()
            + "; "
            + Problems.wrongName(scalar.text(), allowed, n -> quoted ? '"' + n + '"' : n));
  }

  private static String found(Node node) {
    return "found " + Node.shown(node) + "; allowed: ";
  }

  private static boolean isNull(Node node) {
    return node instanceof Node.Scalar s && s.kind() == Node.Kind.NAME && s.text().equals("null");
  }

  private FieldDescriptor find(Descriptor type, String name) {
    FieldDescriptor field = type.findFieldByName(name);
    if (field == null && json) {
      for (FieldDescriptor candidate : type.getFields()) {
        if (candidate.getJsonName().equals(name)) {
          return candidate;
        }
      }
    }
    return field;
  }
}
