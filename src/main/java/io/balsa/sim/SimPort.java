package io.balsa.sim;

import io.balsa.bytes.Check;
import io.balsa.host.Link;
import io.balsa.host.Network;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The network of one machine: listens at its address, and dials others. */
final class SimPort implements Network {
  private static final long FIRST_DIAL_NANOS = 1_000_000_000;

  private final SimNetwork network;
  private final World world;
  private final SimHost host;
  private Link.@Nullable Listener acceptor;

  SimPort(SimNetwork network, SimHost host) {
    this.network = network;
    this.world = network.world();
    this.host = host;
  }

  SimHost host() {
    return host;
  }

  private Link.Listener listener() {
    Link.Listener present = acceptor;
    Check.that(present != null, "a listening port has a listener");
    return Objects.requireNonNull(present);
  }

  @Override
  public void listen(Link.Listener listener) {
    acceptor = listener;
    network.listens(this);
  }

  @Override
  public Link connect(String address, Link.Listener listener) {
    SimLink caller = new SimLink(network, host, listener);
    dial(caller, address, FIRST_DIAL_NANOS);
    return caller;
  }

  /** Dials; a lost greeting is sent again, after a longer time each time. */
  private void dial(SimLink caller, String address, long again) {
    long target = Long.parseLong(address.substring(1, address.indexOf(':')));
    if (network.isCut(host.id(), target)) {
      world.at(
          world.now() + again, host, "dial", () -> dialAgain(caller, address, 2 * again), null);
    } else {
      world.at(world.now() + network.delay(), "dial", () -> greetIfUp(caller, address));
    }
  }

  private void dialAgain(SimLink caller, String address, long again) {
    if (!caller.hasEnded()) {
      dial(caller, address, again);
    }
  }

  private void greetIfUp(SimLink caller, String address) {
    SimPort target = network.at(address);
    if (target == null) {
      greet(caller, address);
    } else {
      world.at(world.now(), target.host, "dial", () -> greet(caller, address), null);
    }
  }

  private void greet(SimLink caller, String address) {
    SimPort target = network.at(address);
    if (target == null) {
      later(caller, "refused", () -> caller.ended("refused"));
      return;
    }
    SimLink called = caller.pairWith(target.host, target.listener());
    if (!network.isCut(target.host.id(), host.id())) {
      called.opens();
      later(caller, "opened", caller::opens);
    }
  }

  private void later(SimLink caller, String what, Runnable task) {
    world.at(world.now() + network.delay(), caller.host(), what, task, null);
  }

  @Override
  public void close() {
    network.closed(this);
  }
}
