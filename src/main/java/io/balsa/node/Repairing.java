package io.balsa.node;

import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import io.balsa.lanes.NodeMetrics;
import io.balsa.logging.LogEvent;
import io.balsa.model.Member;
import io.balsa.node.peers.GreetingClaim;
import io.balsa.node.peers.Greetings;
import io.balsa.node.peers.InLink;
import io.balsa.node.peers.OutLink;
import io.balsa.node.peers.PeerDoor;
import io.balsa.node.peers.Refusals;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import io.balsa.wal.Identity;
import io.balsa.wal.WalRepair;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server whose log is damaged, before its Raft begins. It asks the other members for the missing
 * entries, and answers members that repair their own logs with the entries it can read. It does
 * nothing else: it neither votes nor acknowledges nor reads, because it may lack what it once
 * acknowledged. It asks for as long as it takes.
 */
final class Repairing {
  private static final LogEvent BEGINS_ANEW =
      LogEvent.info(
          "io.balsa.node", "the log begins anew: the store holds what its damaged part held");

  private static final LogEvent PART_REPAIRED =
      LogEvent.info("io.balsa.node", "a part of the log is repaired");

  private static final LogEvent REPAIRED = LogEvent.info("io.balsa.node", "the log is repaired");

  private static final LogEvent LINK =
      LogEvent.debug("io.balsa.node", "a link for the repair of the log failed");

  private static final long ASK_NANOS = 500_000_000;
  private static final int ROUNDS_PER_COMPLAINT = 20;

  /** A link on which nothing came for so many rounds may be dead: it is opened again. */
  private static final int SILENT_ROUNDS_MAX = 10;

  /** For so many rounds, members that start at the same time get the chance to help. */
  private static final int ROUNDS_BEFORE_STORE = 6;

  private final Host host;
  private final Network network;
  private final WalRepair repair;
  private final Snapshot applied;
  private final Map<Long, Peer> peers = new TreeMap<>();
  private final Lane lane;
  private final PeerDoor door;
  private final Consumer<String> waiting;
  private final Runnable repaired;
  private int rounds;
  private boolean over;

  /**
   * The repair of a log.
   *
   * @param applied the position up to which the store has applied
   * @param others the other members
   * @param waiting called every ten seconds with a line about the damage that is left
   * @param repaired called once nothing damaged is left and the log is closed; both on a lane
   */
  Repairing(
      Host host,
      Network network,
      WalRepair repair,
      Snapshot applied,
      List<Member> others,
      NodeMetrics metrics,
      Consumer<String> waiting,
      Runnable repaired) {
    this.host = host;
    this.network = network;
    this.repair = repair;
    this.applied = applied;
    this.waiting = waiting;
    this.repaired = repaired;
    this.lane = host.lane("repair");
    this.door = new PeerDoor(lane, new DoorNeeds(), this::received, metrics, new Refusals(metrics));
    others.forEach(member -> peers.put(member.id(), new Peer(member)));
  }

  /**
   * Begins.
   *
   * @throws java.io.UncheckedIOException when the address cannot be listened on
   */
  void begin() {
    network.listen(door);
    lane.run(this::round);
    lane.run(() -> take(List.of()));
  }

  private void round() {
    if (over) {
      return;
    }
    if (rounds++ % ROUNDS_PER_COMPLAINT == 0) {
      waiting.accept(
          repair.damage()
              + ": asking the other members for what stood there; until one of them gives it, this"
              + " server neither votes nor serves");
    }
    if (rounds > ROUNDS_BEFORE_STORE) {
      helpOneself();
    }
    if (!over) {
      peers.values().forEach(Peer::round);
      lane.after(ASK_NANOS, this::round);
    }
  }

  /** No member has what is missing; the log does not need it when the store has applied it. */
  private void helpOneself() {
    try {
      if (repair.beginAfter(applied)) {
        BEGINS_ANEW.log("after-index", applied.index());
        end();
      }
    } catch (IOException e) {
      host.halt("the log cannot be repaired: " + DiskTrouble.words(e));
    }
  }

  private void take(List<Entry> entries) {
    if (over) {
      return;
    }
    try {
      boolean better = repair.take(entries);
      if (repair.isWhole()) {
        end();
      } else if (better) {
        PART_REPAIRED.log("left", repair.damage());
      }
    } catch (IOException e) {
      host.halt("the log cannot be repaired: " + DiskTrouble.words(e));
    }
  }

