package org.tfjavantk.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.List;
import org.tfjavantk.config.proto.Constraint;
import org.tfjavantk.config.proto.Run;
import org.tfjavantk.graphs.UserException;

/** Checks a run against the rules of the schema and of {@link Consistency}. */
final class Validator {
  private final Origins origins;
  private final Problems problems;

  private Validator(Origins origins, Problems problems) {
    this.origins = origins;
    this.problems = problems;
  }

  /**
   * Checks the whole run.
   *
   * @throws UserException with one line for each rule that is broken
   */
  static void check(Run run, Origins origins) {
    Problems problems = new Problems();
    new Validator(origins, problems).message(run, "");
    problems.throwIfAny();
    new Consistency(run, origins, problems).check();
    problems.throwIfAny();
  }

  private void message(Message message, String path) {
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      String fieldPath = Paths.child(path, field.getName());
      if (!field.isRepeated()) {
        if (message.hasField(field)) {
          value(field, message.getField(field), fieldPath);
        } else if (Rules.of(field).getRequired()) {
          missing(message, field, fieldPath);
        }
        continue;
      }
      List<?> values = (List<?>) message.getField(field);
      if (values.isEmpty() && Rules.of(field).getRequired()) {
        missing(message, field, fieldPath);
      }
      for (int i = 0; i < values.size(); i++) {
        value(field, values.get(i), Paths.element(fieldPath, i));
      }
    }
    for (OneofDescriptor oneof : message.getDescriptorForType().getOneofs()) {
      if (Rules.oneRequired(oneof) && !message.hasOneof(oneof)) {
        problems.add(
            origins.of(path),
            path,
            "no "
                + oneof.getName()
                + " chosen; allowed: one of "
                + String.join(", ", Rules.memberNames(oneof)));
      }
    }
  }

  private void missing(Message message, FieldDescriptor field, String path) {
    String needs = field.isRepeated() ? " needs at least one" : " needs it";
    problems.add(
        origins.of(path),
        path,
        "missing; "
            + message.getDescriptorForType().getName()
            + needs
            + " ("
            + Rules.allowed(field)
            + ")");
  }

  private void value(FieldDescriptor field, Object value, String path) {
    Constraint rule = Rules.of(field);
    if (value instanceof Message message) {
      message(message, path);
    } else if (value instanceof Number number && field.getJavaType() != JavaType.ENUM) {
      if (!Rules.allows(field, number.doubleValue())) {
        problems.add(
            origins.of(path),
            path,
            "found " + ConfigText.scalar(field, value) + "; allowed: " + Rules.allowed(field));
      }
    } else if (value instanceof String text) {
      if (rule.getBytes()) {
        bytes(text, path);
      } else if (rule.getRequired() && text.isBlank()) {
        problems.add(
            origins.of(path), path, "found \"" + text + "\"; allowed: a text that is not blank");
      }
    }
  }

  private void bytes(String text, String path) {
    try {
      Bytes.parse(text);
    } catch (UserException e) {
      problems.add(origins.of(path), path, e.getMessage());
    }
  }
}
