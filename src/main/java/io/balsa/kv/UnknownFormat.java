package io.balsa.kv;

/** The store was written by a program that knows another format. */
public final class UnknownFormat extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownFormat(int format) {
    super(
        "the store has format "
            + format
            + ", which this version does not know; start the version that wrote it");
  }
}
