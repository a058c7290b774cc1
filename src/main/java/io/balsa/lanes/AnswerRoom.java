package io.balsa.lanes;

import java.util.function.Consumer;

/**
 * The memory for the answer to one request, and whether its client still waits. A reader takes room
 * when it reads the answer; the owner of the room gives it back when the bytes have left the
 * process.
 *
 * <p>Any thread may call every method; none of them blocks.
 */
public interface AnswerRoom {
  /**
   * For the server's own requests, and for clients in the same process: no bound, and the client
   * never leaves.
   */
  AnswerRoom UNBOUNDED =
      new AnswerRoom() {
        @Override
        public long bytesMax() {
          return Long.MAX_VALUE;
        }

        @Override
        public boolean tryTake(long bytes) {
          return true;
        }

        @Override
        public void take(long bytes, Consumer<Boolean> done) {
          done.accept(true);
        }

        @Override
        public boolean clientLeft() {
          return false;
        }
      };

  /** What a request has reached on its way. */
  enum Step {
    /** It was given to Raft. */
    PROPOSED,
    /** It is committed, and is being applied. */
    COMMITTED,
    /** Its read index is known. */
    READ_INDEX_KNOWN
  }

  /** The request has reached a step, maybe once more. */
  default void reached(Step step) {}

  /** The most bytes that this answer may have; a larger one is refused. */
  long bytesMax();

  /** Takes room for so many bytes more, if there is any now. */
  boolean tryTake(long bytes);

  /** Whether {@link #tryTake} would find room for so many bytes more now; takes nothing. */
  default boolean hasRoom(long bytes) {
    return true;
  }

  /**
   * Takes room for so many bytes more; waits a bounded time when there is none.
   *
   * @param done called once, on any thread, with whether the room was taken; must not block
   */
  void take(long bytes, Consumer<Boolean> done);

  /** Whether the client has left, or its deadline has passed: its request needs no more work. */
  boolean clientLeft();
}
