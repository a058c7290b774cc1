package io.balsa.check;

import io.balsa.bytes.Bytes;

/**
 * What a client was told. A {@code revision} is the store's when it answered, as in etcd's response
 * header: a change's own revision, or the newest one that a read saw; 0 when not told.
 */
public sealed interface Answer {
  /** Nothing: the operation may have happened, may still happen, or never will. */
  record Unknown() implements Answer {}

  /** Answers {@link KeyRequest.Put} and {@link KeyRequest.Append}. */
  record Done(long revision) implements Answer {}

  /**
   * Answers {@link KeyRequest.Get} with what was there; createRevision, modRevision and version are
   * 0 when not told.
   */
  record Found(Bytes value, long createRevision, long modRevision, long version, long revision)
      implements Answer {}

  /** Answers {@link KeyRequest.Get}: the key was not there. */
  record Nothing(long revision) implements Answer {}

  /** Answers {@link KeyRequest.Delete}. */
  record Deleted(boolean existed, long revision) implements Answer {}

  /** Answers {@link KeyRequest.Cas}. */
  record Swapped(boolean swapped, long revision) implements Answer {}
}
