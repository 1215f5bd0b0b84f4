package org.tfjavantk.config;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;

/**
 * Splits the text format or JSON into tokens that know where they stand. Whether a number is one,
 * and of the right kind, is for {@link SchemaCheck} to say.
 */
final class Lexer {
  /** What a token is. */
  enum Type {
    NAME,
    NUMBER,
    TEXT,
    SYMBOL,
    END
  }

  /** One token; the text of a {@link Type#TEXT} is without quotes and escapes. */
  record Token(Type type, String text, Origin at, int line) {
    boolean is(String symbol) {
      return type == Type.SYMBOL && text.equals(symbol);
    }

    String shown() {
      return switch (type) {
        case END -> "the end";
        case TEXT -> "the text \"" + text + '"';
        default -> '"' + text + '"';
      };
    }
  }

  /** Where a line and column are. */
  interface Place {
    Origin at(int line, int column);
  }

  private final String source;
  private final boolean json;
  private final Place place;
  private int position;
  private int line = 1;
  private int lineStart;

  Lexer(String source, boolean json, Place place) {
    this.source = source;
    this.json = json;
    this.place = place;
  }

  Token next() {
    skipBlanks();
    Origin at = here();
    if (position == source.length()) {
      return new Token(Type.END, "", at, line);
    }
    int startLine = line;
    int start = position;
    char c = source.charAt(position);
    if (c == '"' || (c == '\'' && !json)) {
      return new Token(Type.TEXT, text(c, at), at, startLine);
    }
    if (isLetter(c)) {
      while (position < source.length() && isNamePart(source.charAt(position))) {
        position++;
      }
      return new Token(Type.NAME, source.substring(start, position), at, startLine);
    }
    if (isDigit(c)
        || (c == '.' && position + 1 < source.length() && isDigit(source.charAt(position + 1)))) {
      number();
      return new Token(Type.NUMBER, source.substring(start, position), at, startLine);
    }
    position += Character.charCount(source.codePointAt(position));
    return new Token(Type.SYMBOL, source.substring(start, position), at, startLine);
  }

  private Origin here() {
    return place.at(line, position - lineStart + 1);
  }

  private void skipBlanks() {
    for (; position < source.length(); position++) {
      char c = source.charAt(position);
      if (c == '\n') {
        line++;
        lineStart = position + 1;
      } else if (c == '#' && !json) {
        skipComment();
      } else if (c != ' ' && c != '\t' && c != '\r') {
        return;
      }
    }
  }

  /** Up to the character before the line's end, by every line end that Protobuf knows. */
  private void skipComment() {
    while (position + 1 < source.length()
        && "\n\r\u0085\u2028\u2029".indexOf(source.charAt(position + 1)) < 0) {
      position++;
    }
  }

  /** Letters are taken along ("2GiB"), so that the message names the whole word. */
  private void number() {
    while (position < source.length()) {
      char c = source.charAt(position);
      char before = position == 0 ? ' ' : source.charAt(position - 1);
      boolean exponentSign = (c == '+' || c == '-') && (before == 'e' || before == 'E');
      if (!isNamePart(c) && c != '.' && !exponentSign) {
        return;
      }
      position++;
    }
  }

  private String text(char quote, Origin at) {
    int start = ++position;
    for (; position < source.length(); position++) {
      char c = source.charAt(position);
      if (c == quote) {
        String raw = source.substring(start, position++);
        return json ? unescapeJson(raw, at) : unescape(raw, at);
      }
      if (c == '\n') {
        break;
      }
      if (json && c < ' ') {
        throw Problems.error(
            here(), "", "a text must not hold control characters; write \\t or \\u00XX");
      }
      if (c == '\\' && position + 1 < source.length() && source.charAt(position + 1) != '\n') {
        position++;
      }
    }
    throw Problems.error(at, "", "this text is not closed on its line; a " + quote + " is missing");
  }

  private static String unescape(String raw, Origin at) {
    try {
      ByteString bytes = TextFormat.unescapeBytes(raw);
      if (bytes.isValidUtf8()) {
        return bytes.toStringUtf8();
      }
      throw Problems.error(at, "", "the bytes of this text are not UTF-8");
    } catch (TextFormat.InvalidEscapeSequenceException e) {
      throw Problems.error(at, "", "a bad escape in this text: " + e.getMessage());
    }
  }

  private static String unescapeJson(String raw, Origin at) {
    StringBuilder out = new StringBuilder(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escape = ++i < raw.length() ? raw.charAt(i) : ' ';
      int simple = "\"\\/bfnrt".indexOf(escape);
      if (simple >= 0) {
        out.append("\"\\/\b\f\n\r\t".charAt(simple));
      } else if (escape == 'u' && raw.substring(i + 1).matches("(?s)[0-9a-fA-F]{4}.*")) {
        out.append((char) Integer.parseInt(raw.substring(i + 1, i + 5), 16));
        i += 4;
      } else {
        throw Problems.error(
            at,
            "",
            "a bad escape in this text; allowed: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");
      }
    }
    return out.toString();
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isNamePart(char c) {
    return isLetter(c) || isDigit(c);
  }
}
