package io.balsa.api;

import io.balsa.budget.Share;
import io.grpc.ServerCall;
import java.util.function.Consumer;

/**
 * The room for the answers of a watch stream. It is taken from the answer budget before an answer
 * is sent. Then the budget itself counts the answer until it has left. All methods run on the watch
 * lane, except {@link #hasDrained}.
 */
final class WatchRoom {
  /** Bytes that a stream may have under way. One event may go to many of its watches. */
  private static final long BYTES_MAX = 1 << 20;

  /** Bytes that may stay in gRPC's buffers while the stream is ready. */
  static final int READY_BYTES = 1 << 10;

  /** A waiting stream requests a multiple of this. */
  private static final long ASK_BYTES = 64 << 10;

  /** The bytes of an answer beside its events, and those that gRPC adds. */
  static final long AROUND_BYTES = 160;

  private final ServerCall<?, ?> call;
  private final Share share;
  private final Consumer<Runnable> lane;
  private final Runnable ready;

  /** Bytes taken from the share for answers that are not sent. */
  private long taken;

  /** Bytes of answers that are gathered and not passed to gRPC. */
  private long gathered;

  /** Bytes of answers passed to gRPC since the stream had no unsent bytes. */
  private long sent;

  private boolean asking;
  private boolean closed;
  private volatile boolean waits;

  /**
   * @param lane runs a task on the watch lane
   * @param ready called when there may be room again; on any thread
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

  /** Takes room for an answer. If there is none, it calls {@code ready} later. */
  boolean take(long bytes) {
    long wanted = Math.min(bytes + AROUND_BYTES, share.bytesMax());
    if (closed || asking || isUsedUp(gathered + wanted)) {
      return false;
    }
    long all = gathered + wanted;
    if (sent + all <= READY_BYTES || all <= taken) {
      return true;
    }
    // doubles what is gathered, so that an event for a thousand watches does not take a thousand
    // times
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

  /** Whether the client must read before more bytes are sent. */
  private boolean isUsedUp(long more) {
    if (sent > 0 && gathered == 0 && call.isReady()) {
      sent = 0;
    }
    if (sent == 0 || sent + more < BYTES_MAX) {
      return false;
    }
    waits = true; // set before the second check, because room may have become free between
    if (call.isReady()) {
      sent = 0;
    }
    return sent > 0;
  }

  /**
   * Requests room. A waiting stream holds nothing, because streams that each wait for a little more
   * could block each other. It requests a little more than it needs, because the need may grow.
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

  /** Counts an answer that was gathered. */
  void gathers(long bytes) {
    gathered += bytes + AROUND_BYTES;
  }

  /** Counts the gathered answers as passed to gRPC, with the room that was taken for them. */
  void sends() {
    sent += gathered;
    gathered = 0;
    taken = 0;
  }

  /** Gives unused room back. */
  void rest() {
    giveBack(taken);
  }

  /** Whether the stream waited for the client, and the client has read; from any thread. */
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
