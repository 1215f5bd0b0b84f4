package org.tfjavantk.random;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A named, counter-based stream of random numbers. A stream is a pure function of the run's seed
 * and of its name, its i-th number of i: the order of the draws, the tiling and the number of
 * threads don't matter. Streams of different names are independent.
 *
 * <p>{@link #uniform}, {@link #normal}, {@link #integer} and {@link #bits} at index {@code i} read
 * block {@code i} of {@link Philox}; use one name for one purpose so that no two quantities share a
 * block.
 */
public final class RandomStream {
  private final int k0;
  private final int k1;
  private final int c2;
  private final int c3;

  private RandomStream(long key, long nonce) {
    k0 = (int) key;
    k1 = (int) (key >>> 32);
    c2 = (int) nonce;
    c3 = (int) (nonce >>> 32);
  }

  /** The stream {@code name} of a run with this seed. */
  public static RandomStream of(long seed, String name) {
    ByteBuffer digest = ByteBuffer.wrap(sha256(seed, name));
    return new RandomStream(digest.getLong(), digest.getLong());
  }

  /** A uniform number in [0, 1), with 53 random bits. */
  public double uniform(long index) {
    int[] words = words(index);
    return toUniform(words[0], words[1]);
  }

  /** A standard normal number, by the Box-Muller transform of block {@code index}. */
  public double normal(long index) {
    int[] words = words(index);
    double radius = Math.sqrt(-2 * Math.log1p(-toUniform(words[0], words[1])));
    return radius * Math.cos(2 * Math.PI * toUniform(words[2], words[3]));
  }

  /** A uniform integer in [0, bound); its bias is below 2^-32. */
  public int integer(long index, int bound) {
    int[] words = words(index);
    long bits = ((words[0] & 0xFFFFFFFFL) << 31) ^ (words[1] & 0xFFFFFFFFL);
    return (int) (bits % bound);
  }

  /** 64 random bits. */
  public long bits(long index) {
    int[] words = words(index);
    return ((long) words[0] << 32) | (words[1] & 0xFFFFFFFFL);
  }

  /** A uniformly random permutation of 0 .. n-1, by Fisher and Yates' shuffle. */
  public int[] permutation(int n) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      int j = integer(i, i + 1);
      int t = order[i];
      order[i] = order[j];
      order[j] = t;
    }
    return order;
  }

  private int[] words(long index) {
    int[] out = new int[4];
    Philox.block((int) index, (int) (index >>> 32), c2, c3, k0, k1, out);
    return out;
  }

  private static double toUniform(int high, int low) {
    return (((long) (high >>> 5) << 26) | (low >>> 6)) * 0x1p-53;
  }

  private static byte[] sha256(long seed, String name) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
      return digest.digest(name.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }
}
