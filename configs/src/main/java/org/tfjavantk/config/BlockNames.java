package org.tfjavantk.config;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/** What whole networks or data sets are called where several stand side by side. */
final class BlockNames {
  private BlockNames() {}

  /**
   * A name for each block: the chosen member of its oneof and what in it differs from the defaults,
   * {@code resnet9 width=16}. Blocks that have this in common are told apart by all else that
   * differs from the defaults, {@code lenet parametrization=NTK}.
   */
  static List<String> of(List<? extends Message> blocks) {
    List<String> names = blocks.stream().map(BlockNames::chosen).toList();
    return IntStream.range(0, names.size())
        .mapToObj(
            i ->
                Collections.frequency(names, names.get(i)) == 1
                    ? names.get(i)
                    : names.get(i) + outside(blocks.get(i)))
        .toList();
  }

  private static String chosen(Message block) {
    StringBuilder name = new StringBuilder();
    block
        .getAllFields()
        .forEach(
            (field, value) -> {
              if (field.getContainingOneof() != null) {
                name.append(field.getName());
                differences((Message) value).forEach(part -> name.append(' ').append(part));
              }
            });
    return name.toString();
  }

  private static String outside(Message block) {
    StringBuilder name = new StringBuilder();
    differences(block).forEach(part -> name.append(' ').append(part));
    return name.toString();
  }

  /** The fields outside of a oneof that differ from their defaults, as {@code name=value}. */
  private static List<String> differences(Message block) {
    Message given = Defaults.resolve(block);
    Message plain = Defaults.resolve(block.getDefaultInstanceForType());
    List<String> parts = new ArrayList<>();
    for (FieldDescriptor field : block.getDescriptorForType().getFields()) {
      Object value = given.getField(field);
      if (field.getContainingOneof() != null || value.equals(plain.getField(field))) {
        continue;
      }
      if (value instanceof Message inner) {
        parts.addAll(differences(inner));
      } else {
        String text = ConfigText.value(field, value).replaceAll("[\" ]", "");
        parts.add(field.getName() + "=" + text);
      }
    }
    return parts;
  }
}
