package io.balsa.budget;

import io.grpc.Context;
import java.util.function.Consumer;

/**
 * What one call holds of the {@link AnswerBudget}: the bytes of its answer, from their reading
 * until the kernel has taken them. When the call ends, everything is given back.
 *
 * <p>Sent bytes are counted automatically, even if no room was taken for them. They are given back
 * automatically when they have left: in a unary call at its end, in a stream when it is ready
 * again. A service gives back only bytes for a message that it does not send.
 *
 * <p>Any thread may call every method; none of them blocks.
 */
public interface Share {
  /** The largest total of a small answer. A part of the budget is reserved for small answers. */
  long SMALL_BYTES = 64 << 10;

  /**
   * The largest total for which there is always room. gRPC's buffers take as much for any message,
   * and the number of open calls limits it.
   */
  long TINY_BYTES = 4 << 10;

  /** The share of the current call. */
  Context.Key<Share> CURRENT = Context.key("balsa-share");

  /** The share of calls that came through no port: without limit, and never gone. */
  Share UNBOUNDED =
      new Share() {
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
        public boolean hasRoom(long bytes) {
          return true;
        }

        @Override
        public void giveBack(long bytes) {
          // nothing was counted
        }

        @Override
        public void tooLarge() {
          // nothing is too large
        }

        @Override
        public boolean mayReadMuch() {
          return true;
        }

        @Override
        public void end() {
          // nothing was counted
        }

        @Override
        public boolean isGone() {
          return false;
        }
      };

  /** The share of the current thread's call; to be called while the call begins. */
  static Share current() {
    Share share = CURRENT.get();
    return share == null ? UNBOUNDED : share;
  }

  /** The most bytes that one answer may have. */
  long bytesMax();

  /**
   * Takes more bytes, if there is room now and no earlier reservation waits for it. A total of up
   * to {@link #TINY_BYTES} always succeeds, unless the call has ended.
   */
  boolean tryTake(long bytes);

  /**
   * Takes more bytes; waits in the queue for them, at most two seconds.
   *
   * @param done called once, by this method or later on any thread, with whether the bytes were
   *     taken; false after two seconds or if the call has ended; must not block
   */
  void take(long bytes, Consumer<Boolean> done);

  /** Whether {@link #tryTake} would succeed now. */
  boolean hasRoom(long bytes);

  /** Gives back bytes that were taken and that no message has used. */
  void giveBack(long bytes);

  /** Gives everything back; nothing can be taken afterwards. */
  void end();

  /** Counts that the answer was refused because it is larger than {@link #bytesMax}. */
  void tooLarge();

  /**
   * Whether a read of many keys may begin. False while the heap is nearly full ({@link HeapMark});
   * the refusal is counted.
   */
  boolean mayReadMuch();

  /**
   * Whether the call has ended or its deadline has passed, so that no client waits for the answer.
   */
  boolean isGone();
}
