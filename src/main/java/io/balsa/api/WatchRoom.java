package io.balsa.api;

import io.balsa.front.Share;
import io.grpc.ServerCall;
import java.util.function.Consumer;

/**
 * What a watch stream may have under way: taken from the answers' budget before something is sent,
 * given back when gRPC has handed all of it to the kernel. On the watch lane, but {@link
 * #hasDrained}.
 */
final class WatchRoom {
  /** What a stream may have under way: one event may be told to many of its watches. */
  private static final long BYTES_MAX = 1 << 20;

  /** So little may lie in gRPC's buffers of a stream without being counted. */
  static final int READY_BYTES = 1 << 10;

  /** What an answer has beside its events, and what gRPC puts around it. */
  private static final long AROUND_BYTES = 160;

  /** A message as JSON: half as long again, once as text and once on its way. */
  private static final int JSON_TIMES = 3;

  private final ServerCall<?, ?> call;
  private final Share share;
  private final int times;
  private final Consumer<Runnable> lane;
  private final Runnable ready;

  /** Bytes taken from the share and not given back. */
  private long taken;

  /** Bytes of answers that were gathered and not handed to gRPC. */
  private long gathered;

  /** Bytes of answers handed to gRPC since all before had left. */
  private long sent;

  private boolean asking;
  private boolean closed;
  private volatile boolean waits;

  /**
   * @param json whether what is sent becomes JSON
   * @param lane runs something on the watch lane
   * @param ready told when there may be room again; on any thread
   */
  WatchRoom(
      ServerCall<?, ?> call, Share share, boolean json, Consumer<Runnable> lane, Runnable ready) {
    this.call = call;
    this.share = share;
    this.times = json ? JSON_TIMES : 1;
    this.lane = lane;
    this.ready = ready;
  }

  /** Whether there may be room. */
  boolean isThere() {
    if (closed || asking) {
      return false;
    }
    settle();
    return sent < BYTES_MAX || !waitsForClient();
  }

  /** Takes room for an answer; when there is none, {@code ready} is told later. */
  boolean take(long bytes) {
    if (closed || asking) {
      return false;
    }
    settle();
    long wanted = Math.min((bytes + AROUND_BYTES) * times, share.bytesMax());
    if (sent > 0 && sent + gathered + wanted > BYTES_MAX && waitsForClient()) {
      return false;
    }
    long all = sent + gathered + wanted;
    if (all <= READY_BYTES || all <= taken) {
      return true;
    }
    long more = all - taken;
    if (share.tryTake(more)) {
      taken += more;
      return true;
    }
    ask(more);
    return false;
  }

  /** Whether the client has to read first; room may come between, so it is looked twice. */
  private boolean waitsForClient() {
    waits = true;
    if (call.isReady()) {
      settle();
      return false;
    }
    return true;
  }

  /** What was sent has left when gRPC has room: it is not counted any more. */
  void settle() {
    if (sent > 0 && call.isReady()) {
      giveBack(Math.min(sent, taken - Math.min(taken, gathered)));
      sent = 0;
    }
  }

  private void giveBack(long bytes) {
    if (bytes > 0) {
      taken -= bytes;
      share.giveBack(bytes);
    }
  }

  private void ask(long more) {
    asking = true;
    share.take(more, done -> lane.accept(() -> answered(more, done)));
  }

  private void answered(long more, boolean done) {
    asking = false;
    if (closed) {
      share.giveBack(done ? more : 0);
    } else {
      taken += done ? more : 0;
      ready.run();
    }
  }

  /** An answer of so many bytes was gathered. */
  void gathers(long bytes) {
    gathered += (bytes + AROUND_BYTES) * times;
  }

  /** What was gathered was handed to gRPC. */
  void sends() {
    sent += gathered;
    gathered = 0;
    if (taken > 0) {
      waits = true; // for the moment at which it can be given back
    }
    settle();
  }

  /** Nobody waits for more: what was taken and is not used is given back. */
  void rest() {
    giveBack(taken - Math.min(taken, sent + gathered));
  }

  /** Whether somebody waited for the client, who has read; from any thread. */
  boolean hasDrained() {
    boolean waited = waits;
    waits = false;
    return waited;
  }

  void close() {
    closed = true;
    giveBack(taken);
  }
}