  private void end() throws IOException {
    over = true;
    REPAIRED.log();
    repair.close();
    peers.values().forEach(peer -> peer.link.close());
    door.close();
    door.empty();
    lane.close();
    repaired.run();
  }

  /** Another server that repairs its log asks; over an accepted link comes nothing else. */
  private void received(InLink link, Frame.FromMember frame) {
    if (frame instanceof Frame.EntriesQuestion(List<Long> indexes)) {
      lane.run(
          () -> {
            if (!over) {
              link.send(EntriesFound.of(indexes, repair::read));
            }
          });
    }
  }

  private static String hex(long id) {
    return Long.toHexString(id);
  }

  /** The link to another member, over which this server asks. */
  private final class Peer implements OutLink.Owner {
    private final long id;
    private final List<String> urls;
    private final OutLink link;
    private boolean ready;
    private int silentRounds;
    private long considered;

    Peer(Member member) {
      id = member.id();
      urls = member.peerUrls();
      String address = member.peerUrls().getFirst();
      link = new OutLink(network, lane, address, this::hello, host.dice(), this);
    }

    private Frame.Hello hello(long nonce) {
      return Greetings.hello(repair.identity(), id, Frame.Purpose.REPAIR, nonce);
    }

    /** Asks over the link, or opens it. */
    void round() {
      if (ready && ++silentRounds > SILENT_ROUNDS_MAX) {
        silentRounds = 0;
        link.hangUp();
      } else {
        link.dialNow();
        ask();
      }
    }

    private void ask() {
      if (!ready) {
        return;
      }
      List<Long> wanted = repair.wanted().stream().filter(index -> index > considered).toList();
      if (wanted.isEmpty()) {
        considered = 0; // the next round asks for all again: the peer may have more by then
      } else {
        link.send(FrameCodec.encode(new Frame.EntriesQuestion(wanted)));
      }
    }

    @Override
    public void answered(Frame.EntriesAnswer answer) {
      if (over) {
        return;
      }
      silentRounds = 0;
      boolean more = answer.considered() > considered;
      considered = Math.max(considered, answer.considered());
      take(answer.entries());
      if (more && !over) {
        ask();
      }
    }

    @Override
    public void greeted() {
      door.canChallenge(id);
    }

    @Override
    public void confirmed(long nonce, boolean own) {
      door.confirmed(new GreetingClaim(id, nonce), own);
    }

    @Override
    public @Nullable String check(Frame.Welcome welcome) {
      boolean right = welcome.clusterId() == repair.identity().clusterId() && welcome.from() == id;
      return right ? null : "not member " + hex(id) + " of this cluster";
    }

    @Override
    public void ready() {
      ready = true;
      silentRounds = 0;
      ask();
    }

    @Override
    public void lost() {
      ready = false;
      considered = 0;
    }

    /**
     * The line about the damage is enough for an operator; a peer that refuses this server logs
     * why.
     */
    @Override
    public void trouble(Level level, String reason) {
      LINK.log("member-id", hex(id), "reason", reason);
    }
  }

  /** Lets in members that repair their logs, and nobody else. */
  private final class DoorNeeds implements PeerDoor.Needs {
    @Override
    public @Nullable String wrong(Frame.Hello hello) {
      Identity own = repair.identity();
      if (hello.clusterId() != own.clusterId() || hello.to() != own.member()) {
        return "this is member " + hex(own.member()) + " of cluster " + hex(own.clusterId());
      }
      if (!peers.containsKey(hello.from())) {
        return "member " + hex(hello.from()) + " is not another one of this cluster";
      }
      return hello.purpose() == Frame.Purpose.REPAIR ? null : "its log is being repaired";
    }

    @Override
    public List<String> peerUrls(long member) {
      Peer peer = peers.get(member);
      return peer == null ? List.of() : peer.urls;
    }

    @Override
    public void challenge(GreetingClaim claim) {
      Peer peer = peers.get(claim.member());
      if (peer != null) {
        peer.link.hasten();
        peer.link.challenge(claim.nonce());
      }
    }

    @Override
    public boolean greets(GreetingClaim claim) {
      Peer peer = peers.get(claim.member());
      return peer != null && peer.link.greetsWith(claim.nonce());
    }

    @Override
    public Frame.Welcome welcome() {
      return Greetings.welcome(repair.identity());
    }

    @Override
    public void entered(Frame.Hello hello) {}

    @Override
    public void left(long member) {}
  }
}
