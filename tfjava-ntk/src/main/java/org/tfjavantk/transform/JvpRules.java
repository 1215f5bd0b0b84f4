package org.tfjavantk.transform;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Forward-mode rules by type of operation. Immutable. */
public final class JvpRules {
  private static final JvpRules STANDARD = new JvpRules(standardRules());

  private final Map<String, JvpRule> byType;

  private JvpRules(Map<String, JvpRule> byType) {
    this.byType = Map.copyOf(byType);
  }

  /** The rules that come with the library. */
  public static JvpRules standard() {
    return STANDARD;
  }

  /** These rules and one more, which replaces another of its type. */
  public JvpRules with(String type, JvpRule rule) {
    Map<String, JvpRule> more = new HashMap<>(byType);
    more.put(type, rule);
    return new JvpRules(more);
  }

  /** The rule of a type of operation. */
  public Optional<JvpRule> find(String type) {
    return Optional.ofNullable(byType.get(type));
  }

  /** All types that have a rule. */
  public Set<String> types() {
    return new TreeSet<>(byType.keySet());
  }

  private static Map<String, JvpRule> standardRules() {
    Map<String, JvpRule> rules = new HashMap<>();
    LinearRules.addTo(rules);
    ElementwiseRules.addTo(rules);
    OtherRules.addTo(rules);
    return rules;
  }
}
