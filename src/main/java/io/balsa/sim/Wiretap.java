package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.Map;
import java.util.Objects;

/** Reads every frame that leaves a server, and hands what it says to the invariants. */
final class Wiretap implements SimNetwork.Observer {
  private final World world;
  private final LogWatch log;
  private final Promises promises;
  private final Map<Long, SimServer> servers;

  Wiretap(World world, LogWatch log, Promises promises, Map<Long, SimServer> servers) {
    this.world = world;
    this.log = log;
    this.promises = promises;
    this.servers = servers;
  }

  @Override
  public void leaves(SimHost from, long to, Bytes frame) {
    world.trace().frame(from.id(), to, frame);
    try {
      if (FrameCodec.decode(frame) instanceof Frame.Raft(Message message)) {
        if (world.trace().isRead()) {
          world.trace().line(world.now(), from.id(), "to s" + to, message);
        }
        hear(Objects.requireNonNull(servers.get(from.id())), to, message);
      }
    } catch (WireFailure e) {
      world.breaks("server " + from.id() + " sends what is no frame: " + e.getMessage());
    }
  }

  private void hear(SimServer from, long to, Message message) {
    switch (message) {
      case Message.AppendEntries append -> {
        log.leads(from.id(), append.term());
        log.tells(append.term(), append.prev(), append.entries());
        log.commits(append.term(), append.commitIndex());
      }
      case Message.Heartbeat heartbeat -> {
        log.leads(from.id(), heartbeat.term());
        log.commits(heartbeat.term(), heartbeat.commitIndex());
      }
      case Message.InstallSnapshot install -> log.leads(from.id(), install.term());
      case Message.RequestVote(long term, _, _) -> promises.votes(from, term, from.id());
      case Message.RequestVoteReply(long term, boolean granted) when granted ->
          promises.votes(from, term, to);
      case Message.AppendEntriesReply(long term, long matchIndex) ->
          promises.acknowledges(from, term, matchIndex);
      case Message.RequestVoteReply _,
          Message.PreVote _,
          Message.PreVoteReply _,
          Message.AppendEntriesRejected _,
          Message.HeartbeatReply _,
          Message.ReadIndexRequest _,
          Message.ReadIndexReply _,
          Message.ForwardProposals _,
          Message.ForwardRefused _,
          Message.TimeoutNow _,
          Message.InstallSnapshotReply _ -> {}
    }
  }
}
