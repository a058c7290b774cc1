package io.balsa.model;

import io.balsa.bytes.Bytes;

/**
 * What a role may do with a range of keys, as etcd's Permission.
 *
 * @param key the first key
 * @param rangeEnd as in {@link Range}: empty for {@code key} alone, a single zero byte for no end
 */
public record Permission(Kind kind, Bytes key, Bytes rangeEnd) {
  /** What it allows. */
  public enum Kind {
    READ,
    WRITE,
    READWRITE;

    public boolean reads() {
      return this != WRITE;
    }

    public boolean writes() {
      return this != READ;
    }
  }

  public boolean isOf(Bytes otherKey, Bytes otherEnd) {
    return key.equals(otherKey) && rangeEnd.equals(otherEnd);
  }
}
