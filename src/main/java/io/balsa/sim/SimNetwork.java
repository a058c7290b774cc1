package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.host.Link;
import io.balsa.host.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The network between all machines: where links are cut, and what happens to frames. */
final class SimNetwork {
  /** Sees every frame that leaves a machine. */
  interface Observer {
    /** A frame leaves, whether or not it will arrive. */
    void leaves(SimHost from, long to, Bytes frame);
  }

  /**
   * What frames suffer.
   *
   * @param inOrder whether the frames of a link keep their order
   */
  record Weather(
      double loss, double doubling, long minDelayNanos, long meanDelayNanos, boolean inOrder) {
    static final Weather FAIR = new Weather(0, 0, 100_000, 100_000, true);
  }

  private final World world;
  private final SimDice dice;
  private final Observer observer;
  private final TreeMap<String, HostNetwork> listening = new TreeMap<>();
  private final List<SimLink> open = new ArrayList<>();
  private final TreeSet<String> cuts = new TreeSet<>();
  private Weather weather = Weather.FAIR;

  SimNetwork(World world, SimDice dice, Observer observer) {
    this.world = world;
    this.dice = dice;
    this.observer = observer;
  }

  World world() {
    return world;
  }

  void weather(Weather now) {
    weather = now;
  }

  /** Frames of one machine no longer reach another. */
  void cut(long from, long to) {
    cuts.add(way(from, to));
  }

  void heal() {
    cuts.clear();
  }

  boolean isCut(long from, long to) {
    return cuts.contains(way(from, to));
  }

  private static String way(long from, long to) {
    return from + ">" + to;
  }

  static String addressOf(long id) {
    return "s" + id + ":2380";
  }

  Network networkOf(SimHost host) {
    return new HostNetwork(host);
  }

  /** A machine's process is gone; its peers hear of it, unless the machine went with it. */
  void died(SimHost host, boolean silently) {
    listening.values().removeIf(network -> network.host == host);
    for (SimLink link : List.copyOf(open)) {
      if (link.host() == host) {
        link.vanish();
        if (!silently) {
          tellOfEnd(link, "connection reset");
        }
      }
    }
  }

  /** Breaks one link for both sides; nothing when none is open. */
  void reset(SimDice chooser) {
    if (!open.isEmpty()) {
      SimLink link = chooser.pick(open);
      link.ended("reset");
      link.peer().ended("reset");
    }
  }

  /** Breaks all links between two machines. */
  void reset(long one, long other) {
    for (SimLink link : List.copyOf(open)) {
      if (link.host().id() == one && link.peer().host().id() == other) {
        link.ended("reset");
        link.peer().ended("reset");
      }
    }
  }

  long delay() {
    return weather.minDelayNanos + dice.exponential(weather.meanDelayNanos);
  }

  void opened(SimLink link) {
    open.add(link);
  }

  void closed(SimLink link) {
    open.remove(link);
  }

  /** Carries a frame from a link's end to the other. */
  void carry(SimLink from, Bytes frame) {
    SimHost host = from.host();
    SimLink to = from.peer();
    observer.leaves(host, to.host().id(), frame);
    if (isCut(host.id(), to.host().id()) || dice.chance(weather.loss)) {
      return;
    }
    deliver(from, to, frame);
    if (dice.chance(weather.doubling)) {
      deliver(from, to, frame);
    }
  }

  private void deliver(SimLink from, SimLink to, Bytes frame) {
    long at = world.now() + delay();
    at = weather.inOrder ? to.notBefore(at) : at;
    world.at(at, to.host(), "frame", () -> to.receives(frame), () -> reject(to, from));
  }

  /** Nobody is there to take it: whoever is on the machine now says so. */
  private void reject(SimLink dead, SimLink sender) {
    boolean rebooted = listening.containsKey(addressOf(dead.host().id()));
    if (rebooted && !isCut(dead.host().id(), sender.host().id())) {
      tellOfEnd(dead, "connection reset");
    }
  }

  /** The other end of a link hears that this one is gone, if the way is free. */
  void tellOfEnd(SimLink gone, String reason) {
    SimLink other = gone.peer();
    if (!isCut(gone.host().id(), other.host().id())) {
      world.at(world.now() + delay(), other.host(), "closed", () -> other.ended(reason), null);
    }
  }

  private void greet(SimLink caller, String address) {
    HostNetwork target = listening.get(address);
    if (target == null) {
      world.at(
          world.now() + delay(), caller.host(), "refused", () -> caller.ended("refused"), null);
      return;
    }
    SimLink called = caller.pairWith(target.host, target.listener());
    if (isCut(target.host.id(), caller.host().id())) {
      return;
    }
    called.opens();
    world.at(world.now() + delay(), caller.host(), "opened", caller::opens, null);
  }

  /** One machine's way to the network. */
  private final class HostNetwork implements Network {
    private final SimHost host;
    private Link.@Nullable Listener acceptor;

    HostNetwork(SimHost host) {
      this.host = host;
    }

    Link.Listener listener() {
      Link.Listener present = acceptor;
      Check.that(present != null, "who listens has a listener");
      return java.util.Objects.requireNonNull(present);
    }

    @Override
    public void listen(Link.Listener listener) {
      acceptor = listener;
      listening.put(addressOf(host.id()), this);
    }

    @Override
    public Link connect(String address, Link.Listener listener) {
      SimLink caller = new SimLink(SimNetwork.this, host, listener);
      long target = Long.parseLong(address.substring(1, address.indexOf(':')));
      if (!isCut(host.id(), target)) {
        world.at(world.now() + delay(), "dial", () -> greetIfUp(caller, address));
      }
      return caller;
    }

    private void greetIfUp(SimLink caller, String address) {
      HostNetwork target = listening.get(address);
      if (target == null) {
        greet(caller, address);
      } else {
        world.at(world.now(), target.host, "dial", () -> greet(caller, address), null);
      }
    }

    @Override
    public void close() {
      listening.remove(addressOf(host.id()), this);
      for (SimLink link : List.copyOf(open)) {
        if (link.host() == host) {
          link.close();
        }
      }
    }
  }
}
