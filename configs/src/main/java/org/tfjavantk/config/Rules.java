package org.tfjavantk.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.tfjavantk.config.proto.Constraint;
import org.tfjavantk.config.proto.Options;

/** What the schema says about a field beside its type. */
final class Rules {
  private Rules() {}

  static Constraint of(FieldDescriptor field) {
    return field.getOptions().getExtension(Options.rule);
  }

  static boolean oneRequired(OneofDescriptor oneof) {
    return oneof.getOptions().getExtension(Options.oneRequired);
  }

  static List<String> fieldNames(Descriptor message) {
    return message.getFields().stream().map(FieldDescriptor::getName).toList();
  }

  static List<String> memberNames(OneofDescriptor oneof) {
    return oneof.getFields().stream().map(FieldDescriptor::getName).toList();
  }

  static List<String> valueNames(FieldDescriptor enumField) {
    return enumField.getEnumType().getValues().stream().map(EnumValueDescriptor::getName).toList();
  }

  /** One value of the field in words: {@code an integer of at least 1}. */
  static String allowed(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case MESSAGE -> "a block { ... }";
      case ENUM -> String.join(", ", valueNames(field));
      case BOOLEAN -> "true, false";
      case STRING -> of(field).getBytes() ? Bytes.ALLOWED : "a text in quotes";
      case INT, LONG -> "an integer" + integerRange(field);
      default -> "a number" + range(of(field));
    };
  }

  /** As {@link #allowed}, for an integer that its type cannot hold: both ends are named. */
  static String allowedWithTypeLimits(FieldDescriptor field) {
    Constraint rule = of(field);
    BigInteger min = smallest(field);
    if (rule.hasMin()) {
      min = min.max(BigDecimal.valueOf(rule.getMin()).toBigInteger());
    }
    BigInteger max = largest(field);
    if (rule.hasMax()) {
      max = max.min(BigDecimal.valueOf(rule.getMax()).toBigInteger());
    }
    return "an integer from " + min + " to " + max;
  }

  static BigInteger smallest(FieldDescriptor field) {
    return switch (field.getType()) {
      case INT32, SINT32, SFIXED32 -> BigInteger.valueOf(Integer.MIN_VALUE);
      case INT64, SINT64, SFIXED64 -> BigInteger.valueOf(Long.MIN_VALUE);
      default -> BigInteger.ZERO;
    };
  }

  static BigInteger largest(FieldDescriptor field) {
    boolean signed = smallest(field).signum() < 0;
    int bits = (field.getJavaType() == JavaType.INT ? 32 : 64) - (signed ? 1 : 0);
    return BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE);
  }

  static boolean allows(FieldDescriptor field, double value) {
    Constraint rule = of(field);
    return !(rule.hasMin() && value < rule.getMin())
        && !(rule.hasMax() && value > rule.getMax())
        && !(rule.hasAbove() && value <= rule.getAbove())
        && !(rule.hasBelow() && value >= rule.getBelow());
  }

  private static String integerRange(FieldDescriptor field) {
    boolean unsigned = smallest(field).signum() == 0;
    return unsigned && !of(field).hasMin() ? " of at least 0" : range(of(field));
  }

  private static String range(Constraint rule) {
    if (rule.hasMin() && rule.hasMax()) {
      return " from "
          + ConfigText.number(rule.getMin())
          + " to "
          + ConfigText.number(rule.getMax());
    }
    String low = "";
    if (rule.hasMin()) {
      low = " of at least " + ConfigText.number(rule.getMin());
    } else if (rule.hasAbove()) {
      low = " above " + ConfigText.number(rule.getAbove());
    }
    String high = "";
    if (rule.hasMax()) {
      high = " of at most " + ConfigText.number(rule.getMax());
    } else if (rule.hasBelow()) {
      high = " below " + ConfigText.number(rule.getBelow());
    }
    return low + (low.isEmpty() || high.isEmpty() ? "" : " and") + high;
  }
}
