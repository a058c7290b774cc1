package io.balsa.model;

/**
 * A version of a key that was read without its value, if that is large.
 *
 * @param kv the version, with its value where that was at hand; otherwise without
 * @param valueSize the size of its value in bytes
 */
public record Seen(KeyValue kv, int valueSize) {
  public static Seen whole(KeyValue kv) {
    return new Seen(kv, kv.value().size());
  }

  /** Whether the value is there. */
  public boolean isWhole() {
    return kv.value().size() == valueSize;
  }

  /** Whether it is a look at this version of the same key. */
  public boolean isOf(KeyValue whole) {
    return whole.modRevision() == kv.modRevision();
  }

  /** Bytes of the key and the value. */
  public long size() {
    return (long) kv.key().size() + valueSize;
  }
}
