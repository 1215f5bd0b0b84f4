package org.tfjavantk.graphs;

/**
 * The user's input is wrong. The message is one that the user reads: where (file, field, byte),
 * what was found, what is allowed, what to do. The command exits with status 2 and prints no stack
 * trace.
 */
public final class UserException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UserException(String message) {
    super(message);
  }

  public UserException(String message, Throwable cause) {
    super(message, cause);
  }
}
