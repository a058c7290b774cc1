package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.host.Dice;
import io.balsa.host.Lane;
import io.balsa.host.Network;
import io.balsa.logging.LogEvent;
import io.balsa.logging.RareLine;
import io.balsa.model.Member;
import io.balsa.wal.Identity;
import io.balsa.wire.Frame;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The two links that this server opens to one peer: one for what is urgent, one for bulk. */
final class Peer {
  private static final LogEvent CONNECTED = LogEvent.info("io.balsa.node", "a member is connected");

  private static final LogEvent LOST =
      LogEvent.warn(
          "io.balsa.node",
          "a member is no longer connected",
          "if nobody stopped it, look at its log and at the network");

  private static final LogEvent UNREACHED =
      LogEvent.info("io.balsa.node", "a member cannot be reached, it is tried again");

  /** At most so many different failures are logged until the peer is reached again. */
  private static final int TOLD_MAX = 20;

  /** Hears of the peer on the raft lane. */
  interface Owner {
    /** The reason against the data directory that a member comes with; null when there is none. */
    @Nullable String wrongDisk(long member, long disk);

    /** The peer can be challenged. */
    void canChallenge(long member);

    /** The peer says whether it greets this server so. */
    void confirmed(GreetingClaim claim, boolean own);

    /** A link to the peer is there. */
    void connected(long member);

    /** A link to the peer broke. */
    void suspected(long member);
  }

  private final RareLine connected = new RareLine(CONNECTED);
  private final RareLine lost = new RareLine(LOST);
  private final String name;
  private final long id;
  private final String address;
  private final Identity identity;
  private final Owner owner;
  private final OutLink urgent;
  private final OutLink bulk;

  /** The number of the data directory that the peer named; 0 before it did. */
  private long disk;

  /** The nonce of the open measurement; 0 when there is none. */
  private long measuredNonce;

  private long measuredSinceNanos;

  /** How many of the two links are there. */
  private int ready;

  /** The last failure of a link. */
  private String lastTrouble = "";

  /** The failures of both links that were logged. */
  private final Set<String> told = new TreeSet<>();

  Peer(Network network, Lane lane, Dice dice, Identity identity, Member member, Owner owner) {
    this.id = member.id();
    this.name = member.name().isEmpty() ? Long.toHexString(id) : member.name();
    this.address = member.peerUrls().getFirst();
    this.identity = identity;
    this.owner = owner;
    Watch watch = new Watch();
    OutLink.Greeting forUrgent = nonce -> hello(Frame.Purpose.URGENT, nonce);
    OutLink.Greeting forBulk = nonce -> hello(Frame.Purpose.BULK, nonce);
    urgent = new OutLink(network, lane, address, forUrgent, dice, watch);
    bulk = new OutLink(network, lane, address, forBulk, dice, watch);
  }

  private Frame.Hello hello(Frame.Purpose purpose, long nonce) {
    return Greetings.hello(identity, id, purpose, nonce);
  }

  void dialNow() {
    urgent.dialNow();
    bulk.dialNow();
  }

  /** Sends a frame over one of the links; false when it was dropped. */
  boolean send(Bytes frame, boolean overBulk) {
    return (overBulk ? bulk : urgent).send(frame);
  }

  /** Asks the peer whether it greets this server with a nonce, as soon as it can be asked. */
  void challenge(long nonce) {
    urgent.hasten();
    urgent.challenge(nonce);
  }

  /** Whether urgent frames can be sent at this moment. */
  boolean isReady() {
    return urgent.isReady();
  }

  /**
   * Asks the peer about a nonce that no greeting has. Only the time that its answer takes is of
   * interest.
   *
   * @param nonce a random number
   */
  void measure(long nonce, long nowNanos) {
    measuredNonce = nonce;
    measuredSinceNanos = nowNanos;
    urgent.challenge(nonce);
  }

  /**
   * Ends a measurement.
   *
   * @return the nanoseconds since {@link #measure}; -1 if the nonce is not the one that it sent
   */
  long measured(long nonce, long nowNanos) {
    if (measuredNonce == 0 || nonce != measuredNonce) {
      return -1;
    }
    measuredNonce = 0;
    return nowNanos - measuredSinceNanos;
  }

  /** Whether this server greets the peer with a nonce at this moment. */
  boolean greetsWith(long nonce) {
    return urgent.greetsWith(nonce) || bulk.greetsWith(nonce);
  }

  void close() {
    urgent.close();
    bulk.close();
  }

  /**
   * Closes the links to a peer with another data directory than the known one; the next dial
   * refuses it.
   */
  void checkDisk() {
    if (owner.wrongDisk(id, disk) != null) {
      urgent.hangUp();
      bulk.hangUp();
    }
  }

  private String hex() {
    return Long.toHexString(id);
  }

  /** Passes on what happens to either link. */
  private final class Watch implements OutLink.Owner {
    @Override
    public void greeted() {
      owner.canChallenge(id);
    }

    @Override
    public void confirmed(long nonce, boolean own) {
      owner.confirmed(new GreetingClaim(id, nonce), own);
    }

    @Override
    public @Nullable String check(Frame.Welcome welcome) {
      if (welcome.clusterId() != identity.clusterId() || welcome.from() != id) {
        return "not member " + Long.toHexString(id) + " of this cluster";
      }
      disk = welcome.disk();
      return owner.wrongDisk(id, disk);
    }

    @Override
    public void ready() {
      told.clear();
      ready++;
      if (ready == 1) {
        connected.happened("member", name, "member-id", hex(), "address", address);
      }
      owner.connected(id);
    }

    @Override
    public void lost() {
      ready--;
      if (ready == 0) {
        lost.happened(
            "member", name, "member-id", hex(), "address", address, "reason", lastTrouble);
      }
      owner.suspected(id);
    }

    @Override
    public void trouble(Level level, String reason) {
      lastTrouble = reason;
      if (ready == 0 && told.size() < TOLD_MAX && told.add(reason)) {
        if (level == Level.WARNING) {
          MutualRefusal.log(name, id, address, reason);
        } else {
          UNREACHED.log("member", name, "member-id", hex(), "address", address, "reason", reason);
        }
      }
    }
  }
}
