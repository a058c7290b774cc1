package io.balsa.check;

import io.balsa.bytes.Bytes;

/**
 * The answer to a {@link KeyRequest}. A {@code revision} is the store's revision in etcd's response
 * header: the revision of the change itself, or the newest one that a read saw. It is 0 when the
 * answer has none.
 */
public sealed interface Answer {
  /** No answer: the operation may have happened, may still happen, or never will. */
  record Unknown() implements Answer {}

  /** Answers {@link KeyRequest.Put} and {@link KeyRequest.Append}. */
  record Done(long revision) implements Answer {}

  /**
   * Answers {@link KeyRequest.Get} with the value; createRevision, modRevision and version are 0
   * when the answer has none.
   */
  record Found(Bytes value, long createRevision, long modRevision, long version, long revision)
      implements Answer {}

  /** Answers {@link KeyRequest.Get}: the key did not exist. */
  record Nothing(long revision) implements Answer {}

  /** Answers {@link KeyRequest.Delete}. */
  record Deleted(boolean existed, long revision) implements Answer {}

  /** Answers {@link KeyRequest.Cas}. */
  record Swapped(boolean swapped, long revision) implements Answer {}
}
