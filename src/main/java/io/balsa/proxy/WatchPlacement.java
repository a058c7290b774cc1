package io.balsa.proxy;

import io.balsa.client.Endpoint;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The server of a client's watch stream. Finds another server when this one ends, becomes silent or
 * is cut off. Guarded by its stream.
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

  /** The stream at the server; null while no server has it. */
  @Nullable WatchUpstream upstream() {
    return upstream;
  }

  /** The server has sent a message. */
  void heard() {
    served = true;
    resumption.heard();
  }

  /**
   * Finds a server, now or when one is known.
   *
   * @param wantLeader whether the server must be the leader
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

  /** Leaves the server. */
  void release() {
    WatchUpstream released = upstream;
    if (released != null) {
      upstream = null;
      router.removeInFlight(this, released.endpoint());
      stream.unsettle(released.release());
    }
  }

  /** Leaves the server for another one. */
  void move() {
    release();
    router.metrics().streamResumed();
  }

  /**
   * The server does not answer, or is cut off. The stream resumes at another server if there is
   * one.
   */
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

  /**
   * A stream that was served before waits for a leader without a limit, unless the client asked for
   * {@code hasleader}.
   */
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
