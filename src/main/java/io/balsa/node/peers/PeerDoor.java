package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.host.Lane;
import io.balsa.host.Link;
import io.balsa.lanes.NodeMetrics;
import io.balsa.wire.Frame;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Lets peers' links in. A greeting says who greets, and anybody can say that: so this server asks
 * back, over its own link to that member's peer URL, whether it was that member. Only then is the
 * link accepted, and takes the place of the one that the member had. Who can reach this port, but
 * not be reached at a member's URL, gets no further. Its state is owned by one lane.
 */
public final class PeerDoor implements Link.Listener {
  /**
   * How long who is refused is kept waiting: meanwhile it answers our challenges, and what is wrong
   * with it can be told by both sides.
   */
  private static final long PATIENCE_NANOS = 300_000_000;

  /** The server behind the door; called on the lane. */
  public interface House {
    /** Why the sender of a greeting is not let in, whoever it is; null when it may be. */
    @Nullable String wrong(Frame.Hello hello);

    /** Asks a member, over the own link to it, whether it greets so. */
    void challenge(GreetingClaim claim);

    /**
     * Whether this server greets a member so at this moment.
     *
     * @param claim the member that asks, and the nonce that it was greeted with
     */
    boolean greets(GreetingClaim claim);

    /** The answer to a greeting that is believed. */
    Frame.Welcome welcome();

    /** A member is here. */
    void entered(Frame.Hello hello);

    /** The urgent link of a member broke. */
    void left(long member);
  }

  private final Lane lane;
  private final House house;
  private final FrameReceiver receiver;
  private final NodeMetrics metrics;
  private final Refusals refusals;
  private final Map<Link, InLink> links = new ConcurrentHashMap<>();

  /** All of them, in their order. */
  private final List<InLink> open = new ArrayList<>();

  /** Those that greeted and are not believed yet. */
  private final List<InLink> waiting = new ArrayList<>();

  /** Those that were accepted. */
  private final List<InLink> inside = new ArrayList<>();

  /** The greeting of each member's newest urgent link, also when that is closed. */
  private final Map<Long, InLink> urgent = new TreeMap<>();

  private volatile boolean closed;

  /**
   * A door at which nobody is yet.
   *
   * @param lane owns the door's state
   * @param receiver takes what comes over accepted links
   */
  public PeerDoor(
      Lane lane, House house, FrameReceiver receiver, NodeMetrics metrics, Refusals refusals) {
    this.lane = lane;
    this.house = house;
    this.receiver = receiver;
    this.metrics = metrics;
    this.refusals = refusals;
  }

  // What the lane's owner does.

  /** Challenges those who greeted as a member: the link to that member is there now. */
  public void canChallenge(long member) {
    for (InLink link : waiting) {
      if (link.member() == member) {
        house.challenge(GreetingClaim.of(link.hello()));
      }
    }
  }

  /** A member answers, at its own URL, whether it greeted. */
  public void confirmed(GreetingClaim claim, boolean own) {
    for (InLink link : List.copyOf(waiting)) {
      if (GreetingClaim.of(link.hello()).equals(claim)) {
        waiting.remove(link);
        enter(link, own);
      }
    }
  }

  private void enter(InLink link, boolean own) {
    Frame.Hello hello = link.hello();
    String wrong =
        own
            ? wrong(hello)
            : "member " + hex(hello.from()) + " says at its peer URL that it is somebody else";
    if (wrong != null) {
      refuse(link, wrong);
      return;
    }
    closeFormer(hello);
    inside.add(link);
    if (hello.purpose() == Frame.Purpose.URGENT) {
      urgent.put(hello.from(), link);
    }
    link.accept(house.welcome());
    house.entered(hello);
  }

  /** A member has given up the link in whose place it opened another. */
  private void closeFormer(Frame.Hello hello) {
    for (InLink former : List.copyOf(inside)) {
      if (former.member() == hello.from() && former.hello().purpose() == hello.purpose()) {
        inside.remove(former);
        urgent.remove(hello.from(), former);
        former.close();
      }
    }
  }

  /** Closes the links of those about whom something is wrong by now. */
  void checkAgain() {
    for (InLink link : List.copyOf(inside)) {
      if (house.wrong(link.hello()) != null) {
        link.close();
      }
    }
  }

  /** Ends a member's links: it sent what no member sends. */
  void dismiss(long member, String why) {
    refusals.add("member " + hex(member) + ": " + why);
    for (InLink link : List.copyOf(inside)) {
      if (link.member() == member) {
        link.refuse(why);
      }
    }
  }

  /** Lets nobody in any more; from any thread. */
  public void close() {
    closed = true;
  }

  /** Closes all links, without waiting for the network's end. */
  public void empty() {
    List.copyOf(open).forEach(InLink::close);
  }

  // What links tell, on the network's threads.

  void greeted(InLink link) {
    lane.run(
        () -> {
          Frame.Hello hello = link.hello();
          String wrong = wrong(hello);
          if (wrong == null) {
            waiting.add(link);
            house.challenge(GreetingClaim.of(hello));
          } else {
            lane.after(closed ? 0 : PATIENCE_NANOS, () -> refuse(link, wrong));
          }
        });
  }

  private @Nullable String wrong(Frame.Hello hello) {
    if (closed) {
      return "the server is stopping";
    }
    InLink last = urgent.get(hello.from());
    if (last != null && last.hello().disk() == hello.disk() && last.hello().boot() > hello.boot()) {
      return "member " + hex(hello.from()) + " has been started again since";
    }
    return house.wrong(hello);
  }

  private void refuse(InLink link, String why) {
    if (!closed) {
      refusals.add(why);
    }
    link.refuse(why);
  }

  void challenged(InLink link, long nonce) {
    lane.run(
        () ->
            link.send(
                new Frame.Confirm(nonce, house.greets(new GreetingClaim(link.member(), nonce)))));
  }

  /** What came over a link is no frame. */
  void unreadable(InLink link, String what) {
    refusals.add(what);
    link.close();
  }

  /** What came over a link is a frame that does not belong there, or holds what it may not. */
  void misbehaved(InLink link, String what) {
    if (link.isAccepted()) {
      metrics.peerDisbelieved(link.member());
      refusals.add("member " + hex(link.member()) + ": " + what);
      link.refuse(what);
    } else {
      unreadable(link, what);
    }
  }

  void closed(InLink link) {
    lane.run(
        () -> {
          open.remove(link);
          waiting.remove(link);
          inside.remove(link);
          if (link.isAccepted() && urgent.get(link.member()) == link && !closed) {
            house.left(link.member());
          }
        });
  }

  @Override
  public void opened(Link link) {
    InLink in = new InLink(link, this, receiver, metrics);
    links.put(link, in);
    lane.run(() -> open.add(in));
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

  private static String hex(long id) {
    return Long.toHexString(id);
  }
}
