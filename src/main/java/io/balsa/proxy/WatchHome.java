package io.balsa.proxy;

import io.balsa.client.Endpoint;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Where a client's watch stream is served, and how another server is found when that one ends,
 * falls silent or is cut off. Guarded by its passage.
 */
final class WatchHome implements Carried, Entrusted {
  private final Router router;
  private final WatchPassage passage;
  private final StreamHeaders headers;
  private final Resumption resumption = new Resumption();
  private @Nullable WatchUpstream upstream;
  private boolean holding;
  private boolean served;
  private volatile long waitingSince = System.nanoTime();

  WatchHome(Router router, WatchPassage passage, StreamHeaders headers) {
    this.router = router;
    this.passage = passage;
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
    router.entrust(this, target);
    WatchUpstream taken = router.watches().take(target, headers, passage);
    upstream = taken;
    resumption.begins();
    taken.start();
    if (upstream == taken) {
      passage.found(taken);
    }
  }

  @Override
  public void dispatch() {
    synchronized (passage) {
      holding = false;
      passage.settle();
    }
  }

  /** No server has it. */
  void release() {
    WatchUpstream released = upstream;
    if (released != null) {
      upstream = null;
      router.takeBack(this, released.endpoint());
      passage.unsettle(released.release());
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
    synchronized (passage) {
      WatchUpstream now = upstream;
      if (passage.isOver() || now == null) {
        return;
      }
      Endpoint other = router.streamTarget(headers.askForLeader(), now.endpoint());
      if (other != null && other != now.endpoint()) {
        resumption.failedAt(now.endpoint());
        move();
        passage.settle();
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
    router.takeBack(this, ended.endpoint());
    router.metrics().streamEnded(ended.endpoint(), status);
    passage.unsettle(ended.takeAll());
    switch (resumption.after(ended.endpoint(), status, sent, served)) {
      case TELL -> passage.end(Errors.toClient(status), new Metadata());
      case AT_ONCE -> {
        router.metrics().streamResumed();
        router.suspect(ended.endpoint(), status);
        passage.settle();
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
    return passage.isOver();
  }

  @Override
  public boolean isStream() {
    return true;
  }

  /** A stream that was served waits for a leader as long as it takes, unless it asked for one. */
  @Override
  public void fail(Status status) {
    boolean waits;
    synchronized (passage) {
      waits = Errors.isNoLeader(status) && served && !headers.askForLeader();
    }
    if (!waits) {
      passage.end(status, new Metadata());
    }
  }
}
