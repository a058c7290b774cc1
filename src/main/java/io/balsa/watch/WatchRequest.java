package io.balsa.watch;

import io.balsa.bytes.Bytes;
import io.balsa.model.Range;
import io.balsa.model.Span;

/**
 * What to watch, in etcd's words.
 *
 * @param key the first key; empty stands for the smallest key there is
 * @param rangeEnd as {@link Range#rangeEnd}
 * @param startRevision the first revision to be told about; 0 for the one after the newest
 * @param watchId the id that the client chose; 0 to be given one
 * @param prevKv whether events carry the key as it was before
 * @param noPut whether puts are left out
 * @param noDelete whether deletes are left out
 * @param progressNotify whether to be told now and then how far the store is
 * @param fragment whether a large response may come in parts
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
  /** A watch from now on, of everything that happens to a range of keys. */
  public static WatchRequest of(Bytes key, Bytes rangeEnd) {
    return new WatchRequest(key, rangeEnd, 0, 0, false, false, false, false, false);
  }

  Span span() {
    return new Span(key.isEmpty() ? Bytes.of(0) : key, rangeEnd);
  }
}
