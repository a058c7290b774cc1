package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import io.balsa.lanes.MemberNames;
import io.balsa.lanes.NodeMetrics;
import io.balsa.logging.LogEvent;
import io.balsa.model.Member;
import io.balsa.raft.Input;
import io.balsa.raft.Message;
import io.balsa.wal.Identity;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The links to the other members. Each server opens two links to each peer and sends over these
 * alone. One carries small urgent messages, the other entries and snapshots, so that a heartbeat
 * never waits behind them. {@link PeerDoor} accepts the links that peers open. Both sides refuse a
 * peer of another cluster, an unknown member, an earlier start of a member, and a member with
 * another data directory than it had.
 */
public final class Peers implements PeerDoor.Needs, Peer.Owner {
  private static final LogEvent ENTRY_LOST =
      LogEvent.warn(
          "io.balsa.node",
          "a member has lost an entry that it had acknowledged; it is sent again",
          "check its disk; see if an older copy of its data directory was put back");

  private static final long MEASURE_FIRST_NANOS = 500_000_000;

  /** How often the round trip to each peer is measured. */
  private static final long MEASURE_NANOS = 3_000_000_000L;

  private final Host host;
  private final Network network;
  private final Lane lane;
  private final Identity identity;
  private final Supplier<List<Member>> members;
  private final NodeMetrics metrics;
  private final Consumer<Input> post;
  private final Map<Long, Peer> peers = new TreeMap<>();
  private final PeerDoor door;

  /**
   * No links yet.
   *
   * @param lane the raft lane, which owns the links' state
   * @param members the members as this server knows them; from any lane
   * @param post gives Raft an input; from any lane
   * @param receiver takes what members send
   */
  public Peers(
      Host host,
      Network network,
      Lane lane,
      Identity identity,
      Supplier<List<Member>> members,
      NodeMetrics metrics,
      Consumer<Input> post,
      FrameReceiver receiver) {
    this.host = host;
    this.network = network;
    this.lane = lane;
    this.identity = identity;
    this.members = members;
    this.metrics = metrics;
    this.post = post;
    door = new PeerDoor(lane, this, receiver, metrics, new Refusals(metrics));
  }

  /**
   * Accepts links from peers from now on.
   *
   * @throws java.io.UncheckedIOException when the server cannot listen at its address
   */
  public void listen() {
    network.listen(door);
  }

  /** Opens links to all other members; on the raft lane. */
  public void connect() {
    for (Member member : members.get()) {
      if (member.id() != identity.member() && !member.peerUrls().isEmpty()) {
        Peer peer = new Peer(network, lane, host.dice(), identity, member, this);
        peers.put(member.id(), peer);
        peer.dialNow();
      }
    }
    if (metrics.wantsRoundTrips()) {
      lane.after(MEASURE_FIRST_NANOS, this::measure);
    }
  }

  private void measure() {
    peers.values().forEach(peer -> peer.measure(host.dice().nextLong(), host.clock().nanos()));
    lane.after(MEASURE_NANOS, this::measure);
  }

  /**
   * Sends a message; on the raft lane.
   *
   * @return false when it was dropped, because the link is not there or full
   */
  public boolean send(long to, Message message) {
    Peer peer = peers.get(to);
    if (peer == null) {
      return false;
    }
    Bytes frame = FrameCodec.encode(new Frame.Raft(message));
    boolean sent = peer.send(frame, isBulk(message));
    if (sent) {
      metrics.sent(to, frame.size());
    } else {
      metrics.sendFailed(to);
    }
    return sent;
  }

  private static boolean isBulk(Message message) {
    return switch (message) {
      case Message.AppendEntries append -> !append.entries().isEmpty();
      case Message.ForwardProposals _, Message.InstallSnapshot _ -> true;
      case Message.PreVote _,
          Message.PreVoteReply _,
          Message.RequestVote _,
          Message.RequestVoteReply _,
          Message.AppendEntriesReply _,
          Message.AppendEntriesRejected _,
          Message.Heartbeat _,
          Message.HeartbeatReply _,
          Message.ReadIndexRequest _,
          Message.ReadIndexReply _,
          Message.ForwardRefused _,
          Message.TimeoutNow _,
          Message.InstallSnapshotReply _ ->
          false;
    };
  }

