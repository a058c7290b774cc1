package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.host.Dice;
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
 * A link that this server opens to a peer and keeps open. It dials and greets; when the link closes
 * it dials again, after a wait that grows from 10 ms to 1 s. Its state is owned by the raft lane.
 */
public final class OutLink {
  private static final long MILLISECOND = 1_000_000;
  private static final long BACK_OFF_MIN_NANOS = 10 * MILLISECOND;
  private static final long BACK_OFF_MAX_NANOS = 1_000 * MILLISECOND;
  private static final long REFUSED_NANOS = 2_000 * MILLISECOND;

  /** Any client of the peer port can cause a dial by a greeting: at most one dial in this time. */
  private static final long HASTE_NANOS = 50 * MILLISECOND;

  /** A peer's reason is logged up to so many characters. */
  private static final int REASON_CHARS = 200;

  /**
   * A dial without an answer may be lost, or the peer may be slow: the next dial gets twice the
   * time.
   */
  private static final long GREETING_MIN_NANOS = 1_000 * MILLISECOND;

  private static final long GREETING_MAX_NANOS = 4_000 * MILLISECOND;

  /** Hears on the raft lane what happens to the link. */
  public interface Owner {
    /** The greeting was sent, so this server can challenge; there is no answer yet. */
    void greeted();

    /** The peer says whether it greets this server with a nonce. */
    void confirmed(long nonce, boolean own);

    /**
     * Checks who the peer says it is; null when it is the right one, otherwise the reason against
     * it.
     */
    @Nullable String check(Frame.Welcome welcome);

    /** Frames can be sent. */
    void ready();

    /** Frames can no longer be sent. */
    void lost();

    /** A dial or the link failed, with the reason; repeated at each failure. */
    void trouble(Level level, String reason);

    /** The peer answered a question for entries. */
    default void answered(Frame.EntriesAnswer answer) {}
  }

  /** Makes the greeting of a dial. */
  public interface Greeting {
    /** The greeting with a nonce. */
    Frame.Hello with(long nonce);
  }

  private final Network network;
  private final Lane lane;
  private final String address;
  private final Greeting greeting;
  private final Dice dice;
  private final Owner owner;
  private @Nullable Dial dial;
  private long backOffNanos = BACK_OFF_MIN_NANOS;
  private long greetingNanos = GREETING_MIN_NANOS;
  private boolean redialDue;
  private boolean hastened;
  private boolean closed;

  /**
   * A link that is not opened yet.
   *
   * @param dice gives nonces that nobody can guess
   */
  public OutLink(
      Network network, Lane lane, String address, Greeting greeting, Dice dice, Owner owner) {
    this.network = network;
    this.lane = lane;
    this.address = address;
    this.greeting = greeting;
    this.dice = dice;
    this.owner = owner;
  }

  /** Sends a frame; false when it was dropped. */
  public boolean send(Bytes frame) {
    Dial current = dial;
    return current != null && current.ready && current.link().send(frame);
  }

  /** Asks the peer whether it greets this server with a nonce; once the link is there. */
  public void challenge(long nonce) {
    Dial current = dial;
    if (current != null && current.greeted) {
      current.link().send(FrameCodec.encode(new Frame.Challenge(nonce)));
    }
  }

  /** Whether frames can be sent at this moment. */
  boolean isReady() {
    Dial current = dial;
    return current != null && current.ready;
  }

  /** Whether the peer is greeted with this nonce at this moment. */
  public boolean greetsWith(long nonce) {
    Dial current = dial;
    return current != null && current.nonce == nonce;
  }

  /**
   * Opens the link without the rest of the wait, because a greeting names the peer as its sender.
   */
  public void hasten() {
    if (dial == null && !hastened) {
      hastened = true;
      lane.after(HASTE_NANOS, () -> hastened = false);
      dialNow();
    }
  }

  /** Opens the link now, if it is not open or being opened. */
  public void dialNow() {
    if (dial == null && !closed) {
      Dial next = new Dial();
      dial = next;
      next.start(l -> network.connect(address, l));
      giveUpGreetingAfter(greetingNanos, next);
    }
  }

  /**
   * In two steps: a server that stood still, as at a start on a busy machine, reads what came
   * meanwhile before it gives up.
   */
  private void giveUpGreetingAfter(long nanos, Dial next) {
    lane.after(nanos / 2, () -> lane.after(nanos - nanos / 2, () -> giveUpGreeting(next)));
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
  public void hangUp() {
    Dial current = dial;
    if (current != null) {
      current.link().close();
    }
  }

  /** Ends it for good. */
  public void close() {
    closed = true;
    Dial current = dial;
    dial = null;
    if (current != null) {
      current.link().close();
    }
  }

  /** A peer's reason, cut and cleaned for one line of the log. */
  private static String clean(String reason) {
    return reason
        .substring(0, Math.min(reason.length(), REASON_CHARS))
        .replaceAll("\\p{Cntrl}", "?");
  }

  /** One attempt to open the link, and the link if it succeeds. */
  private final class Dial implements Link.Listener {
    private final long nonce = dice.nextLong();
    private @Nullable Link link;
    private boolean greeted;
    private boolean ready;

    void start(Function<Link.Listener, Link> connect) {
      link = connect.apply(this);
    }

    Link link() {
      return Objects.requireNonNull(link, "a dial has a link from its start");
    }

    @Override
    public void opened(Link opened) {
      opened.send(FrameCodec.encode(greeting.with(nonce)));
      lane.run(
          () -> {
            if (dial == this) {
              greeted = true;
              owner.greeted();
            }
          });
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
          case Frame.Refuse(String reason) -> refused(this, MutualRefusal.byMember(clean(reason)));
          case Frame.Confirm(long asked, boolean own) -> owner.confirmed(asked, own);
          case Frame.EntriesAnswer answer when ready -> owner.answered(answer);
          case Frame.Welcome _,
              Frame.Hello _,
              Frame.Challenge _,
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
