package io.balsa.api;

import io.balsa.bytes.Bytes;
import io.balsa.errors.EtcdError;
import io.balsa.model.Result;
import io.balsa.queue.QueueTurn;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchRequest;
import io.balsa.watch.WatchSink;
import io.balsa.watch.Watching;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client's wait in a queue of keys, until all keys older than its own are deleted. Each client
 * watches only its predecessor, so a deletion wakes one client.
 */
final class QueueWait implements WatchSink {
  private final NodeCalls calls;
  private final QueueTurn turn;
  private final CompletableFuture<Void> reached = new CompletableFuture<>();
  private @Nullable Watching watching;

  private QueueWait(NodeCalls calls, QueueTurn turn) {
    this.calls = calls;
    this.turn = turn;
  }

  /** Begins to wait. */
  static QueueWait await(NodeCalls calls, QueueTurn turn) {
    QueueWait wait = new QueueWait(calls, turn);
    wait.look();
    return wait;
  }

  CompletableFuture<Void> reached() {
    return reached;
  }

  /** Ends the wait, because the client has cancelled. */
  void giveUp() {
    end();
    reached.completeExceptionally(EtcdError.REQUEST_CANCELED.exception());
  }

  private void look() {
    var _ =
        calls
            .readKey(NodeCalls.foundKey(turn.predecessor()))
            .whenComplete(
                (found, failure) -> {
                  if (failure != null) {
                    reached.completeExceptionally(NodeCalls.cause(failure));
                  } else {
                    proceed(found);
                  }
                });
  }

  private void proceed(Result.Range found) {
    Bytes predecessor = found.kvs().isEmpty() ? null : found.kvs().getFirst().key();
    QueueTurn.Deletion awaited = turn.awaited(predecessor, found.revision());
    if (awaited == null) {
      reached.complete(null);
    } else {
      watch(awaited);
    }
  }

  private synchronized void watch(QueueTurn.Deletion awaited) {
    if (reached.isDone()) {
      return;
    }
    Watching opened = calls.node().watch(this);
    watching = opened;
    opened.create(
        calls.caller(),
        new WatchRequest(
            awaited.key(),
            Bytes.EMPTY,
            awaited.fromRevision(),
            0,
            false,
            true,
            false,
            false,
            false));
  }

  private synchronized void end() {
    if (watching != null) {
      watching.close();
      watching = null;
    }
  }

  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public void send(WatchAnswer answer) {
    switch (answer) {
      case WatchAnswer.Told _, WatchAnswer.Part _, WatchAnswer.Compacted _ -> lookAnew();
      case WatchAnswer.Refused refused -> fail(refused.reason());
      case WatchAnswer.Revoked revoked -> fail(revoked.reason());
      case WatchAnswer.Created _, WatchAnswer.Progress _, WatchAnswer.Canceled _ -> {}
    }
  }

  private void fail(WatchAnswer.Refusal reason) {
    end();
    reached.completeExceptionally(WatchEncoder.error(reason));
  }

  /** The server has ended the watch. */
  @Override
  public void end(End why) {
    lookAnew();
  }

  private void lookAnew() {
    end();
    look();
  }
}
