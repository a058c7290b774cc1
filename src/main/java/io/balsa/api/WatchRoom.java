package io.balsa.api;

import io.balsa.budget.Share;
import io.grpc.ServerCall;
import java.util.function.Consumer;

/**
 * The room for what a watch stream is told: taken from the answers' budget before something is
 * sent. From then on the budget counts it by itself, until it has left. On the watch lane, but
 * {@link #hasDrained}.
 */
final class WatchRoom {
  /** What a stream may have under way: one event may be told to many of its watches. */
  private static final long BYTES_MAX = 1 << 20;

  /** So little may lie in gRPC's buffers of a stream without being waited for. */
  static final int READY_BYTES = 1 << 10;

  /** A waiting stream asks for a multiple of it. */
  private static final long ASK_BYTES = 64 << 10;

  /** What an answer has beside its events, and what gRPC puts around it. */
  static final long AROUND_BYTES = 160;

  private final ServerCall<?, ?> call;
  private final Share share;
  private final Consumer<Runnable> lane;
  private final Runnable ready;

  /** Bytes taken from the share for what is not sent yet. */
  private long taken;

  /** Bytes of answers that were gathered and not handed to gRPC. */
  private long gathered;

  /** Bytes of answers handed to gRPC since all before had left. */
  private long sent;

  private boolean asking;
  private boolean closed;
  private volatile boolean waits;

  /**
   * @param lane runs something on the watch lane
   * @param ready told when there may be room again; on any thread
   */
  WatchRoom(ServerCall<?, ?> call, Share share, Consumer<Runnable> lane, Runnable ready) {
    this.call = call;
    this.share = share;
    this.lane = lane;
    this.ready = ready;
  }

  /** Whether there may be room. */
  boolean isThere() {
    return !closed && !asking && !isUsedUp(0);
  }

  /** Takes room for an answer; when there is none, {@code ready} is told later. */
  boolean take(long bytes) {
    long wanted = Math.min(bytes + AROUND_BYTES, share.bytesMax());
    if (closed || asking || isUsedUp(gathered + wanted)) {
      return false;
    }
    long all = gathered + wanted;
    if (sent + all <= READY_BYTES || all <= taken) {
      return true;
    }
    // as much again as is gathered, so that an event for a thousand watches is not a thousand takes
    if (takes(all - taken + gathered) || takes(all - taken)) {
      return true;
    }
    ask(wanted);
    return false;
  }

  private boolean takes(long more) {
    boolean got = share.tryTake(more);
    taken += got ? more : 0;
    return got;
  }

  /** Whether the client has to read before so much more is sent. */
  private boolean isUsedUp(long more) {
    if (sent > 0 && gathered == 0 && call.isReady()) {
      sent = 0;
    }
    if (sent == 0 || sent + more < BYTES_MAX) {
      return false;
    }
    waits = true; // and only then looked at again, for room may have come between
    if (call.isReady()) {
      sent = 0;
    }
    return sent > 0;
  }

  /**
   * Who waits holds nothing: many who each wait for a little more would wait for each other. It
   * asks for a little more than it needs, for that may grow meanwhile.
   */
  private void ask(long wanted) {
    giveBack(taken - Math.min(taken, gathered));
    asking = true;
    long rounded = (wanted + ASK_BYTES - 1) / ASK_BYTES * ASK_BYTES;
    long more = Math.min(rounded, Math.max(wanted, share.bytesMax()));
    share.take(more, done -> lane.accept(() -> answered(more, done)));
  }

  private void giveBack(long bytes) {
    if (bytes > 0) {
      taken -= bytes;
      share.giveBack(bytes);
    }
  }

  private void answered(long more, boolean done) {
    asking = false;
    taken += done ? more : 0;
    if (closed || share.isGone()) {
      rest();
    } else {
      ready.run();
    }
  }

  /** An answer of so many bytes was gathered. */
  void gathers(long bytes) {
    gathered += bytes + AROUND_BYTES;
  }

  /** What was gathered was handed to gRPC, with all that was taken for it. */
  void sends() {
    sent += gathered;
    gathered = 0;
    taken = 0;
  }

  /** Nobody waits for more: what was taken and is not needed is given back. */
  void rest() {
    giveBack(taken);
  }

  /** Whether somebody waited for the client, who has read; from any thread. */
  boolean hasDrained() {
    boolean waited = waits;
    waits = false;
    return waited;
  }

  void close() {
    closed = true;
    rest();
  }
}
