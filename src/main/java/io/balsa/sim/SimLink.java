package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.host.Link;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One end of a connection. */
final class SimLink implements Link {
  private final SimNetwork network;
  private final SimHost host;
  private final Listener listener;
  private @Nullable SimLink peer;
  private boolean open;
  private boolean ended;
  private boolean heard;
  private long lastDelivery;

  SimLink(SimNetwork network, SimHost host, Listener listener) {
    this.network = network;
    this.host = host;
    this.listener = listener;
  }

  SimHost host() {
    return host;
  }

  SimLink peer() {
    return Objects.requireNonNull(peer, "an open link has two ends");
  }

  /** Whether the greeting of the other side, or its answer, has arrived. */
  boolean isGreeted() {
    return heard;
  }

  /** Creates the other end. */
  SimLink pairWith(SimHost other, Listener acceptor) {
    SimLink made = new SimLink(network, other, acceptor);
    made.peer = this;
    peer = made;
    return made;
  }

  void opens() {
    if (!ended) {
      open = true;
      network.opened(this);
      listener.opened(this);
    }
  }

  /** The time of a delivery that arrives after all earlier ones. */
  long notBefore(long at) {
    lastDelivery = Math.max(lastDelivery, at);
    return lastDelivery;
  }

  void receives(Bytes frame) {
    if (open) {
      heard = true;
      network.arrived(this);
      listener.received(this, frame);
    } else if (ended) {
      network.tellOfEnd(this, "connection reset");
    }
  }

  @Override
  public boolean send(Bytes frame) {
    if (!open || !host.isAlive()) {
      return false;
    }
    network.carry(this, frame);
    return true;
  }

  @Override
  public void close() {
    if (!ended) {
      boolean paired = peer != null;
      vanish();
      network
          .world()
          .at(network.world().now(), host, "closed", () -> listener.closed(this, "closed"), null);
      if (paired) {
        network.tellOfEnd(this, "closed by the peer");
      }
    }
  }

  /** The connection has ended. */
  void ended(String reason) {
    if (!ended && host.isAlive()) {
      vanish();
      listener.closed(this, reason);
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /** Nothing comes or goes any more. */
  void vanish() {
    ended = true;
    open = false;
    network.closed(this);
  }
}
