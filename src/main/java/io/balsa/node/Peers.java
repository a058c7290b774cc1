package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.host.Lane;
import io.balsa.host.Link;
import io.balsa.host.Network;
import io.balsa.kv.Member;
import io.balsa.raft.Input;
import io.balsa.raft.Message;
import io.balsa.wal.Identity;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The links to the other members. Each server opens two to each peer and sends over those alone:
 * one for what is small and urgent, one for what carries entries or a snapshot, so that a heartbeat
 * never waits behind them. A peer of another cluster, an unknown one, one that went back to an
 * earlier start, and a known one with another disk than it had are refused on either side.
 */
final class Peers implements InLink.Receiver {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  /** So many different troubles with a peer are told until it is reached again. */
  private static final int TOLD_MAX = 20;

  private final Network network;
  private final Lane lane;
  private final Identity identity;
  private final Supplier<List<Member>> members;
  private final NodeMetrics metrics;
  private final Consumer<Input> post;
  private final Others others;
  private final Map<Long, Peer> peers = new TreeMap<>();

  /** The accepted urgent link of each peer, and its highest boot; owned by the raft lane. */
  private final Map<Long, InLink> accepted = new TreeMap<>();

  /** All accepted links that are open; owned by the raft lane. */
  private final List<InLink> open = new ArrayList<>();

  private boolean closed;

  /** Who gets what is not Raft's; on any thread. */
  interface Others {
    /** A peer's hash. */
    void received(Frame.StateHash hash);

    /** A peer asks about a lease, or answers. */
    void received(long from, Frame.OfLease frame);

    /** A peer repairs its log and asks for entries. */
    void asked(List<Long> indexes, Consumer<Frame.EntriesAnswer> answer);
  }

  Peers(
      Network network,
      Lane lane,
      Identity identity,
      Supplier<List<Member>> members,
      NodeMetrics metrics,
      Consumer<Input> post,
      Others others) {
    this.network = network;
    this.lane = lane;
    this.identity = identity;
    this.members = members;
    this.metrics = metrics;
    this.post = post;
    this.others = others;
  }

  /**
   * Takes links from peers.
   *
   * @throws java.io.UncheckedIOException when the address cannot be listened on
   */
  void listen() {
    network.listen(new Acceptor());
  }

  /** Opens links to all other members; on the raft lane. */
  void connect() {
    for (Member member : members.get()) {
      if (member.id() != identity.member() && !member.peerUrls().isEmpty()) {
        Peer peer = new Peer(member);
        peers.put(member.id(), peer);
        peer.dialNow();
      }
    }
  }

