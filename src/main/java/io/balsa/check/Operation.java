package io.balsa.check;

import io.balsa.bytes.Bytes;

/**
 * One operation of a client, from its call to its return. Of two operations, one comes before the
 * other when it returned earlier than the other was called; equal times overlap.
 *
 * @param process the client; it has one operation at a time
 * @param called the time of the call, in any unit that all operations share
 * @param returned the time of the answer; {@link #NEVER} for an unknown outcome
 */
public record Operation(
    int process, Bytes key, KeyRequest request, Answer answer, long called, long returned) {
  /** Later than any time: an operation of unknown outcome may still happen. */
  public static final long NEVER = Long.MAX_VALUE;

  /** Whether the operation has an answer, so that its outcome is known. */
  boolean isCertain() {
    return returned != NEVER;
  }

  Operation with(Answer known, long by) {
    return new Operation(process, key, request, known, called, by);
  }

  Operation with(KeyRequest other) {
    return new Operation(process, key, other, answer, called, returned);
  }

  @Override
  public String toString() {
    return HistoryText.line(this);
  }
}
