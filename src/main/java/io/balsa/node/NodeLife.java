package io.balsa.node;

import io.balsa.lanes.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** Starts the parts of a server, and stops and ends them in their order. From any thread. */
final class NodeLife {
  private final NodeParts parts;
  private final LeadershipMoves moves;
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** A server that is not started. */
  NodeLife(NodeParts parts, LeadershipMoves moves) {
    this.parts = parts;
    this.moves = moves;
  }

  /**
   * Takes part from now on.
   *
   * @throws java.io.UncheckedIOException when the server cannot listen for peers; the caller ends
   *     it
   */
  void start() {
    parts.log().start();
    parts.peers().listen();
    parts
        .lane()
        .run(
            () -> {
              parts.snapshots().logStartsAfter(parts.raft().status().first() - 1);
              parts.peers().connect();
              parts.ticker().start();
            });
    parts.diskRoom().start();
  }

  /** Whether {@link #stop} was called. */
  boolean isStopping() {
    return stopping.get();
  }

  /** Moves the leadership, unless this server is stopping. */
  void moveLeader(long target, Consumer<Outcome> done) {
    if (isStopping()) {
      done.accept(new Outcome.Failed(Outcome.Failure.STOPPED));
    } else {
      moves.move(target, done);
    }
  }

  /**
   * Moves the leadership, answers what is open as far as time allows, and ends. May be called more
   * than once.
   *
   * @param stopped called when nothing of this server runs any more
   */
  void stop(Runnable stopped) {
    var _ = ended.thenRun(stopped);
    if (!stopping.getAndSet(true)) {
      parts.commands().stop();
      parts.reads().stop();
      new Shutdown(parts.host(), parts.lane(), moves::move, this::isDrained, this::end).begin();
    }
  }

  private boolean isDrained() {
    return parts.commands().isEmpty() && parts.proposals().isEmpty();
  }

  /** Ends at once, without moving the leadership or answering what is open. */
  void end() {
    parts.ticker().stop();
    parts.peers().close();
    parts.commands().close();
    parts.proposals().close();
    parts.reads().waiting().close();
    parts.transfers().close();
    parts.leases().close();
    parts.watches().close();
    parts.snapshots().close();
    parts.diskRoom().close();
    parts.housekeeping().close(() -> parts.apply().close(() -> parts.log().close(this::endLane)));
  }

  /** Clients that wait for an outcome get it before the answers lane ends. */
  private void endLane() {
    parts
        .lane()
        .run(
            () -> {
              parts.lane().close();
              parts
                  .answers()
                  .run(
                      () -> {
                        parts.answers().close();
                        var _ = ended.complete(null);
                      });
            });
  }
}
