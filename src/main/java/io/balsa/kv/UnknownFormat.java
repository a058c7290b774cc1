package io.balsa.kv;

/** The store was written by a program that knows another format. */
public final class UnknownFormat extends RuntimeException {
  private static final long serialVersionUID = 1;

  UnknownFormat(int format, int own) {
    super(
        "the store has format %d, and this version writes format %d: %s"
            .formatted(
                format,
                own,
                format > own
                    ? "start the newer version that wrote it"
                    : "start the earlier version that wrote it, then one in between"));
  }
}
