package io.balsa.lanes;

import io.balsa.bytes.Bytes;
import io.balsa.host.Link;
import io.balsa.host.Network;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A network whose links a test opens, feeds and closes by hand. */
public final class HandNetwork implements Network {
  private final List<HandLink> dialed = new ArrayList<>();
  private Link.@Nullable Listener listener;
  private boolean taken;
  private boolean closed;

  /** The address is taken from now on. */
  public void takeAddress() {
    taken = true;
  }

  @Override
  public void listen(Link.Listener own) {
    if (taken) {
      throw new UncheckedIOException(new IOException("the address is taken"));
    }
    listener = own;
  }

  @Override
  public HandLink connect(String address, Link.Listener own) {
    HandLink link = new HandLink(address, own);
    dialed.add(link);
    return link;
  }

  /** A peer opens a link to this server. */
  public HandLink accept() {
    HandLink link = new HandLink("", Objects.requireNonNull(listener, "who listens"));
    link.open();
    return link;
  }

  @Override
  public void close() {
    closed = true;
  }

  public boolean isClosed() {
    return closed;
  }

  /** The links that the server has dialed so far, to an address. */
  public List<HandLink> dialedTo(String address) {
    return dialed.stream().filter(link -> link.address.equals(address)).toList();
  }

  /** One end of a link. */
  public static final class HandLink implements Link {
    private final String address;
    private final Listener listener;
    private final List<Bytes> sent = new ArrayList<>();
    private boolean full;
    private boolean known;
    private boolean ended;

    public HandLink(String address, Listener listener) {
      this.address = address;
      this.listener = listener;
    }

    /** The link is open in both directions. */
    public HandLink open() {
      listener.opened(this);
      return this;
    }

    /** A frame comes from the other end, even when the link is closed: it may be late. */
    public HandLink receive(Bytes frame) {
      listener.received(this, frame);
      return this;
    }

    /** The other end closes the link, or it breaks. */
    public void lose(String reason) {
      ended = true;
      listener.closed(this, reason);
    }

    /** From now on every frame is dropped. */
    public void fill() {
      full = true;
    }

    @Override
    public boolean send(Bytes frame) {
      return !ended && !full && sent.add(frame);
    }

    /** What was sent and not yet taken. */
    public List<Bytes> takeSent() {
      List<Bytes> taken = List.copyOf(sent);
      sent.clear();
      return taken;
    }

    @Override
    public void close() {
      if (!ended) {
        lose("closed");
      }
    }

    @Override
    public void known() {
      known = true;
    }

    public boolean isKnown() {
      return known;
    }

    public boolean isClosed() {
      return ended;
    }
  }
}
