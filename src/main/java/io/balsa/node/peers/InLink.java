package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.HostPort;
import io.balsa.host.Link;
import io.balsa.lanes.NodeMetrics;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A link that a peer opened to this server. The first frame must be a greeting. Until the named
 * member confirms it, the link takes only challenges, which change nothing here. Any other frame
 * out of place ends the link.
 */
public final class InLink implements Link.Listener {
  /**
   * A greeting or a challenge is smaller. A larger frame on a link that is not accepted is not
   * decoded.
   */
  private static final int STRANGERS_FRAME_BYTES = 256;

  private final PeerDoor door;
  private final FrameReceiver receiver;
  private final NodeMetrics metrics;
  private final Link link;
  private volatile Frame.@Nullable Hello hello;
  private volatile boolean accepted;

  /**
   * The number of the last batch that the peer forwarded. A link may repeat a frame, but a batch
   * must not be proposed twice.
   */
  private long lastBatch;

  InLink(Link link, PeerDoor door, FrameReceiver receiver, NodeMetrics metrics) {
    this.link = link;
    this.door = door;
    this.receiver = receiver;
    this.metrics = metrics;
  }

  /** The greeting; only of a link that has greeted. */
  Frame.Hello hello() {
    return Objects.requireNonNull(hello, "a link that has greeted");
  }

  /** The id of the member that opened this link; only of a link that has greeted. */
  public long member() {
    return hello().from();
  }

  /** Why the opener of the link cannot be a member at these URLs; null when it can. */
  @Nullable String unproved(List<String> peerUrls) {
    return link.unproved(peerUrls.stream().map(InLink::host).toList());
  }

  private static String host(String url) {
    try {
      return HostPort.parse(url).host();
    } catch (IllegalArgumentException _) {
      return url; // no certificate names it
    }
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

  /** Sends a frame back; the link may drop it. From any thread. */
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

  /**
   * Decodes a frame; null when it is damaged. Damage is no proof against the sender, but ends the
   * link.
   */
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
    switch (frame) {
      case Frame.Hello greeting -> greeted(greeting);
      case Frame _ when hello == null -> throw new WireFailure("frame before the greeting");
      case Frame.Challenge(long nonce) -> door.challenged(this, nonce);
      case Frame _ when !accepted -> throw new WireFailure("frame before the greeting is believed");
      case Frame.FromMember sent -> handOn(sent, size);
      case Frame.Confirm _, Frame.Welcome _, Frame.Refuse _, Frame.EntriesAnswer _ ->
          throw new WireFailure("frame that only the server dialed may send");
    }
  }

  /** A repeated greeting changes nothing; a different second one ends the link. */
  private void greeted(Frame.Hello greeting) throws WireFailure {
    Frame.Hello first = hello;
    if (greeting.from() == 0 || (first != null && !first.equals(greeting))) {
      throw new WireFailure("frame with a second greeting, or nobody's");
    }
    if (first == null) {
      hello = greeting;
      door.greeted(this);
    }
  }

  private void handOn(Frame.FromMember frame, int size) throws WireFailure {
    boolean repairs = hello().purpose() == Frame.Purpose.REPAIR;
    if (repairs != frame instanceof Frame.EntriesQuestion) {
      throw new WireFailure(
          repairs ? "frame that is none of a repair's" : "frame that only a repair may send");
    }
    if (frame instanceof Frame.Raft(Message message)) {
      Payloads.check(message);
      if (!admit(message)) {
        return;
      }
      metrics.received(member(), size);
    }
    receiver.received(this, frame);
  }

  /** Remembers the newest batch of proposals; gives false for a batch that came before. */
  private boolean admit(Message message) {
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
