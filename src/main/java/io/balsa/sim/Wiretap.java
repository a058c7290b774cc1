package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** Decodes every frame that a server sends, and passes it to the checks. */
final class Wiretap implements SimNetwork.Observer {
  private final World world;
  private final LogWatch log;
  private final Promises promises;
  private final Map<Long, SimServer> servers;
  private final LeaderWatch leaders;
  private final ReadWatch reads;
  private final SnapshotWatch snapshots;
  private final HashMap<Long, Long> candidates = new HashMap<>();
  private long newestTerm;

  Wiretap(
      World world,
      LogWatch log,
      Promises promises,
      LeaderWatch leaders,
      Map<Long, SimServer> servers) {
    this.world = world;
    this.leaders = leaders;
    this.log = log;
    this.promises = promises;
    this.servers = servers;
    this.reads = new ReadWatch(world, servers);
    this.snapshots = new SnapshotWatch(world);
  }

  @Override
  public void leaves(SimHost from, long to, Frame frame, Bytes bytes) {
    world.trace().frame(from.id(), to, bytes);
    switch (frame) {
      case Frame.Raft(Message message) -> {
        if (world.trace().isRead()) {
          world.trace().line(world.now(), from.id(), "to s" + to, message);
        }
        hear(Objects.requireNonNull(servers.get(from.id())), to, message);
      }
      case Frame.Refuse _ -> mark(Mark.LINK_REFUSED);
      case Frame.StateHash _ -> mark(Mark.STATE_HASH_SENT);
      case Frame.Hello _,
          Frame.Challenge _,
          Frame.Confirm _,
          Frame.Welcome _,
          Frame.OfLease _,
          Frame.EntriesQuestion _,
          Frame.EntriesAnswer _ -> {}
    }
  }

  @Override
  public void arrives(SimHost at, long from) {
    leaders.hears(at.id(), from);
  }

  private void mark(Mark mark) {
    world.marks().hit(mark);
  }

  private void mark(Mark ifSo, Mark ifNot, boolean so) {
    mark(so ? ifSo : ifNot);
  }

  private void stands(long candidate, long term) {
    Long other = candidates.putIfAbsent(term, candidate);
    if (other != null && other != candidate) {
      mark(Mark.RIVAL_CANDIDATES);
    }
  }

  private void noteAppend(Message.AppendEntries append) {
    mark(Mark.PROBE, Mark.APPEND, append.entries().isEmpty());
    if (append.term() < newestTerm) {
      mark(Mark.LEADER_OF_OLD_TERM_SPEAKS);
    }
    newestTerm = Math.max(newestTerm, append.term());
    if (append.entries().size() > 20) {
      mark(Mark.LARGE_BATCH);
    }
  }

  private void hear(SimServer from, long to, Message message) {
    switch (message) {
      case Message.AppendEntries append -> hear(from, append);
      case Message.AppendEntriesRejected _ -> mark(Mark.APPEND_REJECTED);
      case Message.AppendEntriesReply(long term, long matchIndex) ->
          promises.acknowledges(from, term, matchIndex);
      case Message.Heartbeat heartbeat -> hear(from, heartbeat);
      case Message.HeartbeatReply(long term, long round) -> reads.confirms(from.id(), term, round);
      case Message.InstallSnapshot install -> hear(from, to, install);
      case Message.InstallSnapshotReply reply -> hear(from, reply);
      case Message.RequestVote vote -> hear(from, vote);
      case Message.RequestVoteReply reply -> hear(from, to, reply);
      case Message.PreVote _ -> mark(Mark.PRE_VOTE_ASKED);
      case Message.PreVoteReply reply -> hear(from, reply);
      case Message.TimeoutNow _ -> mark(Mark.TRANSFER_ASKED);
      case Message.ForwardProposals _ -> mark(Mark.PROPOSAL_FORWARDED);
      case Message.ForwardRefused _ -> mark(Mark.FORWARDED_PROPOSAL_REFUSED);
      case Message.ReadIndexRequest(long term, long id) -> {
        mark(Mark.FOLLOWER_ASKS_FOR_READ_INDEX);
        reads.asks(from.id(), term, id);
      }
      case Message.ReadIndexReply(long term, long id, long index) -> {
        mark(Mark.READ_INDEX_TOLD);
        reads.tells(from.id(), to, term, id, index);
      }
    }
  }

  private void hear(SimServer from, Message.AppendEntries append) {
    noteAppend(append);
    log.leads(from.id(), append.term());
    log.tells(append.term(), append.prev(), append.entries());
    log.commits(append.term(), append.commitIndex());
  }

  private void hear(SimServer from, Message.Heartbeat heartbeat) {
    log.leads(from.id(), heartbeat.term());
    reads.begins(heartbeat.term(), heartbeat.round());
    log.commits(heartbeat.term(), heartbeat.commitIndex());
  }

  private void hear(SimServer from, long to, Message.InstallSnapshot install) {
    mark(Mark.SNAPSHOT_BEGUN, Mark.SNAPSHOT_GOES_ON, install.offset() == 0);
    if (install.done()) {
      mark(Mark.SNAPSHOT_WHOLE);
    }
    log.leads(from.id(), install.term());
    snapshots.sends(to, install);
  }

  private void hear(SimServer from, Message.InstallSnapshotReply reply) {
    mark(Mark.SNAPSHOT_IN_FORCE, Mark.SNAPSHOT_PART_KEPT, reply.installed());
    snapshots.has(from.id(), reply);
    if (reply.installed()) {
      promises.acknowledges(from, reply.term(), reply.snapshotIndex());
    }
  }

  private void hear(SimServer from, Message.RequestVote vote) {
    mark(Mark.ELECTION_BY_TRANSFER, Mark.ELECTION, vote.transfer());
    stands(from.id(), vote.term());
    promises.stands(from.id(), vote.term(), vote.last());
    promises.votes(from, vote.term(), from.id());
  }

  private void hear(SimServer from, long to, Message.RequestVoteReply reply) {
    mark(Mark.VOTE_GRANTED, Mark.VOTE_REFUSED, reply.granted());
    if (reply.granted()) {
      promises.votes(from, reply.term(), to);
    }
  }

  private void hear(SimServer from, Message.PreVoteReply reply) {
    mark(Mark.PRE_VOTE_GRANTED, Mark.PRE_VOTE_REFUSED, reply.granted());
    holdTold(from, reply.term(), reply.granted());
  }

  /** Checks that a refused PreVote reply has at least the durable term (thesis 3.3, 9.6). */
  private void holdTold(SimServer from, long term, boolean granted) {
    world.expect(
        granted || term >= from.durable().term(),
        () -> "server " + from.id() + " refuses a PreVote with the earlier term " + term);
  }
}
