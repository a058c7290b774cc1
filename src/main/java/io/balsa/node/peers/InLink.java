package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.host.Link;
import io.balsa.lanes.NodeMetrics;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A link that a peer opened to this server. The first frame must be a small greeting; until that is
 * believed nothing else is taken but challenges, which change nothing here. A frame that does not
 * belong where it comes ends the link.
 */
public final class InLink implements Link.Listener {
  /** A greeting or a challenge is smaller; what strangers send beyond it is not even decoded. */
  private static final int STRANGERS_FRAME_BYTES = 256;

  private static final Frame.Hello NOBODY = new Frame.Hello(0, 0, 0, 0, 0, Frame.Purpose.URGENT, 0);

  /** What comes over a link that is accepted; told by the network's threads. */
  interface Guests {
    /** A message. */
    void received(long from, Message message);

    /** A peer's hash. */
    void received(long from, Frame.StateHash hash);

    /** A peer asks about a lease, or answers. */
    void received(long from, Frame.OfLease frame);

    /** A server that repairs its log asks for entries. */
    void asked(InLink link, List<Long> indexes);
  }

  private final PeerDoor door;
  private final Guests guests;
  private final NodeMetrics metrics;
  private final Link link;
  private volatile Frame.Hello hello = NOBODY;
  private volatile boolean accepted;

  /** The last batch that the peer forwarded; a link may double a frame, a proposal may not. */
  private long lastBatch;

  InLink(Link link, PeerDoor door, Guests guests, NodeMetrics metrics) {
    this.link = link;
    this.door = door;
    this.guests = guests;
    this.metrics = metrics;
  }

  /** Who greeted. */
  Frame.Hello hello() {
    return hello;
  }

  boolean isAccepted() {
    return accepted;
  }

  void accept(Frame.Welcome welcome) {
    link.known();
    accepted = true;
    send(welcome);
  }

  void refuse(String reason) {
    send(new Frame.Refuse(reason));
    link.close();
  }

  public void send(Frame frame) {
    link.send(FrameCodec.encode(frame));
  }

  void close() {
    link.close();
  }

  @Override
  public void opened(Link opened) {}

  @Override
  public void received(Link from, Bytes bytes) {
    Frame frame = decode(bytes);
    if (frame != null) {
      received(frame, bytes.size());
    }
  }

  /** Null when it is damaged: that says nothing about its sender, but the link is of no use. */
  private @Nullable Frame decode(Bytes bytes) {
    try {
      if (!accepted && bytes.size() > STRANGERS_FRAME_BYTES) {
        throw new WireFailure("frame of " + bytes.size() + " bytes before it is known who sends");
      }
      return FrameCodec.decode(bytes);
    } catch (WireFailure e) {
      door.unreadable(this, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void received(Frame frame, int size) {
    try {
      take(frame, size);
    } catch (WireFailure e) {
      door.misbehaved(this, String.valueOf(e.getMessage()));
    }
  }

  private void take(Frame frame, int size) throws WireFailure {
    if (frame instanceof Frame.Hello greeting) {
      greeted(greeting);
    } else if (hello.from() == 0) {
      throw new WireFailure("frame before the greeting");
    } else if (frame instanceof Frame.Challenge(long nonce)) {
      door.challenged(this, nonce);
    } else if (!accepted) {
      throw new WireFailure("frame before the greeting is believed");
    } else if (hello.purpose() == Frame.Purpose.REPAIR) {
      asked(frame);
    } else {
      told(frame, size);
    }
  }

  /** A doubled greeting says nothing new; another one has no business here. */
  private void greeted(Frame.Hello greeting) throws WireFailure {
    if (greeting.from() == 0 || (hello.from() != 0 && !hello.equals(greeting))) {
      throw new WireFailure("frame with a second greeting, or nobody's");
    }
    if (hello.from() == 0) {
      hello = greeting;
      door.greeted(this);
    }
  }

  private void asked(Frame frame) throws WireFailure {
    if (!(frame instanceof Frame.EntriesQuestion(List<Long> indexes))) {
      throw new WireFailure("frame that is none of a repair's");
    }
    guests.asked(this, indexes);
  }

  private void told(Frame frame, int size) throws WireFailure {
    switch (frame) {
      case Frame.Raft(Message message) -> {
        Payloads.check(message);
        if (isNew(message)) {
          metrics.received(hello.from(), size);
          guests.received(hello.from(), message);
        }
      }
      case Frame.StateHash hash -> guests.received(hello.from(), hash);
      case Frame.OfLease lease -> guests.received(hello.from(), lease);
      case Frame.Hello _,
          Frame.Challenge _,
          Frame.Confirm _,
          Frame.Welcome _,
          Frame.Refuse _,
          Frame.EntriesQuestion _,
          Frame.EntriesAnswer _ ->
          throw new WireFailure("frame that only the server dialed may send, or of a repair");
    }
  }

  private boolean isNew(Message message) {
    if (!(message instanceof Message.ForwardProposals forward)) {
      return true;
    }
    boolean isNew = forward.batch() > lastBatch;
    lastBatch = Math.max(lastBatch, forward.batch());
    return isNew;
  }

  @Override
  public void closed(Link old, String reason) {
    door.closed(this);
  }
}
