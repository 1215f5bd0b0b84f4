package org.tfjavantk.transform;

import java.util.List;
import java.util.Map;

/** How batches pass through operations. */
final class BatchRules {
  private BatchRules() {}

  static void addTo(Map<String, BatchRule> rules) {
    for (String type : LinearRules.words("Identity Neg")) {
      rules.put(type, op -> List.of(Batched.batch(op.copyWith(0, op.value(0)).output(0))));
    }
  }
}
