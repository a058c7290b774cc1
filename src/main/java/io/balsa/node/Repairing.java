package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.host.DiskTrouble;
import io.balsa.host.Host;
import io.balsa.host.Lane;
import io.balsa.host.Link;
import io.balsa.host.Network;
import io.balsa.kv.Member;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import io.balsa.wal.WalRepair;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A server whose log is damaged, before its Raft begins: it asks the others what stood there, and
 * answers others that ask the same, with what it can read. To everybody else it is not there: it
 * neither votes nor acknowledges nor reads, so that nobody can take it for a server that lacks what
 * it promised. It goes on for as long as it takes.
 */
final class Repairing {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  private static final long ASK_NANOS = 500_000_000;
  private static final int ROUNDS_PER_COMPLAINT = 20;

  /** A link on which so long nothing came may never have arrived: another one is tried. */
  private static final int SILENT_ROUNDS_MAX = 10;

  /** Before that, others that start at the same time are given the chance to help. */
  private static final int ROUNDS_BEFORE_STORE = 6;

  private final Host host;
  private final Network network;
  private final WalRepair repair;
  private final Snapshot applied;
  private final List<Peer> peers = new ArrayList<>();
  private final List<Link> accepted = new ArrayList<>();
  private final Lane lane;
  private final Consumer<String> waiting;
  private final Runnable repaired;
  private int rounds;
  private boolean over;

  /**
   * The repair of a log.
   *
   * @param applied what the store holds
   * @param others the other members
   * @param waiting told now and then what is not repaired yet, for people
   * @param repaired told once nothing damaged is left; the log is closed then. Both on a lane
   */
  Repairing(
      Host host,
      Network network,
      WalRepair repair,
      Snapshot applied,
      long self,
      List<Member> others,
      Consumer<String> waiting,
      Runnable repaired) {
    this.host = host;
    this.network = network;
    this.repair = repair;
    this.applied = applied;
    this.waiting = waiting;
    this.repaired = repaired;
    this.lane = host.lane("repair");
    others.forEach(member -> peers.add(new Peer(self, member.peerUrls().getFirst())));
  }

  /**
   * Begins.
   *
   * @throws java.io.UncheckedIOException when the address cannot be listened on
   */
  void begin() {
    network.listen(new Acceptor());
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
      peers.forEach(Peer::ask);
      lane.after(ASK_NANOS, this::round);
    }
  }

  /** Nobody has what is missing: it is not needed when the store has it. */
  private void helpOneself() {
    try {
      if (repair.beginAfter(applied)) {
        LOG.log(Level.INFO, "the log begins anew after entry {0}", Long.toString(applied.index()));
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
        LOG.log(Level.INFO, "a part of the log is repaired, left is: {0}", repair.damage());
      }
    } catch (IOException e) {
      host.halt("the log cannot be repaired: " + DiskTrouble.words(e));
    }
  }

  private void end() throws IOException {
    over = true;
    LOG.log(Level.INFO, "the log is repaired");
    repair.close();
    peers.forEach(Peer::close);
    accepted.forEach(Link::close);
    lane.close();
    repaired.run();
  }

  /** The link to one of the others. */
  private final class Peer implements Link.Listener {
    private final long self;
    private final String address;
    private @Nullable Link link;
    private boolean open;
    private int silentRounds;
    private long considered;

    Peer(long self, String address) {
      this.self = self;
      this.address = address;
    }

    /** Asks, or opens the link in order to. */
    void ask() {
      Link present = link;
      if (present == null) {
        link = network.connect(address, this);
      } else if (++silentRounds > SILENT_ROUNDS_MAX) {
        present.close();
        gone(present);
      } else if (open) {
        ask(present);
      }
    }

    @SuppressWarnings("ReferenceEquality") // one that was given up may still have something to say
    private boolean isPresent(Link one) {
      return one == link;
    }

    private void gone(Link old) {
      if (isPresent(old)) {
        link = null;
        open = false;
        silentRounds = 0;
        considered = 0;
      }
    }

    private void ask(Link present) {
      List<Long> wanted = repair.wanted().stream().filter(index -> index > considered).toList();
      if (wanted.isEmpty()) {
        considered = 0; // all over again at the next round: it may have got more
      } else {
        long cluster = repair.identity().clusterId();
        present.send(FrameCodec.encode(new Frame.EntriesQuestion(cluster, self, wanted)));
      }
    }

    void close() {
      Link present = link;
      if (present != null) {
        present.close();
      }
    }

    @Override
    public void opened(Link now) {
      lane.run(
          () -> {
            if (isPresent(now)) {
              open = true;
              silentRounds = 0;
              ask(now);
            }
          });
    }

    @Override
    public void received(Link from, Bytes frame) {
      lane.run(() -> answered(from, frame));
    }

    private void answered(Link from, Bytes frame) {
      try {
        if (!over && FrameCodec.decode(frame) instanceof Frame.EntriesAnswer answer) {
          silentRounds = 0;
          boolean more = answer.considered() > considered;
          considered = Math.max(considered, answer.considered());
          take(answer.entries());
          if (more && !over) {
            ask(from);
          }
        }
      } catch (WireFailure e) {
        LOG.log(Level.WARNING, "a peer link is closed: {0}", e.getMessage());
        from.close();
      }
    }

    @Override
    public void closed(Link old, String reason) {
      lane.run(() -> gone(old));
    }
  }

  /** Others that repair their logs are answered, all else is refused. */
  private final class Acceptor implements Link.Listener {
    @Override
    public void opened(Link link) {
      lane.run(() -> accepted.add(link));
    }

    @Override
    public void received(Link link, Bytes frame) {
      lane.run(() -> answer(link, frame));
    }

    private void answer(Link link, Bytes bytes) {
      try {
        Frame frame = FrameCodec.decode(bytes);
        if (over || frame instanceof Frame.EntriesAnswer) {
          return;
        }
        boolean own =
            frame instanceof Frame.EntriesQuestion question
                && question.clusterId() == repair.identity().clusterId();
        if (own) {
          List<Long> indexes = ((Frame.EntriesQuestion) frame).indexes();
          link.send(FrameCodec.encode(EntriesFound.of(indexes, repair::read)));
        } else {
          link.send(FrameCodec.encode(new Frame.Refuse("its log is being repaired")));
          link.close();
        }
      } catch (WireFailure _) {
        link.close();
      }
    }

    @Override
    public void closed(Link link, String reason) {
      lane.run(() -> accepted.remove(link));
    }
  }
}
