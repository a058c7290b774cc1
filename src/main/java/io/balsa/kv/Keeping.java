package io.balsa.kv;

/**
 * Which parts of an answer are built: all where a client waits, what the ledger remembers for a
 * named write, nothing elsewhere. The rest is measured.
 */
final class Keeping {
  private static final Keeping ALL = new Keeping(Long.MAX_VALUE);
  private static final Keeping NONE = new Keeping(0);

  private long left;

  private Keeping(long bytes) {
    this.left = bytes;
  }

  /** That for an entry. */
  static Keeping of(Applied entry, WriteId write) {
    if (entry.wanted()) {
      return ALL;
    }
    return write.isNone() ? NONE : new Keeping(ResultRow.BYTES_MAX);
  }

  /** For a reader who waits. */
  static Keeping all() {
    return ALL;
  }

  /** For somebody who only asks for the cost. */
  static Keeping none() {
    return NONE;
  }

  /** A part as it is kept; what holds no keys always is. */
  Result keep(Result part) {
    long bytes = part.bytes();
    if (this == ALL || bytes <= Result.EMPTY_BYTES || part instanceof Result.Measured) {
      return part;
    }
    boolean fits = bytes <= left;
    left = fits ? left - bytes : 0;
    return fits ? part : Result.Measured.of(part);
  }
}
