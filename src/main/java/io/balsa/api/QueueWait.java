package io.balsa.api;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
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
  private final Bytes prefix;
  private final long lastBefore;
  private final CompletableFuture<Void> reached = new CompletableFuture<>();
  private @Nullable Watching watching;

  private QueueWait(NodeCalls calls, Bytes prefix, long createRevision) {
    this.calls = calls;
    this.prefix = prefix;
    this.lastBefore = createRevision - 1;
  }

  /**
   * Waits.
   *
   * @param createRevision the create revision of the client's key
   */
  static QueueWait await(NodeCalls calls, Bytes prefix, long createRevision) {
    QueueWait turn = new QueueWait(calls, prefix, createRevision);
    turn.look();
    return turn;
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
            .readKey(NodeCalls.lastKeyUpTo(prefix, lastBefore))
            .whenComplete(
                (found, failure) -> {
                  if (failure != null) {
                    reached.completeExceptionally(NodeCalls.cause(failure));
                  } else if (found.kvs().isEmpty()) {
                    reached.complete(null);
                  } else {
                    watch(found, found.kvs().getFirst());
                  }
                });
  }

  private synchronized void watch(Result.Range found, KeyValue predecessor) {
    if (reached.isDone()) {
      return;
    }
    Watching opened = calls.node().watch(this);
    watching = opened;
    opened.create(
        new WatchRequest(
            predecessor.key(),
            Bytes.EMPTY,
            found.revision() + 1,
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
      case WatchAnswer.Refused _ -> {
        end();
        reached.completeExceptionally(EtcdError.TOO_MANY_REQUESTS.exception());
      }
      case WatchAnswer.Created _, WatchAnswer.Progress _, WatchAnswer.Canceled _ -> {}
    }
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
