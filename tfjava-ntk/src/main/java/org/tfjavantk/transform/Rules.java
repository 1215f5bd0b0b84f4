package org.tfjavantk.transform;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the transforms know about types of operations. Immutable; a user adds rules by the {@code
 * with} methods. Derivatives need one rule for each type, that of {@link JvpRule}; reverse mode
 * transposes the linear operations that those rules write.
 */
public final class Rules {
  private static final Rules STANDARD = standardRules();

  private final Map<String, JvpRule> jvp;
  private final Map<String, TransposeRule> transpose;
  private final Map<String, BatchRule> batch;

  private Rules(
      Map<String, JvpRule> jvp,
      Map<String, TransposeRule> transpose,
      Map<String, BatchRule> batch) {
    this.jvp = Map.copyOf(jvp);
    this.transpose = Map.copyOf(transpose);
    this.batch = Map.copyOf(batch);
  }

  /** The rules that come with the library. */
  public static Rules standard() {
    return STANDARD;
  }

  /** These rules and one more, which replaces another of its type. */
  public Rules withJvp(String type, JvpRule rule) {
    return new Rules(with(jvp, type, rule), transpose, batch);
  }

  /** These rules and one more, which replaces another of its type. */
  public Rules withTranspose(String type, TransposeRule rule) {
    return new Rules(jvp, with(transpose, type, rule), batch);
  }

  /** These rules and one more, which replaces another of its type. */
  public Rules withBatch(String type, BatchRule rule) {
    return new Rules(jvp, transpose, with(batch, type, rule));
  }

  /** The forward-mode rule of a type of operation. */
  public Optional<JvpRule> jvp(String type) {
    return Optional.ofNullable(jvp.get(type));
  }

  /** The transpose of a type of operation. */
  public Optional<TransposeRule> transpose(String type) {
    return Optional.ofNullable(transpose.get(type));
  }

  /** The batching rule of a type of operation. */
  public Optional<BatchRule> batch(String type) {
    return Optional.ofNullable(batch.get(type));
  }

  /** All types that have a forward-mode rule. */
  public Set<String> jvpTypes() {
    return new TreeSet<>(jvp.keySet());
  }

  /** All types that have a transpose. */
  public Set<String> transposeTypes() {
    return new TreeSet<>(transpose.keySet());
  }

  /** All types that have a batching rule. */
  public Set<String> batchTypes() {
    return new TreeSet<>(batch.keySet());
  }

  private static <R> Map<String, R> with(Map<String, R> rules, String type, R rule) {
    Map<String, R> more = new HashMap<>(rules);
    more.put(type, rule);
    return more;
  }

  private static Rules standardRules() {
    Map<String, JvpRule> jvp = new HashMap<>();
    LinearRules.addTo(jvp);
    ElementwiseRules.addTo(jvp);
    OtherRules.addTo(jvp);
    BatchNormRules.addTo(jvp);
    SelectionRules.addTo(jvp);
    MatrixRules.addTo(jvp);
    ScanRules.addTo(jvp);
    LocalResponseRule.addTo(jvp);
    Map<String, TransposeRule> transpose = new HashMap<>();
    TransposeRules.addTo(transpose);
    Map<String, BatchRule> batch = new HashMap<>();
    BatchRules.addTo(batch);
    return new Rules(jvp, transpose, batch);
  }
}
