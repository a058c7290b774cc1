package io.balsa.budget;

import io.grpc.Context;
import java.util.function.Consumer;

/**
 * What one call holds of the {@link AnswerBudget}: the bytes of its answer, from their reading
 * until they have left for the kernel. When the call ends, all of it is given back.
 *
 * <p>What is sent is counted by itself, whether room was taken for it or not, and given back by
 * itself when it has left: of a unary call when the call ends, of a stream when the stream is ready
 * again. A service gives back only what it took for a message that it does not send.
 *
 * <p>Any thread may call every method; none of them blocks.
 */
public interface Share {
  /** The largest total that counts as a small answer, for which a part of the budget is kept. */
  long SMALL_BYTES = 64 << 10;

  /**
   * The largest total for which there is always room: a message takes as much in gRPC's buffers
   * anyway, and the number of open calls bounds it.
   */
  long TINY_BYTES = 4 << 10;

  /** Where the call under way has its share. */
  Context.Key<Share> CURRENT = Context.key("balsa-share");

  /** For calls that no port brought: no bound, and never gone. */
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
        public void end() {
          // nothing was counted
        }

        @Override
        public boolean isGone() {
          return false;
        }
      };

  /** The share of the call that the present thread works on; to be asked where the call begins. */
  static Share current() {
    Share share = CURRENT.get();
    return share == null ? UNBOUNDED : share;
  }

  /** The most bytes that one answer may have. */
  long bytesMax();

  /**
   * Takes so many bytes more, if there is room now and nobody waits for it before. Up to {@link
   * #TINY_BYTES} in all are always taken, unless the call has ended.
   */
  boolean tryTake(long bytes);

  /**
   * Takes so many bytes more; waits for them in turn, two seconds at most.
   *
   * @param done told once, by this method or later on any thread, whether they were taken: not when
   *     the time was over or the call has ended; must not block
   */
  void take(long bytes, Consumer<Boolean> done);

  /** Whether {@link #tryTake} would take so many bytes now. */
  boolean hasRoom(long bytes);

  /** Gives so many of the bytes taken back, which no message has used. */
  void giveBack(long bytes);

  /** Gives all back; nothing can be taken afterwards. */
  void end();

  /** Notes that its answer was refused because it is larger than {@link #bytesMax}. */
  void tooLarge();

  /** Whether the call has ended, or its deadline has passed: nobody waits for its answer. */
  boolean isGone();
}
