package io.balsa.check;

import io.balsa.bytes.Bytes;
import org.jspecify.annotations.Nullable;

/** What a client asked of one key. */
public sealed interface KeyRequest {
  /** Gives the key a value. */
  record Put(Bytes value) implements KeyRequest {}

  /** Reads the key. */
  record Get() implements KeyRequest {}

  /** Takes the key away. */
  record Delete() implements KeyRequest {}

  /**
   * Gives the key a value if it has the one expected.
   *
   * @param expected null when the key must not be there
   */
  record Cas(@Nullable Bytes expected, Bytes value) implements KeyRequest {}

  /** Puts bytes behind the value; a key that is not there counts as empty. */
  record Append(Bytes value) implements KeyRequest {}
}
