package org.tfjavantk.transform;

import java.util.Map;

/** How batches pass through operations: all rules that come with the library. */
final class BatchRules {
  private BatchRules() {}

  static void addTo(Map<String, BatchRule> rules) {
    BatchElementwise.addTo(rules);
    BatchStructure.addTo(rules);
    BatchReductions.addTo(rules);
    BatchGather.addTo(rules);
    BatchProducts.addTo(rules);
    BatchConvolutions.addTo(rules);
    BatchImage.addTo(rules);
    BatchNorms.addTo(rules);
  }
}
