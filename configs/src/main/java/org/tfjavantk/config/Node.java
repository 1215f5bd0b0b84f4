package org.tfjavantk.config;

import java.util.List;

/** A config file as written, before the schema is consulted. */
sealed interface Node {
  Origin at();

  /** {@code { name: value ... }}. */
  record Block(Origin at, List<Entry> entries) implements Node {}

  /** {@code [ value, ... ]}. */
  record Items(Origin at, List<Node> nodes) implements Node {}

  /** One word, number or text. The text of a {@link Kind#TEXT} is without quotes and escapes. */
  record Scalar(Origin at, Kind kind, String text) implements Node {
    /** As the user wrote it, nearly. */
    String shown() {
      String shortened = text.length() > 60 ? text.substring(0, 57) + "..." : text;
      return kind == Kind.TEXT ? '"' + shortened + '"' : shortened;
    }
  }

  /** A field name, where it stands, and its value. */
  record Entry(Origin at, String name, Node value) {}

  /** What a scalar looks like. */
  enum Kind {
    NAME,
    NUMBER,
    TEXT
  }

  /** What was found, for messages. */
  static String shown(Node node) {
    if (node instanceof Scalar scalar) {
      return scalar.shown();
    }
    return node instanceof Block ? "a block { ... }" : "a list [ ... ]";
  }
}
