package org.tfjavantk.cli.run;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.tfjavantk.graphs.UserException;

/**
 * One of several equal shares of the work.
 *
 * @param index from 1
 * @param count how many shares there are
 */
public record Shard(int index, int count) {
  private static final Pattern TEXT = Pattern.compile("(\\d{1,9})/(\\d{1,9})");

  /**
   * Reads "2/3", the second of three.
   *
   * @throws UserException if it is something else
   */
  public static Shard parse(String text) {
    Matcher matcher = TEXT.matcher(text.strip());
    if (matcher.matches()) {
      Shard shard = new Shard(number(matcher, 1), number(matcher, 2));
      if (shard.index >= 1 && shard.index <= shard.count) {
        return shard;
      }
    }
    throw new UserException(
        "--shard "
            + text
            + ": is not i/N with i from 1 to N; the second of three processes takes --shard 2/3");
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }

  /** The first of this share's items, of {@code total} that are counted from 0. */
  public int from(int total) {
    return (int) ((long) total * (index - 1) / count);
  }

  /** The item after the last of this share. The shares are runs of items that cover all. */
  public int to(int total) {
    return (int) ((long) total * index / count);
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}
