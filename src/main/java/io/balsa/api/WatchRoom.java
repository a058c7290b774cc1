package io.balsa.api;

import io.balsa.front.Share;
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
    long more = Math.min(all - taken, share.bytesMax());
    if (share.tryTake(more)) {
      taken += more;
      return true;
    }
    ask(more);
    return false;
  }

  /** Whether the client has to read before so much more is sent. */
  private boolean isUsedUp(long more) {
    if (sent > 0 && call.isReady()) {
      sent = 0;
    }
    if (sent == 0 || sent + more < BYTES_MAX) {
      return false;
    }
    waits = true;
    return !call.isReady(); // it is looked once more, for room may have come between
  }

  private void ask(long more) {
    asking = true;
    share.take(more, done -> lane.accept(() -> answered(more, done)));
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
    if (taken > 0) {
      share.giveBack(taken);
      taken = 0;
    }
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
