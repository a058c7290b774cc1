package io.balsa.kv;

/**
 * Which parts of an answer are built: all where a client waits, what the ledger remembers for a
 * named write, nothing elsewhere. The rest is measured.
 */
final class Keeping {
  private long left;

  private Keeping(long bytes) {
    this.left = bytes;
  }

  /** That for an entry. */
  static Keeping of(Applied entry, WriteId write) {
    if (entry.wanted()) {
      return new Keeping(Long.MAX_VALUE);
    }
    return new Keeping(write.isNone() ? 0 : ResultRow.BYTES_MAX);
  }

  /** For a reader who waits. */
  static Keeping all() {
    return new Keeping(Long.MAX_VALUE);
  }

  /** For somebody who only asks for the cost. */
  static Keeping none() {
    return new Keeping(0);
  }

  /** A part as it is kept; what holds no keys always is. */
  Result keep(Result part) {
    if (part.bytes() <= Result.EMPTY_BYTES || part instanceof Result.Measured) {
      return part;
    }
    left -= part.bytes();
    return left >= 0 ? part : Result.Measured.of(part);
  }
}
