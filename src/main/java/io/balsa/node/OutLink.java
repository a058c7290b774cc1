package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.host.Lane;
import io.balsa.host.Link;
import io.balsa.host.Network;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A link that this server opens to a peer and keeps open: dials, greets, and dials again when it
 * closes, after a growing wait. Its state is owned by the raft lane.
 */
final class OutLink {
  private static final long MILLISECOND = 1_000_000;
  private static final long BACK_OFF_MIN_NANOS = 10 * MILLISECOND;
  private static final long BACK_OFF_MAX_NANOS = 1_000 * MILLISECOND;
  private static final long REFUSED_NANOS = 2_000 * MILLISECOND;

  /**
   * A dial may be lost without a word; the peer may also be slow: so it is given longer each time.
   */
  private static final long GREETING_MIN_NANOS = 1_000 * MILLISECOND;

  private static final long GREETING_MAX_NANOS = 4_000 * MILLISECOND;

  /** Told on the raft lane what becomes of the link. */
  interface Owner {
    /** The peer has said who it is: null when that is whom we want, otherwise what is wrong. */
    @Nullable String check(Frame.Welcome welcome);

    /** Frames can be sent. */
    void ready();

    /** Frames could be sent, and can no more. */
    void lost();

    /** The link is not there, and why; the same again and again while that is so. */
    void trouble(Level level, String reason);
  }

  private final Network network;
  private final Lane lane;
  private final String address;
  private final Bytes hello;
  private final Owner owner;
  private @Nullable Dial dial;
  private long backOffNanos = BACK_OFF_MIN_NANOS;
  private long greetingNanos = GREETING_MIN_NANOS;
  private boolean redialDue;
  private boolean closed;

  OutLink(Network network, Lane lane, String address, Frame.Hello hello, Owner owner) {
    this.network = network;
    this.lane = lane;
    this.address = address;
    this.hello = FrameCodec.encode(hello);
    this.owner = owner;
  }

  /** Sends a frame; false when it was dropped. */
  boolean send(Bytes frame) {
    Dial current = dial;
    return current != null && current.ready && current.link().send(frame);
  }

  /** Opens the link now, if it is not open or being opened. */
  void dialNow() {
    if (dial == null && !closed) {
      Dial next = new Dial();
      dial = next;
      next.start(l -> network.connect(address, l));
      lane.after(greetingNanos, () -> giveUpGreeting(next));
    }
  }

  private void giveUpGreeting(Dial old) {
    if (dial == old && !old.ready) {
      old.link().close();
      greetingNanos = Math.min(2 * greetingNanos, GREETING_MAX_NANOS);
      ended(old, Level.INFO, "no answer to the greeting", nextBackOff());
    }
  }

  private void ended(Dial old, Level level, String reason, long waitNanos) {
    dial = null;
    boolean wasReady = old.ready;
    if (!closed) {
      owner.trouble(level, reason);
    }
    redialAfter(waitNanos);
    if (wasReady) {
      owner.lost();
    }
  }

  private void redialAfter(long nanos) {
    if (!redialDue && !closed) {
      redialDue = true;
      lane.after(
          nanos,
          () -> {
            redialDue = false;
            dialNow();
          });
    }
  }

  private long nextBackOff() {
    long now = backOffNanos;
    backOffNanos = Math.min(2 * backOffNanos, BACK_OFF_MAX_NANOS);
    return now;
  }

  private void welcomed(Dial current, Frame.Welcome welcome) {
    String wrong = owner.check(welcome);
    if (wrong != null) {
      refused(current, wrong);
      return;
    }
    current.ready = true;
    backOffNanos = BACK_OFF_MIN_NANOS;
    greetingNanos = GREETING_MIN_NANOS;
    owner.ready();
  }

  private void refused(Dial current, String reason) {
    current.link().close();
    ended(current, Level.WARNING, reason, REFUSED_NANOS);
  }

  /** Closes the link, to be dialed again. */
  void hangUp() {
    Dial current = dial;
    if (current != null) {
      current.link().close();
    }
  }

  /** Ends it for good. */
  void close() {
    closed = true;
    Dial current = dial;
    dial = null;
    if (current != null) {
      current.link().close();
    }
  }

  /** One attempt to open the link, and the link if it succeeds. */
  private final class Dial implements Link.Listener {
    private @Nullable Link link;
    private boolean ready;

    void start(Function<Link.Listener, Link> connect) {
      link = connect.apply(this);
    }

    Link link() {
      return Objects.requireNonNull(link, "a dial has a link from its start");
    }

    @Override
    public void opened(Link opened) {
      opened.send(hello);
    }

    @Override
    public void received(Link from, Bytes bytes) {
      lane.run(() -> answered(bytes));
    }

    private void answered(Bytes bytes) {
      if (dial != this) {
        return;
      }
      try {
        switch (FrameCodec.decode(bytes)) {
          case Frame.Welcome welcome when !ready -> welcomed(this, welcome);
          case Frame.Refuse(String reason) -> refused(this, "refused: " + reason);
          case Frame.Welcome _,
              Frame.Hello _,
              Frame.Raft _,
              Frame.StateHash _,
              Frame.OfLease _,
              Frame.EntriesQuestion _,
              Frame.EntriesAnswer _ -> {}
        }
      } catch (WireFailure e) {
        refused(this, "not a Balsa peer: " + e.getMessage());
      }
    }

    @Override
    public void closed(Link old, String reason) {
      lane.run(
          () -> {
            if (dial == this) {
              ended(this, Level.INFO, reason, nextBackOff());
            }
          });
    }
  }
}
