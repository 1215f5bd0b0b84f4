package org.tfjavantk.cli.run;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A hash over named values: SHA-256 of (name length, name, value length, value) in the order in
 * which they are added.
 */
public final class Fingerprint {
  private final MessageDigest digest;

  public Fingerprint() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Adds bytes. */
  public Fingerprint add(String name, byte[] value) {
    part(name.getBytes(StandardCharsets.UTF_8));
    part(value);
    return this;
  }

  /** Adds a text. */
  public Fingerprint add(String name, String value) {
    return add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a whole number. */
  public Fingerprint add(String name, long value) {
    return add(name, Long.toString(value));
  }

  /** Adds a part of the config. */
  public Fingerprint add(String name, Message value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      value.writeTo(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("into memory", e);
    }
    return add(name, bytes.toByteArray());
  }

  /** The hash of what was added so far, 64 hexadecimal digits. */
  public String hex() {
    try {
      return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("Java's own SHA-256 can be cloned", e);
    }
  }

  private void part(byte[] bytes) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(bytes.length).flip());
    digest.update(bytes);
  }
}
