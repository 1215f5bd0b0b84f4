package org.tfjavantk.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.config.proto.Run;

/** What differs between two configs in a way that can change numbers. */
public final class ConfigDiff {
  /** What stands for a field that is not there. */
  public static final String ABSENT = "(none)";

  private final List<Change> changes = new ArrayList<>();

  private ConfigDiff() {}

  /**
   * One difference.
   *
   * @param path such as {@code step[1].empirical_kernel.examples}
   * @param before the old value as the text format writes it, or {@link #ABSENT}
   * @param after the new value, likewise
   */
  public record Change(String path, String before, String after) {
    @Override
    public String toString() {
      return path + ": " + before + " -> " + after;
    }
  }

  /**
   * The differences between two runs with their defaults written out, in the order of the schema.
   * Fields that the schema calls neutral are passed over, with everything below them.
   */
  public static List<Change> between(Run before, Run after) {
    ConfigDiff diff = new ConfigDiff();
    diff.compare(Defaults.resolve(before), Defaults.resolve(after), "");
    return List.copyOf(diff.changes);
  }

  private void compare(Message before, Message after, String path) {
    for (FieldDescriptor field : before.getDescriptorForType().getFields()) {
      if (Rules.of(field).getNeutral()) {
        continue;
      }
      String fieldPath = Paths.child(path, field.getName());
      boolean blocks = field.getJavaType() == JavaType.MESSAGE;
      if (field.isRepeated() && blocks) {
        int count =
            Math.max(before.getRepeatedFieldCount(field), after.getRepeatedFieldCount(field));
        for (int i = 0; i < count; i++) {
          compare(
              field,
              element(before, field, i),
              element(after, field, i),
              Paths.element(fieldPath, i));
        }
      } else if (field.isRepeated()) {
        compare(field, before.getField(field), after.getField(field), fieldPath);
      } else {
        compare(field, value(before, field), value(after, field), fieldPath);
      }
    }
  }

  private void compare(FieldDescriptor field, Object before, Object after, String path) {
    if (before instanceof Message one && after instanceof Message other) {
      compare(one, other, path);
    } else {
      String was = before == null ? ABSENT : ConfigText.value(field, before);
      String is = after == null ? ABSENT : ConfigText.value(field, after);
      if (!was.equals(is)) {
        changes.add(new Change(path, was, is));
      }
    }
  }

  private static Object value(Message message, FieldDescriptor field) {
    return message.hasField(field) ? message.getField(field) : null;
  }

  private static Object element(Message message, FieldDescriptor field, int i) {
    return i < message.getRepeatedFieldCount(field) ? message.getRepeatedField(field, i) : null;
  }
}
