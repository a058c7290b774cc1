package io.balsa.node.reads;

import io.balsa.kv.Reading;
import io.balsa.kv.StoreReader;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import java.util.function.Consumer;

/**
 * A client's read, from its arrival until its client is told. A read lane calls {@link #begin}
 * once, and then {@link #answer} or {@link #failed}.
 */
public abstract class Read {
  /** Which read lane serves it, so that short reads do not wait behind long steps. */
  public enum Kind {
    /** It must not wait for scans: a read of one key, a barrier, this server's lease table. */
    POINT,
    /** It may go over many keys. */
    SCAN,
    /** It looks at what a write would cost, in one step that may be long. */
    WEIGHING
  }

  private final Kind kind;
  private final long deadlineNanos;
  private final AnswerRoom room;

  /**
   * A read that waits.
   *
   * @param kind says which lane serves it
   * @param deadlineNanos when it fails, by the monotonic clock
   * @param room the room from which the bytes of its answer are taken
   */
  Read(Kind kind, long deadlineNanos, AnswerRoom room) {
    this.kind = kind;
    this.deadlineNanos = deadlineNanos;
    this.room = room;
  }

  /** A read of this server's own that takes one step. */
  public static Read of(
      Kind kind, long deadlineNanos, Consumer<StoreReader> work, Consumer<Outcome.Failure> failed) {
    return new Read(kind, deadlineNanos, AnswerRoom.UNBOUNDED) {
      @Override
      Reading<?> begin(StoreReader reader) {
        return StoreReader.atOnce(
            () -> {
              work.accept(reader);
              return reader;
            });
      }

      @Override
      void answer() {}

      @Override
      void failed(Outcome.Failure failure) {
        failed.accept(failure);
      }
    };
  }

  /** Whether it may go over the whole store. Once begun it has no deadline. */
  boolean isLong() {
    return false;
  }

  /** Whether it is this server's own: it always has a place, and goes before clients' reads. */
  boolean isOwn() {
    return false;
  }

  final Kind kind() {
    return kind;
  }

  final long deadlineNanos() {
    return deadlineNanos;
  }

  final AnswerRoom room() {
    return room;
  }

  /** Begins to read; on a read lane. */
  abstract Reading<?> begin(StoreReader reader);

  /** Tells the client the answer of a reading that is done; on a read lane. */
  abstract void answer();

  /** Tells the client that there is no answer. Also called when {@link #answer} has failed. */
  abstract void failed(Outcome.Failure failure);
}
