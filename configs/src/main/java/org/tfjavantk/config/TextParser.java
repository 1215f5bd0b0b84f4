package org.tfjavantk.config;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.config.Lexer.Token;
import org.tfjavantk.config.Lexer.Type;
import org.tfjavantk.graphs.UserException;

/** Reads Protobuf's text format into nodes: {@code name: value}, {@code name { ... }}, lists. */
final class TextParser {
  /** No config is nested this deep; the limit keeps the stack whole on nonsense. */
  static final int DEEPEST = 50;

  private final Lexer lexer;
  private Token token;
  private int depth;

  private TextParser(Lexer lexer) {
    this.lexer = lexer;
    this.token = lexer.next();
  }

  /**
   * The entries of a whole file.
   *
   * @throws UserException with the position if the syntax is wrong
   */
  static Node.Block file(String source, Lexer.Place place) {
    TextParser parser = new TextParser(new Lexer(source, false, place));
    List<Node.Entry> entries = new ArrayList<>();
    while (parser.token.type() != Type.END) {
      if (parser.token.is("}") || parser.token.is(">")) {
        throw parser.error("found " + parser.token.shown() + ", which closes nothing");
      }
      entries.add(parser.entry());
    }
    return new Node.Block(place.at(1, 1), entries);
  }

  /**
   * A single value, as after the {@code =} of {@code --set}.
   *
   * @throws UserException if the syntax is wrong or more follows
   */
  static Node value(String source, Lexer.Place place) {
    TextParser parser = new TextParser(new Lexer(source, false, place));
    Node value = parser.value();
    if (parser.token.type() != Type.END) {
      throw parser.error("found " + parser.token.shown() + " after the value");
    }
    return value;
  }

  private Node.Entry entry() {
    Token name = take();
    if (name.type() != Type.NAME) {
      throw error(name, "found " + name.shown() + " where the name of a field must stand");
    }
    boolean colon = token.is(":");
    if (colon) {
      take();
    } else if (!opensBlock() && !token.is("[")) {
      throw error(
          "found "
              + token.shown()
              + " after \""
              + name.text()
              + "\"; a \":\" or a block { ... } must follow");
    }
    Node value = value();
    if (!colon
        && value instanceof Node.Items items
        && (items.nodes().isEmpty() || !(items.nodes().get(0) instanceof Node.Block))) {
      throw error(name, "a \":\" is missing after \"" + name.text() + "\"");
    }
    if (token.is(",") || token.is(";")) {
      take();
    }
    return new Node.Entry(name.at(), name.text(), value);
  }

  private Node value() {
    if (opensBlock()) {
      return block();
    }
    return token.is("[") ? list() : scalar();
  }

  private boolean opensBlock() {
    return token.is("{") || token.is("<");
  }

  private Node.Block block() {
    Token open = open();
    String close = open.is("{") ? "}" : ">";
    List<Node.Entry> entries = new ArrayList<>();
    while (!token.is(close)) {
      if (token.type() == Type.END || token.is("}") || token.is(">")) {
        throw unclosed(open, close);
      }
      entries.add(entry());
    }
    close();
    return new Node.Block(open.at(), entries);
  }

  private Node.Items list() {
    Token open = open();
    List<Node> nodes = new ArrayList<>();
    while (!token.is("]")) {
      if (!nodes.isEmpty()) {
        if (!token.is(",")) {
          throw unclosed(open, "]");
        }
        take();
      }
      nodes.add(opensBlock() ? block() : scalar());
    }
    close();
    return new Node.Items(open.at(), nodes);
  }

  private Node.Scalar scalar() {
    Token first = take();
    switch (first.type()) {
      case TEXT -> {
        StringBuilder text = new StringBuilder(first.text());
        while (token.type() == Type.TEXT) {
          text.append(take().text());
        }
        return new Node.Scalar(first.at(), Node.Kind.TEXT, text.toString());
      }
      case NAME -> {
        return new Node.Scalar(first.at(), Node.Kind.NAME, first.text());
      }
      case NUMBER -> {
        return new Node.Scalar(first.at(), Node.Kind.NUMBER, first.text());
      }
      default -> {
        if (first.is("-") && (token.type() == Type.NUMBER || token.type() == Type.NAME)) {
          return new Node.Scalar(first.at(), Node.Kind.NUMBER, "-" + take().text());
        }
        throw error(
            first, "found " + first.shown() + " where a value must stand; texts need quotes");
      }
    }
  }

  private Token open() {
    if (++depth > DEEPEST) {
      throw error("blocks are nested more than " + DEEPEST + " deep");
    }
    return take();
  }

  private void close() {
    depth--;
    take();
  }

  private Token take() {
    Token taken = token;
    token = lexer.next();
    return taken;
  }

  private UserException unclosed(Token open, String close) {
    return error(
        "found "
            + token.shown()
            + "; a \""
            + close
            + "\" is missing for the \""
            + open.text()
            + "\" of line "
            + open.line());
  }

  private UserException error(String message) {
    return error(token, message);
  }

  private static UserException error(Token at, String message) {
    return Problems.error(at.at(), "", message);
  }
}
