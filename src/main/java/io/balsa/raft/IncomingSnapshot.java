package io.balsa.raft;

import io.balsa.bytes.Check;
import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot that this server receives (thesis 5.2). It saves chunk after chunk, and then
 * replaces state and log by the snapshot. While it does so, the log does not change and the server
 * does not campaign. The snapshot survives changes of role and leader.
 */
final class IncomingSnapshot {
  private static final long UNKNOWN = -1;

  private final ServerState server;
  private @Nullable Snapshot receiving;
  private long size = UNKNOWN;
  private long sender;
  private boolean installing;

  IncomingSnapshot(ServerState server) {
    this.server = server;
  }

  boolean installing() {
    return installing;
  }

  /** A leader has sent a chunk. */
  void onChunk(long from, InstallSnapshot message) {
    sender = from;
    Snapshot snapshot = message.snapshot();
    if (isHere(snapshot)) {
      replyHere(snapshot);
    } else if (!installing) {
      begin(snapshot);
      if (message.done()) {
        size = message.offset() + message.data().size();
      }
      server.emit(new Effect.SaveChunk(snapshot, message.offset(), message.data(), message.done()));
    }
  }

  private void begin(Snapshot snapshot) {
    if (!snapshot.equals(receiving)) {
      receiving = snapshot;
      size = UNKNOWN;
    }
  }

  /** A chunk is saved; or an installation found that the snapshot is incomplete. */
  void onSaved(Snapshot snapshot, long nextOffset) {
    if (!snapshot.equals(receiving) || (installing && nextOffset == size)) {
      return;
    }
    if (installing) {
      installing = false;
      server.applying.resume();
    }
    if (isHere(snapshot)) {
      receiving = null;
      replyHere(snapshot);
    } else if (nextOffset == size) {
      installing = true;
      server.applying.suspend();
      server.emit(new Effect.Install(snapshot));
    } else {
      reply(0, snapshot, nextOffset, false);
    }
  }

  /** The snapshot has replaced the state: the log starts anew after it (thesis figure 5.3). */
  void onInstalled(Snapshot snapshot) {
    Check.that(
        installing && snapshot.equals(receiving), "the installed snapshot is the expected one");
    installing = false;
    receiving = null;
    long number = server.reset(snapshot);
    reply(number, snapshot, size, true);
  }

  /** Whether the log has all entries of the snapshot, which are committed. */
  private boolean isHere(Snapshot snapshot) {
    return snapshot.index() <= server.applying.commitIndex()
        || server.log.contains(snapshot.position());
  }

  private void replyHere(Snapshot snapshot) {
    server.applying.commitTo(snapshot.index());
    reply(server.persistCovering(snapshot.index()), snapshot, 0, true);
  }

  private void reply(long after, Snapshot snapshot, long nextOffset, boolean installed) {
    long term = server.currentTerm();
    server.sendAfter(
        after, sender, new InstallSnapshotReply(term, snapshot.index(), nextOffset, installed));
  }
}
