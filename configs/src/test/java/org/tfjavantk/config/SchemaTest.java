package org.tfjavantk.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.tfjavantk.config.proto.Constraint;
import org.tfjavantk.config.proto.Run;

/** What the code takes for granted about the schema. */
class SchemaTest {
  private static final SchemaComments COMMENTS = SchemaComments.load();

  static Stream<FieldDescriptor> fields() {
    return ConfigReference.reachable(Run.getDescriptor()).stream()
        .flatMap(message -> message.getFields().stream());
  }

  static List<Descriptor> messages() {
    return ConfigReference.reachable(Run.getDescriptor());
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aScalarHasADefaultThatKeepsItsRuleOrIsRequired(FieldDescriptor field) {
    Constraint rule = Rules.of(field);
    if (field.isRepeated() || field.getJavaType() == JavaType.MESSAGE) {
      assertFalse(field.hasDefaultValue());
      return;
    }
    assertTrue(field.hasDefaultValue() != rule.getRequired(), field.getFullName());
    Object value = field.getDefaultValue();
    if (value instanceof Number number && !rule.getRequired()) {
      assertTrue(Rules.allows(field, number.doubleValue()), field.getFullName());
    }
    if (rule.getBytes()) {
      assertTrue(Bytes.parse((String) value) > 0);
    }
  }

  @ParameterizedTest
  @MethodSource("fields")
  void rulesStandOnFieldsThatTheySuit(FieldDescriptor field) {
    Constraint rule = Rules.of(field);
    boolean limits = rule.hasMin() || rule.hasMax() || rule.hasAbove() || rule.hasBelow();
    boolean number =
        switch (field.getJavaType()) {
          case INT, LONG, FLOAT, DOUBLE -> true;
          default -> false;
        };
    assertTrue(number || !limits, field.getFullName());
    assertTrue(field.getJavaType() == JavaType.STRING || !rule.getBytes(), field.getFullName());
    assertTrue(field.isRepeated() || rule.getWhenEmptyCount() == 0, field.getFullName());
    assertTrue(
        field.getJavaType() == JavaType.MESSAGE || !rule.getAbsentMeansNone(), field.getFullName());
  }

  @ParameterizedTest
  @MethodSource("fields")
  void aBlockThatIsMadeByResolvingNeedsNothing(FieldDescriptor field) {
    if (field.getJavaType() == JavaType.MESSAGE
        && !field.isRepeated()
        && Defaults.hasDefault(field)) {
      Descriptor type = field.getMessageType();
      assertTrue(
          type.getFields().stream().noneMatch(f -> Rules.of(f).getRequired()), type.getName());
      assertTrue(type.getOneofs().stream().noneMatch(Rules::oneRequired), type.getName());
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void everyMessageIsExplained(Descriptor message) {
    assertFalse(COMMENTS.of(message).isEmpty(), message.getFullName());
    assertEquals(COMMENTS.of(message).strip(), COMMENTS.of(message));
  }

  @ParameterizedTest
  @MethodSource("fields")
  void everyFieldIsExplainedByItselfOrByItsMessage(FieldDescriptor field) {
    boolean message = field.getJavaType() == JavaType.MESSAGE;
    String comment = COMMENTS.of(field);
    assertFalse(
        comment.isEmpty() && (!message || COMMENTS.of(field.getMessageType()).isEmpty()),
        field.getFullName());
  }
}
