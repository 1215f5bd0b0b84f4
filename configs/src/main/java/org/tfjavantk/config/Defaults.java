package org.tfjavantk.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import java.util.List;
import org.tfjavantk.config.proto.Run;

/** Writes a config's defaults out. The defaults themselves stand in the schema. */
public final class Defaults {
  private Defaults() {}

  /**
   * The same run with every default written out, in blocks that were not given too. Blocks whose
   * absence means something (the rule {@code absent_means_none}), members of a oneof that were not
   * chosen, and required fields stay absent. Resolving twice changes nothing.
   */
  public static Run resolve(Run run) {
    return (Run) resolve((Message) run);
  }

  /** The same of a part of a run. */
  static Message resolve(Message message) {
    Message.Builder builder = message.toBuilder();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isRepeated()) {
        resolveList(builder, field);
      } else if (message.hasField(field)) {
        if (field.getJavaType() == JavaType.MESSAGE) {
          builder.setField(field, resolve((Message) message.getField(field)));
        }
      } else if (hasDefault(field)) {
        Object value = message.getField(field);
        builder.setField(field, value instanceof Message block ? resolve(block) : value);
      }
    }
    return builder.build();
  }

  private static void resolveList(Message.Builder builder, FieldDescriptor field) {
    List<String> whenEmpty = Rules.of(field).getWhenEmptyList();
    if (builder.getRepeatedFieldCount(field) == 0 && !whenEmpty.isEmpty()) {
      ConfigReader.mergeText(
          field.getName() + ": [" + String.join(", ", whenEmpty) + "]",
          builder,
          (line, column) -> new Origin("the schema, when_empty of " + field.getFullName()));
    }
    for (int i = 0; i < builder.getRepeatedFieldCount(field); i++) {
      if (builder.getRepeatedField(field, i) instanceof Message element) {
        builder.setRepeatedField(field, i, resolve(element));
      }
    }
  }

  /** Whether the absence of this field stands for a value that can be written out. */
  static boolean hasDefault(FieldDescriptor field) {
    boolean optional = field.getContainingOneof() == null && !Rules.of(field).getRequired();
    if (field.getJavaType() == JavaType.MESSAGE) {
      return optional && !Rules.of(field).getAbsentMeansNone();
    }
    return optional && field.hasDefaultValue();
  }
}
