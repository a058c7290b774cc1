package io.balsa.node;

import io.balsa.kv.Reader;
import java.util.function.Consumer;

/**
 * A client's read.
 *
 * @param scan whether it may go over many keys, so that point reads do not wait behind it
 * @param deadlineNanos when it fails
 * @param room where its answer goes
 * @param work answers it; on a read lane
 * @param failed told when it cannot be answered
 */
record Read(
    boolean scan,
    long deadlineNanos,
    AnswerRoom room,
    Consumer<Reader> work,
    Consumer<Outcome.Failure> failed) {
  /** One of this server's own. */
  Read(boolean scan, long deadlineNanos, Consumer<Reader> work, Consumer<Outcome.Failure> failed) {
    this(scan, deadlineNanos, AnswerRoom.UNBOUNDED, work, failed);
  }
}
