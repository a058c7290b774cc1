package io.balsa.rows;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import io.balsa.model.Seen;
import io.balsa.model.Span;
import org.jspecify.annotations.Nullable;

/** The keys as one reader sees them. */
public interface Keyspace {
  /** The newest revision that the reader sees. */
  long revision();

  /** The revision up to which history is forgotten; -1 when it never was, as in etcd. */
  long compactRevision();

  /** The newest version of a key. */
  @Nullable KeyValue newest(Bytes key);

  /** As {@link #newest(Bytes)}, but reads no value that is large. */
  @Nullable Seen glance(Bytes key);

  /** The newest versions of a span of several keys. To be closed. */
  Rows newest(Span span);

  /** Whether there is such a lease. */
  boolean hasLease(long id);

  /**
   * The version of a key that was there at a revision; reads no value that is large.
   *
   * @param revision neither compacted nor in the future
   */
  @Nullable Seen glanceAt(Bytes key, long revision);

  /** A version that was glanced at, with its value. */
  KeyValue load(Seen seen);

  /** The versions that were there at a revision, of a span of several keys. To be closed. */
  Rows at(Span span, long revision);

  /** Counts what {@link #at(Span, long)} may have to look at: what is there and what was. */
  void countPast(Span span, Cost cost);

  /**
   * The versions that are stored as the newest ones of a span. A large deletion that has not swept
   * a key yet leaves its version stored: see {@link #isDeleted}. The log alone decides which these
   * are. To be closed.
   */
  default Rows storedNewest(Span span) {
    return newest(span);
  }

  /** Whether a tombstone covers a version of {@link #storedNewest}, so that it is deleted. */
  default boolean isDeleted(KeyValue stored) {
    return false;
  }
}
