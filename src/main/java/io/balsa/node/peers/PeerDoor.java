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
 * Accepts links from peers. Any client can name a member in a greeting, so this server asks that
 * member back, over its own link to the member's peer URL. When the member confirms, the link is
 * accepted and replaces the member's former link. A client that reaches this port, but is not at a
 * member's URL, is never accepted. One lane owns the state.
 */
public final class PeerDoor implements Link.Listener {
  /**
   * A refusal waits so long: meanwhile the other side can still answer challenges, so both sides
   * can log what is wrong.
   */
  private static final long PATIENCE_NANOS = 300_000_000;

  /** The server behind the door; called on the lane. */
  public interface Needs {
    /** Why a greeting is refused, before anybody confirms it; null when it may be accepted. */
    @Nullable String wrong(Frame.Hello hello);

    /** The peer URLs of a member; none for an unknown one. */
    List<String> peerUrls(long member);

    /** Asks a member, over this server's own link to it, whether it sent the greeting. */
    void challenge(GreetingClaim claim);

    /**
     * Whether this server greets a member with a nonce at this moment.
     *
     * @param claim the member that asks, and the nonce that it asks about
     */
    boolean greets(GreetingClaim claim);

    /** The answer to a confirmed greeting. */
    Frame.Welcome welcome();

    /** A member's link is accepted. */
    void entered(Frame.Hello hello);

    /** The urgent link of a member broke. */
    void left(long member);
  }

  private final Lane lane;
  private final Needs server;
  private final FrameReceiver receiver;
  private final NodeMetrics metrics;
  private final Refusals refusals;
  private final Map<Link, InLink> links = new ConcurrentHashMap<>();

  /** All links, in the order in which they were opened. */
  private final List<InLink> open = new ArrayList<>();

  /** Links whose greeting is not confirmed yet. */
  private final List<InLink> waiting = new ArrayList<>();

  /** Accepted links. */
  private final List<InLink> inside = new ArrayList<>();

  /** Each member's newest urgent link, also when it is closed. */
  private final Map<Long, InLink> urgent = new TreeMap<>();

  private volatile boolean closed;

  /**
   * A door without links.
   *
   * @param lane owns the door's state
   * @param receiver takes what comes over accepted links
   */
  public PeerDoor(
      Lane lane, Needs server, FrameReceiver receiver, NodeMetrics metrics, Refusals refusals) {
    this.lane = lane;
    this.server = server;
    this.receiver = receiver;
    this.metrics = metrics;
    this.refusals = refusals;
  }

  // On the lane.

  /** The link to a member is there: asks it about the greetings that name it. */
  public void canChallenge(long member) {
    for (InLink link : waiting) {
      if (link.member() == member) {
        server.challenge(GreetingClaim.of(link.hello()));
      }
    }
  }

  /** A member answers, at its own URL, whether it sent a greeting. */
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
            : "member "
                + hex(hello.from())
                + " says at its peer URL that this is not its greeting: a copy of its data"
                + " directory may run elsewhere";
    if (wrong != null) {
      refuse(link, wrong);
      return;
    }
    closeFormer(hello);
    inside.add(link);
    if (hello.purpose() == Frame.Purpose.URGENT) {
      urgent.put(hello.from(), link);
    }
    link.accept(server.welcome());
    server.entered(hello);
  }

  /** Closes the member's former link of the same purpose: the member has given it up. */
  private void closeFormer(Frame.Hello hello) {
    for (InLink former : List.copyOf(inside)) {
      if (former.member() == hello.from() && former.hello().purpose() == hello.purpose()) {
        inside.remove(former);
        urgent.remove(hello.from(), former);
        former.close();
      }
    }
  }

  /** Closes the accepted links whose greeting would be refused by now. */
  void checkAgain() {
    for (InLink link : List.copyOf(inside)) {
      if (server.wrong(link.hello()) != null) {
        link.close();
      }
    }
  }

  /** Ends the links of a member that broke the rules of Raft. */
  void dismiss(long member, String why) {
    refusals.add("member " + hex(member) + ": " + why);
    for (InLink link : List.copyOf(inside)) {
      if (link.member() == member) {
        link.refuse(why);
      }
    }
  }

  /** Accepts no link any more; from any thread. */
  public void close() {
    closed = true;
  }

  /** Closes all links, without waiting for the network's end. */
  public void empty() {
    List.copyOf(open).forEach(InLink::close);
  }

  // On the threads of the network.

  void greeted(InLink link) {
    lane.run(
        () -> {
          Frame.Hello hello = link.hello();
          String wrong = wrong(hello);
          wrong = wrong == null ? unproved(link) : wrong;
          if (wrong == null) {
            waiting.add(link);
            server.challenge(GreetingClaim.of(hello));
          } else {
            String why = wrong;
            lane.after(closed ? 0 : PATIENCE_NANOS, () -> refuse(link, why));
          }
        });
  }

  /** A certificate for another host does not make its owner this member. */
  private @Nullable String unproved(InLink link) {
    String why = link.unproved(server.peerUrls(link.member()));
    return why == null
        ? null
        : "TLS does not prove that this is member " + hex(link.member()) + ": " + why;
  }

  private @Nullable String wrong(Frame.Hello hello) {
    if (closed) {
      return "the server is stopping";
    }
    InLink last = urgent.get(hello.from());
    if (last != null && last.hello().disk() == hello.disk() && last.hello().boot() > hello.boot()) {
      return "member "
          + hex(hello.from())
          + " was started again since this start of it: two run with its data, or an older copy of"
          + " its data directory was put back";
    }
    return server.wrong(hello);
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
                new Frame.Confirm(nonce, server.greets(new GreetingClaim(link.member(), nonce)))));
  }

  /** A link brought bytes that are no frame. */
  void unreadable(InLink link, String what) {
    refusals.add(what);
    link.close();
  }

  /** A link brought a frame that is out of place, or with contents that are not allowed. */
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
            server.left(link.member());
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
