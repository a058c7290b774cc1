package io.balsa.api;

import io.balsa.bytes.Bytes;
import io.balsa.model.Event;
import io.balsa.model.KeyValue;
import io.balsa.proto.v3electionpb.LeaderResponse;
import io.balsa.queue.QueueKeys;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchRequest;
import io.balsa.watch.WatchSink;
import io.balsa.watch.Watching;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.jspecify.annotations.Nullable;

/**
 * Observes an election for a client: reports the leader, each of its proclamations, and then the
 * next leader. It alternates a read and a watch from the read's revision, so it misses nothing.
 */
final class ElectionObserver {
  /** Makes a response from a leader's key. */
  @FunctionalInterface
  interface Translation {
    LeaderResponse translate(KeyValue leader, long revision);
  }

  private final NodeCalls calls;
  private final QueueKeys keys;
  private final ServerCallStreamObserver<LeaderResponse> observer;
  private final Translation translation;
  private final CallRoom room = CallRoom.current();
  private @Nullable Watching watching;
  private boolean over;

  ElectionObserver(
      NodeCalls calls,
      QueueKeys keys,
      StreamObserver<LeaderResponse> observer,
      Translation translation) {
    this.calls = calls;
    this.keys = keys;
    this.observer = (ServerCallStreamObserver<LeaderResponse>) observer;
    this.translation = translation;
  }

  void begin() {
    observer.setOnCancelHandler(this::cancelled);
    observer.setOnReadyHandler(this::ready);
    look();
  }

  private synchronized void cancelled() {
    over = true;
    end();
  }

  private synchronized void ready() {
    if (watching != null) {
      watching.ready();
    }
  }

  private synchronized void end() {
    if (watching != null) {
      watching.close();
      watching = null;
    }
  }

  private void look() {
    var _ =
        calls
            .read(NodeCalls.found(keys.first()), room.next())
            .whenComplete(
                (found, failure) -> {
                  if (failure != null) {
                    fail(NodeCalls.cause(failure));
                  } else if (found.kvs().isEmpty()) {
                    watch(new Watch(null), keys.end(), found.revision() + 1);
                  } else {
                    KeyValue leader = found.kvs().getFirst();
                    report(leader, found.revision());
                    watch(new Watch(leader.key()), Bytes.EMPTY, found.revision() + 1);
                  }
                });
  }

  private synchronized void fail(Throwable cause) {
    if (!over) {
      over = true;
      observer.onError(cause);
    }
  }

  private synchronized void report(KeyValue leader, long revision) {
    if (!over) {
      over = !Reply.next(observer, translation.translate(leader, revision));
    }
  }

  private synchronized void watch(Watch watch, Bytes rangeEnd, long from) {
    end();
    if (!over) {
      Bytes key = watch.leader == null ? keys.prefix() : watch.leader;
      Watching opened = calls.node().watch(watch);
      watching = opened;
      opened.create(
          calls.caller(),
          new WatchRequest(key, rangeEnd, from, 0, false, false, false, false, false));
    }
  }

  /** A watch of the leader's key, or of all keys of the election while there is no leader. */
  private final class Watch implements WatchSink {
    private final @Nullable Bytes leader;
    private boolean ended;

    Watch(@Nullable Bytes leader) {
      this.leader = leader;
    }

    @Override
    public boolean isReady() {
      return observer.isReady();
    }

    @Override
    public void send(WatchAnswer answer) {
      if (answer instanceof WatchAnswer.Told told) {
        take(told.batch());
      } else if (answer instanceof WatchAnswer.Part part) {
        take(part.batch());
      } else if (answer instanceof WatchAnswer.Compacted) {
        lookAnew();
      } else if (answer instanceof WatchAnswer.Refused refused) {
        ElectionObserver.this.end();
        fail(WatchEncoder.error(refused.reason()));
      } else if (answer instanceof WatchAnswer.Revoked revoked) {
        ElectionObserver.this.end();
        fail(WatchEncoder.error(revoked.reason()));
      }
    }

    /** The server has ended the watch. */
    @Override
    public void end(End why) {
      if (!ended) {
        lookAnew();
      }
    }

    private void take(WatchAnswer.Batch batch) {
      for (Event event : batch.events()) {
        take(event, batch.revision());
      }
    }

    private void take(Event event, long revision) {
      if (ended) {
        return;
      }
      if (leader == null || event.deleted()) {
        if (leader != null || !event.deleted()) {
          lookAnew();
        }
      } else {
        report(event.kv(), revision);
      }
    }

    private void lookAnew() {
      ended = true;
      ElectionObserver.this.end();
      look();
    }
  }
}
