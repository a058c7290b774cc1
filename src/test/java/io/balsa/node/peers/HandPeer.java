package io.balsa.node.peers;

import io.balsa.bytes.Bytes;
import io.balsa.lanes.HandNetwork;
import io.balsa.lanes.HandNetwork.HandLink;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Another member of member 1's cluster, played by a test over links that it opens by hand. */
public final class HandPeer {
  /** The cluster of all these members. */
  public static final long CLUSTER = 77;

  private final long id;
  private final HandNetwork network;
  private final Runnable run;
  private final List<HandLink> dialed = new ArrayList<>();
  private @Nullable HandLink inbound;
  private long nonce;

  /**
   * A member that is not connected.
   *
   * @param run runs the server's lanes
   */
  public HandPeer(long id, HandNetwork network, Runnable run) {
    this.id = id;
    this.network = network;
    this.run = run;
  }

  public static String addressOf(long id) {
    return "peer-" + id;
  }

  /** Lets the server's links in, and opens one to the server. */
  public HandPeer connect() {
    answerDials();
    greet(Frame.Purpose.URGENT);
    return this;
  }

  /** Answers every link that the server has opened since with a welcome. */
  public void answerDials() {
    run.run();
    for (HandLink link : network.dialedTo(addressOf(id))) {
      if (!link.isClosed() && !dialed.contains(link)) {
        dialed.add(link);
        link.open().receive(FrameCodec.encode(new Frame.Welcome(CLUSTER, id, 10 + id, 1)));
      }
    }
    run.run();
  }

  /** Opens a link and confirms its greeting when the server asks. */
  public HandLink greet(Frame.Purpose purpose) {
    HandLink link = network.accept();
    nonce++;
    link.receive(
        FrameCodec.encode(new Frame.Hello(CLUSTER, id, 1, 10 + id, 1, purpose, 1000 * id + nonce)));
    run.run();
    for (HandLink own : dialed) {
      for (Frame frame : framesOf(own)) {
        if (frame instanceof Frame.Challenge(long asked)) {
          own.receive(FrameCodec.encode(new Frame.Confirm(asked, true)));
        }
      }
    }
    run.run();
    inbound = link;
    return link;
  }

  /** Sends frames over the link that it opened last, and lets the server work. */
  public HandPeer send(Frame... frames) {
    leave(frames);
    run.run();
    return this;
  }

  /** The same with messages of Raft. */
  public HandPeer send(Message... messages) {
    for (Message message : messages) {
      leave(new Frame.Raft(message));
    }
    run.run();
    return this;
  }

  /** Sends frames that the server does not work on yet. */
  public void leave(Frame... frames) {
    for (Frame frame : frames) {
      inbound().receive(FrameCodec.encode(frame));
    }
  }

  public HandLink inbound() {
    return Objects.requireNonNull(inbound, "a link that is open");
  }

  /** The links that the server opened to this member. */
  public List<HandLink> dialed() {
    return dialed;
  }

  /** The messages of Raft that the server has sent since. */
  public List<Message> received() {
    List<Message> messages = new ArrayList<>();
    for (HandLink link : dialed) {
      for (Frame frame : framesOf(link)) {
        if (frame instanceof Frame.Raft(Message message)) {
          messages.add(message);
        }
      }
    }
    return messages;
  }

  /** The frames that were sent over a link since. */
  public static List<Frame> framesOf(HandLink link) {
    List<Frame> frames = new ArrayList<>();
    for (Bytes sent : link.takeSent()) {
      try {
        frames.add(FrameCodec.decode(sent));
      } catch (WireFailure e) {
        throw new AssertionError(e);
      }
    }
    return frames;
  }
}
