package io.balsa.check;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** A request on one key. */
public sealed interface KeyRequest {
  /** Writes a value. */
  record Put(Bytes value) implements KeyRequest {}

  /** Reads the key. */
  record Get() implements KeyRequest {}

  /** Deletes the key. */
  record Delete() implements KeyRequest {}

  /**
   * Writes a value if the key has the expected one (compare-and-swap).
   *
   * @param expected null when the key must not exist
   */
  record Cas(@Nullable Bytes expected, Bytes value) implements KeyRequest {}

  /** Appends bytes to the value; a missing key counts as empty. */
  record Append(Bytes value) implements KeyRequest {}
}