  /**
   * Sends a message; on the raft lane.
   *
   * @return false when it was dropped, because the link is not there or full
   */
  boolean send(long to, Message message) {
    Peer peer = peers.get(to);
    if (peer == null) {
      return false;
    }
    Bytes frame = FrameCodec.encode(new Frame.Raft(message));
    boolean sent = (isBulk(message) ? peer.bulk : peer.urgent).send(frame);
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

  /** Sends what is small and not Raft's, maybe; on the raft lane. */
  void send(long to, Frame frame) {
    Peer peer = peers.get(to);
    if (peer != null) {
      peer.urgent.send(FrameCodec.encode(frame));
    }
  }

  /** The members' disks are known anew: links to another disk than the known one close. */
  void membersChanged() {
    for (InLink link : List.copyOf(open)) {
      if (wrongDisk(link.hello().from(), link.hello().disk()) != null) {
        link.close();
      }
    }
    peers.values().forEach(Peer::checkDisk);
  }

  /** Closes all links. */
  void close() {
    closed = true;
    peers.values().forEach(Peer::close);
    network.close();
  }

  @Override
  public void greeted(InLink link, Frame.Hello hello) {
    lane.run(() -> answer(link, hello));
  }

  private void answer(InLink link, Frame.Hello hello) {
    String wrong = closed ? "the server is stopping" : wrong(hello);
    if (wrong != null) {
      link.refuse(wrong);
      return;
    }
    link.accept(
        new Frame.Welcome(
            identity.clusterId(), identity.member(), identity.disk(), identity.boot()));
    open.add(link);
    if (!hello.bulk()) {
      accepted.put(hello.from(), link);
    }
    Peer peer = peers.get(hello.from());
    if (peer != null) {
      peer.dialNow();
    }
  }

  private @Nullable String wrong(Frame.Hello hello) {
    if (hello.clusterId() != identity.clusterId()) {
      return "cluster " + hex(hello.clusterId()) + " is not " + hex(identity.clusterId());
    }
    if (hello.to() != identity.member()) {
      return "this is member " + hex(identity.member()) + ", not " + hex(hello.to());
    }
    if (memberOf(hello.from()) == null) {
      return "member " + hex(hello.from()) + " is not in this cluster";
    }
    InLink last = accepted.get(hello.from());
    if (last != null && last.hello().disk() == hello.disk() && last.hello().boot() > hello.boot()) {
      return "member " + hex(hello.from()) + " has been started again since";
    }
    return wrongDisk(hello.from(), hello.disk());
  }

  private @Nullable String wrongDisk(long member, long disk) {
    Member known = memberOf(member);
    return known == null || known.disk() == 0 || disk == 0 || known.disk() == disk
        ? null
        : "member "
            + hex(member)
            + " came with another data directory than it had: what it promised is lost;"
            + " give it back its own, or remove the member and add it anew";
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
  public void received(long from, Message message) {
    post.accept(new Input.Receive(from, message));
  }

  @Override
  public void received(long from, Frame.StateHash hash) {
    others.received(hash);
  }

  @Override
  public void received(long from, Frame.OfLease frame) {
    others.received(from, frame);
  }

  @Override
  public void asked(Link link, Frame.EntriesQuestion question) {
    if (question.clusterId() == identity.clusterId() && memberOf(question.from()) != null) {
      others.asked(question.indexes(), answer -> link.send(FrameCodec.encode(answer)));
    }
  }

  @Override
  public void closed(InLink link) {
    lane.run(
        () -> {
          open.remove(link);
          long from = link.hello().from();
          if (link.isAccepted() && accepted.get(from) == link && !closed) {
            post.accept(new Input.Suspect(from));
          }
        });
  }

  /** Gives every accepted link a listener of its own. */
  private final class Acceptor implements Link.Listener {
    private final Map<Link, InLink> links = new ConcurrentHashMap<>();

    @Override
    public void opened(Link link) {
      InLink in = new InLink(Peers.this, metrics);
      links.put(link, in);
      in.opened(link);
    }

    @Override
    public void received(Link link, Bytes frame) {
      InLink in = links.get(link);
      if (in != null) {
        in.received(link, frame);
      }
    }

    @Override
    public void closed(Link link, String reason) {
      InLink in = links.remove(link);
      if (in != null) {
        in.closed(link, reason);
      }
    }
  }

  /** The two links to one peer. */
  private final class Peer {
    private final long id;
    private final String address;
    private final OutLink urgent;
    private final OutLink bulk;

    /** The disk that the peer said it has; 0 before it did. */
    private long disk;

    /** What is wrong with the links and was told; of both, for it is the peer's trouble. */
    private final Set<String> told = new TreeSet<>();

    Peer(Member member) {
      id = member.id();
      address = member.peerUrls().getFirst();
      urgent = open(false);
      bulk = open(true);
    }

    private OutLink open(boolean forBulk) {
      var hello =
          new Frame.Hello(
              identity.clusterId(),
              identity.member(),
              id,
              identity.disk(),
              identity.boot(),
              forBulk);
      return new OutLink(network, lane, address, hello, new Watch());
    }

    void dialNow() {
      urgent.dialNow();
      bulk.dialNow();
    }

    void close() {
      urgent.close();
      bulk.close();
    }

    /** Dialed anew, a peer with another disk than the known one is refused. */
    void checkDisk() {
      if (wrongDisk(id, disk) != null) {
        urgent.hangUp();
        bulk.hangUp();
      }
    }

    /** Either link's coming and going is news about the peer. */
    private final class Watch implements OutLink.Owner {
      @Override
      public @Nullable String check(Frame.Welcome welcome) {
        if (welcome.clusterId() != identity.clusterId() || welcome.from() != id) {
          return "not member " + hex(id) + " of this cluster";
        }
        disk = welcome.disk();
        return wrongDisk(id, disk);
      }

      @Override
      public void ready() {
        told.clear();
        post.accept(new Input.Connected(id));
      }

      @Override
      public void lost() {
        post.accept(new Input.Suspect(id));
      }

      @Override
      public void trouble(Level level, String reason) {
        if (told.size() < TOLD_MAX && told.add(reason)) {
          LOG.log(level, "link to {0}: {1}", address, reason);
        }
      }
    }
  }
}
