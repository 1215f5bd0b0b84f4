package org.tfjavantk.config;

import java.util.ArrayList;
import java.util.List;
import org.tfjavantk.config.Lexer.Token;
import org.tfjavantk.config.Lexer.Type;
import org.tfjavantk.graphs.UserException;

/** Reads JSON into the nodes that the text format gives; {@code null} means not written. */
final class JsonParser {
  private final Lexer lexer;
  private Token token;
  private int depth;

  private JsonParser(Lexer lexer) {
    this.lexer = lexer;
    this.token = lexer.next();
  }

  /**
   * The entries of a whole file.
   *
   * @throws UserException with the position if the syntax is wrong
   */
  static Node.Block file(String source, Lexer.Place place) {
    JsonParser parser = new JsonParser(new Lexer(source, true, place));
    if (!parser.token.is("{")) {
      throw parser.error("found " + parser.token.shown() + "; a config in JSON starts with \"{\"");
    }
    Node.Block block = parser.object();
    if (parser.token.type() != Type.END) {
      throw parser.error("found " + parser.token.shown() + " after the end of the config");
    }
    return block;
  }

  private Node.Block object() {
    Token open = open();
    List<Node.Entry> entries = new ArrayList<>();
    while (!token.is("}")) {
      separate(open, entries.isEmpty(), "}");
      Token name = take();
      if (name.type() != Type.TEXT) {
        throw error(
            name,
            "found " + name.shown() + " where the name of a field in double quotes must stand");
      }
      if (!token.is(":")) {
        throw error(
            "found " + token.shown() + " after \"" + name.text() + "\"; a \":\" must follow");
      }
      take();
      entries.add(new Node.Entry(name.at(), name.text(), value()));
    }
    close();
    return new Node.Block(open.at(), entries);
  }

  private Node.Items array() {
    Token open = open();
    List<Node> nodes = new ArrayList<>();
    while (!token.is("]")) {
      separate(open, nodes.isEmpty(), "]");
      nodes.add(value());
    }
    close();
    return new Node.Items(open.at(), nodes);
  }

  private void separate(Token open, boolean first, String close) {
    if (first) {
      return;
    }
    if (!token.is(",")) {
      throw error(
          "found "
              + token.shown()
              + "; a \",\" or the \""
              + close
              + "\" for the \""
              + open.text()
              + "\" of line "
              + open.line()
              + " must follow");
    }
    take();
  }

  private Node value() {
    if (token.is("{")) {
      return object();
    }
    if (token.is("[")) {
      return array();
    }
    Token first = take();
    if (first.is("-") && token.type() == Type.NUMBER) {
      return new Node.Scalar(first.at(), Node.Kind.NUMBER, "-" + take().text());
    }
    return switch (first.type()) {
      case TEXT -> new Node.Scalar(first.at(), Node.Kind.TEXT, first.text());
      case NAME -> new Node.Scalar(first.at(), Node.Kind.NAME, first.text());
      case NUMBER -> new Node.Scalar(first.at(), Node.Kind.NUMBER, first.text());
      default -> throw error(first, "found " + first.shown() + " where a value must stand");
    };
  }

  private Token open() {
    if (++depth > TextParser.DEEPEST) {
      throw error("blocks are nested more than " + TextParser.DEEPEST + " deep");
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

  private UserException error(String message) {
    return error(token, message);
  }

  private static UserException error(Token at, String message) {
    return Problems.error(at.at(), "", message);
  }
}
