package io.balsa.proxy;

import io.balsa.client.Endpoint;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Where a client's watch stream is served, and how another server is found when that one ends,
 * falls silent or is cut off. Guarded by its stream.
 */
final class WatchPlacement implements RoutedCall, InFlightCall {
  private final Router router;
  private final ProxiedWatchStream stream;
  private final StreamHeaders headers;
  private final Resumption resumption = new Resumption();
  private @Nullable WatchUpstream upstream;
  private boolean holding;
  private boolean served;
  private volatile long waitingSince = System.nanoTime();

  WatchPlacement(Router router, ProxiedWatchStream stream, StreamHeaders headers) {
    this.router = router;
    this.stream = stream;
    this.headers = headers;
  }

  /** The stream at the server that has it; null while none has. */
  @Nullable WatchUpstream upstream() {
    return upstream;
  }

  /** That server says something. */
  void heard() {
    served = true;
    resumption.heard();
  }

  /**
   * Finds a server, now or when there is one.
   *
   * @param wantLeader whether it must lead
   */
  void find(boolean wantLeader) {
    if (holding) {
      return;
    }
    boolean atLeader = headers.askForLeader() || wantLeader;
    Endpoint target = router.streamTarget(atLeader, resumption.failed());
    if (target == null) {
      holding = true;
      waitingSince = System.nanoTime();
      router.hold(this);
      return;
    }
    router.addInFlight(this, target);
    WatchUpstream taken = router.watches().take(target, headers, stream);
    upstream = taken;
    resumption.begins();
    taken.start();
    if (upstream == taken) {
      stream.found(taken);
    }
  }

  @Override
  public void dispatch() {
    synchronized (stream) {
      holding = false;
      stream.settle();
    }
  }

  /** No server has it. */
  void release() {
    WatchUpstream released = upstream;
    if (released != null) {
      upstream = null;
      router.removeInFlight(this, released.endpoint());
      stream.unsettle(released.release());
    }
  }

  /** It leaves its server for another one. */
  void move() {
    release();
    router.metrics().streamResumed();
  }

  /** Its server does not answer, or is cut off: it goes on elsewhere, if there is anywhere. */
  @Override
  public void silent() {
    synchronized (stream) {
      WatchUpstream now = upstream;
      if (stream.isOver() || now == null) {
        return;
      }
      Endpoint other = router.streamTarget(headers.askForLeader(), now.endpoint());
      if (other != null && other != now.endpoint()) {
        resumption.failedAt(now.endpoint());
        move();
        stream.settle();
      }
    }
  }

  @Override
  public void replaced() {
    silent();
  }

  /** The stream at the server has ended. */
  void ended(WatchUpstream ended, Status status, boolean sent) {
    upstream = null;
    router.removeInFlight(this, ended.endpoint());
    router.metrics().streamEnded(ended.endpoint(), status);
    stream.unsettle(ended.takeAll());
    switch (resumption.after(ended.endpoint(), status, sent, served)) {
      case TELL -> stream.end(ProxyErrors.toClient(status), new Metadata());
      case AT_ONCE -> {
        router.metrics().streamResumed();
        router.suspect(ended.endpoint(), status);
        stream.settle();
      }
      case LATER -> {
        holding = true;
        router.suspect(ended.endpoint(), status);
        router.later(this::dispatch, resumption.pauseNanos());
      }
    }
  }

  @Override
  public long arrivedNanos() {
    return waitingSince;
  }

  @Override
  public int bytes() {
    return 0;
  }

  @Override
  public boolean over() {
    return stream.isOver();
  }

  @Override
  public boolean isStream() {
    return true;
  }

  /** A stream that was served waits for a leader as long as it takes, unless it asked for one. */
  @Override
  public void fail(Status status) {
    boolean waits;
    synchronized (stream) {
      waits = ProxyErrors.isNoLeader(status) && served && !headers.askForLeader();
    }
    if (!waits) {
      stream.end(status, new Metadata());
    }
  }
}
