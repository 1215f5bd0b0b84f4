package org.tfjavantk.config;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The comments of the schema, which protoc keeps in the descriptor set beside the classes. */
final class SchemaComments {
  private static final String DESCRIPTOR_SET = "/org/tfjavantk/config/schema.protobin";

  /** Comments by file name and by path, as {@code SourceCodeInfo.Location} defines paths. */
  private final Map<String, Map<List<Integer>, String>> comments = new HashMap<>();

  private SchemaComments() {}

  static SchemaComments load() {
    SchemaComments result = new SchemaComments();
    try (InputStream in = SchemaComments.class.getResourceAsStream(DESCRIPTOR_SET)) {
      if (in == null) {
        throw new IllegalStateException(DESCRIPTOR_SET + " is not on the class path");
      }
      for (FileDescriptorProto file : FileDescriptorSet.parseFrom(in).getFileList()) {
        Map<List<Integer>, String> byPath = new HashMap<>();
        for (Location location : file.getSourceCodeInfo().getLocationList()) {
          byPath.put(location.getPathList(), oneLine(location.getLeadingComments()));
        }
        result.comments.put(file.getName(), byPath);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return result;
  }

  /** The comment above a message, or the empty text. */
  String of(Descriptor message) {
    return comment(message.getFile().getName(), path(message));
  }

  /** The comment above a field, or the empty text. */
  String of(FieldDescriptor field) {
    List<Integer> path = path(field.getContainingType());
    path.addAll(List.of(DescriptorProto.FIELD_FIELD_NUMBER, field.getIndex()));
    return comment(field.getFile().getName(), path);
  }

  /** The comment above a value of an enum, or the empty text. */
  String of(EnumValueDescriptor value) {
    EnumDescriptor type = value.getType();
    List<Integer> path = new ArrayList<>();
    if (type.getContainingType() == null) {
      path.add(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER);
    } else {
      path.addAll(path(type.getContainingType()));
      path.add(DescriptorProto.ENUM_TYPE_FIELD_NUMBER);
    }
    path.addAll(List.of(type.getIndex(), EnumDescriptorProto.VALUE_FIELD_NUMBER, value.getIndex()));
    return comment(type.getFile().getName(), path);
  }

  private static List<Integer> path(Descriptor message) {
    List<Integer> path = new ArrayList<>();
    if (message.getContainingType() == null) {
      path.add(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER);
    } else {
      path.addAll(path(message.getContainingType()));
      path.add(DescriptorProto.NESTED_TYPE_FIELD_NUMBER);
    }
    path.add(message.getIndex());
    return path;
  }

  private String comment(String file, List<Integer> path) {
    return comments.getOrDefault(file, Map.of()).getOrDefault(path, "");
  }

  private static String oneLine(String comment) {
    return String.join(" ", comment.lines().map(String::strip).toList()).strip();
  }
}
