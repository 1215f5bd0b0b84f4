package org.tfjavantk.transform;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.tensorflow.Operand;

/** The transposes of linear operations. */
final class TransposeRules {
  private TransposeRules() {}

  static void addTo(Map<String, TransposeRule> rules) {
    rules.put("Identity", op -> one(op.cotangent(0)));
    rules.put("Neg", op -> one(op.make("Neg", op.cotangent(0))));
  }

  private static List<Operand<?>> one(Operand<?> cotangent) {
    return Arrays.asList(cotangent);
  }
}
