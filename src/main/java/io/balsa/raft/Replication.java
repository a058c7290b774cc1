package io.balsa.raft;

import io.balsa.bytes.Check;
import io.balsa.raft.Message.AppendEntries;
import io.balsa.raft.Message.AppendEntriesRejected;
import io.balsa.raft.Message.InstallSnapshot;
import io.balsa.raft.Message.InstallSnapshotReply;
import io.balsa.raft.RaftStatus.ReplicationState;
import java.util.List;

/**
 * Replicates the leader's log to the followers (thesis 3.5): probes where the logs match, then
 * sends a window of messages. Entries come from memory, or from the log's files by {@link
 * Effect.Load}. A follower that needs compacted entries gets a snapshot.
 */
final class Replication {
  private final ServerState server;
  private final RaftLog log;
  private final Followers followers;
  private int turn;
  private long wanted;

  Replication(ServerState server, Followers followers) {
    this.server = server;
    log = server.log;
    this.followers = followers;
  }

  /** Sends all followers the messages that may be sent. */
  void replicate() {
    for (Progress follower : followers.all()) {
      replicate(follower);
    }
  }

  /** Sends a follower the messages that may be sent. */
  void replicate(Progress follower) {
    while (follower.mayAppend() && !follower.awaitsLoad() && append(follower)) {}
  }

  /** Sends one message; false when there was none to send. */
  private boolean append(Progress follower) {
    long next = follower.nextIndex();
    if (next <= log.start().index()) {
      follower.becomeSnapshot(server);
      return false;
    }
    boolean behind = next <= log.last().index();
    if (behind && log.recent().contains(next)) {
      if (follower.hasInFlight() && log.recent().bytesAt(next) > follower.bytesMax()) {
        return false;
      }
      send(follower, log.recent().slice(next, log.last().index(), follower.bytesMax()));
      return true;
    }
    if (follower.state() == ReplicationState.PROBE) {
      send(follower, List.of());
    } else if (behind) {
      follower.awaitLoad();
    }
    return false;
  }

  private void send(Progress follower, List<Entry> entries) {
    long prev = follower.nextIndex() - 1;
    LogPosition place = new LogPosition(prev, log.termAt(prev));
    long commit = server.applying.commitIndex();
    server.send(
        follower.id,
        new AppendEntries(server.currentTerm(), place, entries, commit, follower.isAskedAnew()));
    follower.sent(prev + entries.size(), Entry.bytes(entries), commit, server.now());
  }

  /** The follower has everything up to an index; returns whether its match index rose. */
  boolean acknowledged(Progress follower, long index) {
    Check.that(index <= log.last().index(), "a follower matches what its leader has");
    boolean news = follower.acknowledge(index, log.start().index(), server.now());
    replicate(follower);
    return news;
  }

  /** The logs do not match: backs up over the whole conflicting term (thesis 3.5). */
  void rejected(Progress follower, AppendEntriesRejected message) {
    if (follower.isMeaningful(message)) {
      if (follower.hasAcknowledged(message.prevIndex())) {
        server.emit(new Effect.EntryLost(follower.id, message.prevIndex()));
        follower.forgetMatch();
      }
      long match = log.lastCandidate(message.hint()).index();
      follower.becomeProbe(Math.min(match + 1, message.prevIndex()));
      replicate(follower);
    }
  }

  /**
   * The follower is alive, but messages to it may be lost. A probe is sent again; after a window,
   * an empty message asks whether all of it arrived.
   */
  void alive(Progress follower) {
    SnapshotTransfer snapshot = follower.snapshot();
    if (snapshot != null) {
      if (snapshot.isStuck(server.now())) {
        snapshot.read();
      }
    } else if (follower.isStuck(server.now())) {
      follower.askAgain(server.now());
      if (follower.state() == ReplicationState.PROBE
          || follower.nextIndex() <= log.start().index()) {
        follower.becomeProbe(follower.nextIndex());
        replicate(follower);
      } else {
        send(follower, List.of());
      }
    }
  }

  /** There is a new connection: messages in flight may be lost. */
  void connected(Progress follower) {
    SnapshotTransfer snapshot = follower.snapshot();
    if (snapshot == null) {
      follower.restart();
      replicate(follower);
    } else if (snapshot.awaitsAnswer()) {
      snapshot.read();
    }
  }

  /**
   * Chooses the follower for which entries are loaded next, the followers in turn. A follower that
   * waits for entries before the start of the log gets a snapshot instead.
   */
  void chooseLoad() {
    wanted = 0;
    List<Progress> all = followers.all();
    for (int i = 0; i < all.size() && wanted == 0; i++) {
      Progress follower = all.get((turn + i) % all.size());
      if (follower.awaitsLoad() && follower.nextIndex() <= log.start().index()) {
        follower.becomeSnapshot(server);
      } else if (follower.awaitsLoad()) {
        turn = (turn + i + 1) % all.size();
        wanted = follower.nextIndex();
      }
    }
  }

  /** The first index that the chosen follower waits for; 0 when none waits. */
  long wanted() {
    return wanted;
  }

  /**
   * Entries were loaded, and are sent to all followers that wait for them. If the log was compacted
   * or overwritten meanwhile, there are none: they are loaded again, or a snapshot is sent.
   */
  void loaded(long from, List<Entry> entries) {
    for (Progress follower : followers.all()) {
      long at = follower.nextIndex() - from;
      if (!follower.awaitsLoad() || at < 0 || at >= Math.max(1, entries.size())) {
        continue;
      }
      if (follower.nextIndex() <= log.start().index()) {
        follower.becomeSnapshot(server);
      } else if (!entries.isEmpty()) {
        send(follower, entries.subList((int) at, entries.size()));
        replicate(follower);
      }
    }
  }

  void chunkLoaded(Progress follower, Input.ChunkLoaded chunk) {
    SnapshotTransfer transfer = follower.snapshot();
    if (transfer != null && transfer.accept(chunk, server.now())) {
      server.send(
          follower.id,
          new InstallSnapshot(
              server.currentTerm(), chunk.snapshot(), chunk.offset(), chunk.data(), chunk.done()));
    }
  }

  /** A chunk of a snapshot was answered; returns whether the match index rose. */
  boolean chunkAnswered(Progress follower, InstallSnapshotReply reply) {
    if (reply.installed()) {
      return installed(follower, reply.snapshotIndex());
    }
    SnapshotTransfer transfer = follower.snapshot();
    if (transfer != null && transfer.advance(reply)) {
      transfer.read();
    }
    return false;
  }

  /** If the log was compacted beyond the snapshot meanwhile, another snapshot follows. */
  private boolean installed(Progress follower, long index) {
    boolean news = acknowledged(follower, index);
    if (follower.state() == ReplicationState.SNAPSHOT) {
      follower.becomeProbe(follower.matchIndex() + 1);
      replicate(follower);
    }
    return news;
  }
}
