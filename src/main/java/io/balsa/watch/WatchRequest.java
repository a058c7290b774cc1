package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.model.Range;
import io.balsa.model.Span;

/**
 * The fields of etcd's {@code WatchCreateRequest}.
 *
 * @param key the first key; empty stands for the smallest possible key
 * @param rangeEnd as {@link Range#rangeEnd}
 * @param startRevision the first revision to watch; 0 for the one after the newest
 * @param watchId the id that the client chose; 0 for an id of the server's choice
 * @param prevKv whether events have the previous key-value
 * @param noPut whether puts are left out
 * @param noDelete whether deletes are left out
 * @param progressNotify whether the client wants progress notifications
 * @param fragment whether a large response may come in fragments
 */
public record WatchRequest(
    Bytes key,
    Bytes rangeEnd,
    long startRevision,
    long watchId,
    boolean prevKv,
    boolean noPut,
    boolean noDelete,
    boolean progressNotify,
    boolean fragment) {
  /** A watch of all events of a range of keys from now on. */
  public static WatchRequest of(Bytes key, Bytes rangeEnd) {
    return new WatchRequest(key, rangeEnd, 0, 0, false, false, false, false, false);
  }

  /** The watched keys. */
  public Span span() {
    return new Span(key.isEmpty() ? Bytes.of(0) : key, rangeEnd);
  }
}
