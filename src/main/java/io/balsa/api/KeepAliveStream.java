package io.balsa.api;

import io.balsa.access.CallerSession;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveRequest;
import io.balsa.proto.etcdserverpb.LeaseKeepAliveResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * One client's stream of keepalives. At most {@link #UNDER_WAY_MAX} are under way at once. Further
 * ones are requested when all answers have left, because each answer takes a buffer until then.
 */
final class KeepAliveStream implements StreamObserver<LeaseKeepAliveRequest> {
  private static final int UNDER_WAY_MAX = 16;

  private final Node node;
  private final ToProto toProto;
  private final StoreMetrics metrics;
  private final ServerCallStreamObserver<LeaseKeepAliveResponse> observer;
  private final CallerSession session = CallerSession.current();
  private int underWay;
  private int answered;
  private boolean halfClosed;
  private boolean over;

  KeepAliveStream(
      Node node,
      ToProto toProto,
      StoreMetrics metrics,
      StreamObserver<LeaseKeepAliveResponse> observer) {
    this.node = node;
    this.toProto = toProto;
    this.metrics = metrics;
    this.observer = (ServerCallStreamObserver<LeaseKeepAliveResponse>) observer;
    this.observer.disableAutoRequest();
    this.observer.setOnCancelHandler(this::cancelled);
    this.observer.setOnReadyHandler(this::askForMore);
    this.observer.setOnReadyThreshold(1);
    this.observer.request(UNDER_WAY_MAX);
  }

  private synchronized void cancelled() {
    over = true;
  }

  @Override
  public void onNext(LeaseKeepAliveRequest request) {
    synchronized (this) {
      underWay++;
    }
    try {
      long lease = request.getID();
      node.keepAlive(session.caller(), lease, outcome -> answer(lease, outcome));
    } catch (StatusRuntimeException e) {
      fail(request.getID(), e);
    }
  }

  private synchronized void answer(long lease, Outcome outcome) {
    underWay--;
    if (over) {
      return;
    }
    switch (outcome) {
      case Outcome.Answered(Result.LeaseTime time, long term) -> {
        if (time.left() >= 0) {
          metrics.leaseRenewed();
        }
        over = !Reply.next(observer, toProto.keepAlive(time, term));
        answered++;
        askForMore();
        endWhenDone();
      }
      case Outcome.Answered(Result.Refused refused, long _) ->
          fail(lease, EtcdError.of(refused.error()).exception());
      case Outcome.Answered _ -> throw new IllegalStateException("a keepalive answers with a time");
      case Outcome.Failed(Outcome.Failure failure) ->
          fail(lease, EtcdError.of(failure).exception());
    }
  }

  private synchronized void fail(long lease, StatusRuntimeException error) {
    if (!over) {
      over = true;
      session.refusedRenewal(lease);
      observer.onError(error);
    }
  }

  /** Requests further keepalives if the client reads its answers. */
  private synchronized void askForMore() {
    if (answered > 0 && !over && observer.isReady()) {
      observer.request(answered);
      answered = 0;
    }
  }

  private void endWhenDone() {
    if (halfClosed && underWay == 0 && !over) {
      over = true;
      observer.onCompleted();
    }
  }

  @Override
  public void onError(Throwable gone) {
    cancelled();
  }

  @Override
  public synchronized void onCompleted() {
    halfClosed = true;
    endWhenDone();
  }
}
