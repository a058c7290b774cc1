package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** Reads every frame that leaves a server, and hands what it says to the invariants. */
final class Wiretap implements SimNetwork.Observer {
  private final World world;
  private final LogWatch log;
  private final Promises promises;
  private final Map<Long, SimServer> servers;
  private final TreeMap<String, Integer> marks = new TreeMap<>();

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

  /** How often rare things were seen that a good set of seeds must reach. */
  Map<String, Integer> marks() {
    return marks;
  }

  private void mark(String seen) {
    marks.merge(seen, 1, Integer::sum);
  }

  private void hear(SimServer from, long to, Message message) {
    switch (message) {
      case Message.AppendEntries append -> {
        mark(append.entries().isEmpty() ? "probe" : "append");
        log.leads(from.id(), append.term());
        log.tells(append.term(), append.prev(), append.entries());
        log.commits(append.term(), append.commitIndex());
      }
      case Message.Heartbeat heartbeat -> {
        log.leads(from.id(), heartbeat.term());
        log.commits(heartbeat.term(), heartbeat.commitIndex());
      }
      case Message.InstallSnapshot install -> {
        mark(install.offset() == 0 ? "snapshot begun" : "snapshot goes on");
        if (install.done()) {
          mark("snapshot whole");
        }
        log.leads(from.id(), install.term());
      }
      case Message.RequestVote(long term, _, boolean transfer) -> {
        mark(transfer ? "election by transfer" : "election");
        promises.votes(from, term, from.id());
      }
      case Message.RequestVoteReply(long term, boolean granted) when granted ->
          promises.votes(from, term, to);
      case Message.AppendEntriesReply(long term, long matchIndex) ->
          promises.acknowledges(from, term, matchIndex);
      case Message.InstallSnapshotReply(_, _, _, boolean installed) ->
          mark(installed ? "snapshot in force" : "snapshot part kept");
      case Message.AppendEntriesRejected _ -> mark("logs did not match");
      case Message.ForwardProposals _ -> mark("proposal forwarded");
      case Message.ForwardRefused _ -> mark("forwarded proposal refused");
      case Message.ReadIndexRequest _ -> mark("follower asks for a read index");
      case Message.RequestVoteReply _,
          Message.PreVote _,
          Message.PreVoteReply _,
          Message.HeartbeatReply _,
          Message.ReadIndexReply _,
          Message.TimeoutNow _ -> {}
    }
  }
}