  /** Sends a small frame that is not of Raft; it may be dropped. On the raft lane. */
  public void send(long to, Frame frame) {
    Peer peer = peers.get(to);
    if (peer != null) {
      peer.send(FrameCodec.encode(frame), false);
    }
  }

  /**
   * The members changed: closes links to members with another data directory than the known one.
   */
  public void membersChanged() {
    door.checkAgain();
    peers.values().forEach(Peer::checkDisk);
  }

  /** A member sent a message that breaks the rules of Raft; on the raft lane. */
  public void disbelieved(long member, String why) {
    metrics.peerDisbelieved(member);
    door.dismiss(member, why);
  }

  /** A member has lost an entry that it acknowledged; on the raft lane. */
  public void entryLost(long member, long index) {
    ENTRY_LOST.log(
        "member", MemberNames.of(members.get(), member), "member-id", hex(member), "index", index);
  }

  /** Closes all links. */
  public void close() {
    door.close();
    peers.values().forEach(Peer::close);
    network.close();
  }

  // For the door.

  @Override
  public @Nullable String wrong(Frame.Hello hello) {
    if (hello.clusterId() != identity.clusterId()) {
      return "cluster " + hex(hello.clusterId()) + " is not " + hex(identity.clusterId());
    }
    if (hello.to() != identity.member()) {
      return "this is member " + hex(identity.member()) + ", not " + hex(hello.to());
    }
    if (hello.from() == identity.member() || memberOf(hello.from()) == null) {
      return "member " + hex(hello.from()) + " is not another one of this cluster";
    }
    return wrongDisk(hello.from(), hello.disk());
  }

  /** The text travels in a frame, so the simulator's traces contain it. */
  @Override
  public @Nullable String wrongDisk(long member, long disk) {
    Member known = memberOf(member);
    return known == null || known.disk() == 0 || disk == 0 || known.disk() == disk
        ? null
        : "member "
            + hex(member)
            + " came with another data directory than it had: what it promised is lost;"
            + " give it back its own, or restore every member from a backup";
  }

  @Override
  public List<String> peerUrls(long member) {
    Member known = memberOf(member);
    return known == null ? List.of() : known.peerUrls();
  }

  private @Nullable Member memberOf(long id) {
    for (Member member : members.get()) {
      if (member.id() == id) {
        return member;
      }
    }
    return null;
  }

  private static String hex(long id) {
    return Long.toHexString(id);
  }

  @Override
  public void challenge(GreetingClaim claim) {
    Peer peer = peers.get(claim.member());
    if (peer != null) {
      peer.challenge(claim.nonce());
    }
  }

  @Override
  public boolean greets(GreetingClaim claim) {
    Peer peer = peers.get(claim.member());
    return peer != null && peer.greetsWith(claim.nonce());
  }

  @Override
  public Frame.Welcome welcome() {
    return Greetings.welcome(identity);
  }

  @Override
  public void entered(Frame.Hello hello) {
    Peer peer = peers.get(hello.from());
    if (peer != null) {
      peer.dialNow();
    }
  }

  @Override
  public void left(long member) {
    suspected(member);
  }

  // For the links to peers.

  @Override
  public void canChallenge(long member) {
    door.canChallenge(member);
  }

  @Override
  public void confirmed(GreetingClaim claim, boolean own) {
    Peer peer = peers.get(claim.member());
    long nanos = peer == null ? -1 : peer.measured(claim.nonce(), host.clock().nanos());
    if (nanos >= 0) {
      metrics.roundTrip(claim.member(), nanos);
    } else {
      door.confirmed(claim, own);
    }
  }

  @Override
  public void connected(long member) {
    showLink(member);
    post.accept(new Input.Connected(member));
  }

  @Override
  public void suspected(long member) {
    showLink(member);
    post.accept(new Input.Suspect(member));
  }

  private void showLink(long member) {
    Peer peer = peers.get(member);
    metrics.linked(member, peer != null && peer.isReady());
  }
}
