package io.balsa.raft;

import io.balsa.bytes.Check;
import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot that this server is getting (thesis 5.2): part after part is kept, and when all are
 * there it takes the place of state and log. While that is under way the log stands still and this
 * server does not campaign. Outlives changes of role and leader.
 */
final class IncomingSnapshot {
  private static final long UNKNOWN = -1;

  private final Server server;
  private @Nullable Snapshot receiving;
  private long size = UNKNOWN;
  private long sender;
  private boolean installing;

  IncomingSnapshot(Server server) {
    this.server = server;
  }

  boolean installing() {
    return installing;
  }

  /** A leader has sent a part. */
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

  /** A part is kept; or, while all of it is being installed, it was found not to be whole. */
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

  /** The snapshot's state is in force: the log starts anew behind it (thesis figure 5.3). */
  void onInstalled(Snapshot snapshot) {
    Check.that(installing && snapshot.equals(receiving), "what is installed was to be installed");
    installing = false;
    receiving = null;
    long number = server.reset(snapshot);
    reply(number, snapshot, size, true);
  }

  /** Whether the log has everything that the snapshot stands for, which is all committed. */
  private boolean isHere(Snapshot snapshot) {
    return snapshot.index() <= server.applying.commitIndex()
        || server.log.contains(snapshot.position());
  }

  private void replyHere(Snapshot snapshot) {
    server.applying.commitTo(snapshot.index());
    reply(server.durable(snapshot.index()), snapshot, 0, true);
  }

  private void reply(long after, Snapshot snapshot, long nextOffset, boolean installed) {
    long term = server.currentTerm();
    server.sendAfter(
        after, sender, new InstallSnapshotReply(term, snapshot.index(), nextOffset, installed));
  }
}
