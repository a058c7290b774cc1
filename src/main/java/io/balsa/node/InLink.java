package io.balsa.node;

import io.balsa.bytes.Bytes;
import io.balsa.host.Link;
import io.balsa.raft.Message;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.lang.System.Logger.Level;

/**
 * A link that a peer opened to this server: the first frame must be a greeting, what follows are
 * messages.
 */
final class InLink implements Link.Listener {
  private static final System.Logger LOG = System.getLogger("io.balsa.node");

  /** What comes over such links. Greeting and closing are told by the network's threads. */
  interface Receiver {
    /** A peer greets: answer it, and call {@link #accept} or close the link. */
    void greeted(InLink link, Frame.Hello hello);

    /** A message of an accepted peer. */
    void received(long from, Message message);

    /** An accepted peer's hash. */
    void received(long from, Frame.StateHash hash);

    /** An accepted peer asks about a lease, or answers. */
    void received(long from, Frame.OfLease frame);

    /** A server that repairs its log, and has no other link, asks for entries. */
    void asked(Link link, Frame.EntriesQuestion question);

    /** The link is closed; maybe it was never accepted. */
    void closed(InLink link);
  }

  private final Receiver receiver;
  private final NodeMetrics metrics;
  private volatile Frame.Hello hello = NOBODY;
  private volatile boolean accepted;
  private volatile Link link = CLOSED;

  /** The last batch that the peer forwarded; a link may double a frame, a proposal may not. */
  private long lastBatch;

  private static final Frame.Hello NOBODY = new Frame.Hello(0, 0, 0, 0, 0, false);
  private static final Link CLOSED =
      new Link() {
        @Override
        public boolean send(Bytes frame) {
          return false;
        }

        @Override
        public void close() {}
      };

  InLink(Receiver receiver, NodeMetrics metrics) {
    this.receiver = receiver;
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
    accepted = true;
    link.send(FrameCodec.encode(welcome));
  }

  void refuse(String reason) {
    link.send(FrameCodec.encode(new Frame.Refuse(reason)));
    link.close();
  }

  void close() {
    link.close();
  }

  @Override
  public void opened(Link opened) {
    link = opened;
  }

  @Override
  public void received(Link from, Bytes bytes) {
    link = from;
    try {
      received(FrameCodec.decode(bytes), bytes.size());
    } catch (WireFailure e) {
      LOG.log(Level.WARNING, "a peer link is closed: {0}", e.getMessage());
      from.close();
    }
  }

  private void received(Frame frame, int size) {
    switch (frame) {
      case Frame.Hello greeting -> {
        if (hello.from() == 0) {
          hello = greeting;
          receiver.greeted(this, greeting);
        }
      }
      case Frame.Raft(Message message) when accepted && isNew(message) -> {
        metrics.received(hello.from(), size);
        receiver.received(hello.from(), message);
      }
      case Frame.StateHash hash when accepted -> receiver.received(hello.from(), hash);
      case Frame.OfLease lease when accepted -> receiver.received(hello.from(), lease);
      case Frame.EntriesQuestion question when !accepted -> receiver.asked(link, question);
      case Frame.Raft _,
          Frame.StateHash _,
          Frame.OfLease _,
          Frame.Welcome _,
          Frame.Refuse _,
          Frame.EntriesQuestion _,
          Frame.EntriesAnswer _ -> {}
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
    receiver.closed(this);
  }
}
