package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.host.Network;
import io.balsa.wire.Frame;
import io.balsa.wire.FrameCodec;
import io.balsa.wire.WireFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The network between all machines: where links are cut, and what happens to frames. */
final class SimNetwork {
  /** Sees every frame that leaves a machine. */
  interface Observer {
    /** A frame leaves, whether or not it will arrive. */
    void leaves(SimHost from, long to, Frame frame, Bytes bytes);

    /** A frame arrives at a machine. */
    default void arrives(SimHost at, long from) {}
  }

  /**
   * What frames suffer.
   *
   * @param inOrder whether the frames of a link keep their order
   */
  record Weather(
      double loss, double doubling, long minDelayNanos, long meanDelayNanos, boolean inOrder) {
    static final Weather FAIR = new Weather(0, 0, 100_000, 100_000, true);

    Weather slower(int times) {
      return new Weather(loss, doubling, minDelayNanos * times, meanDelayNanos * times, inOrder);
    }
  }

  /** Room for the ids of all machines. */
  private static final int IDS = 16;

  private final World world;
  private final SimDice dice;
  private final Observer observer;
  private final Interception frames;
  private final TreeMap<String, SimPort> listening = new TreeMap<>();
  private final List<SimLink> open = new ArrayList<>();
  private final Way[] ways = new Way[IDS * IDS];
  private Weather weather = Weather.FAIR;

  SimNetwork(World world, SimDice dice, Observer observer) {
    this.world = world;
    this.dice = dice;
    this.observer = observer;
    this.frames = new Interception(world, dice, this::cutOff);
    for (int i = 0; i < ways.length; i++) {
      ways[i] = new Way();
    }
  }

  World world() {
    return world;
  }

  void weather(Weather now) {
    weather = now;
  }

  /** What is done to single frames. */
  Interception frames() {
    return frames;
  }

  /** The way from one machine to another. */
  Way way(long from, long to) {
    return ways[(int) from * IDS + (int) to];
  }

  /** Everything flows again, and what was held back comes. */
  void heal() {
    frames.heal();
    for (Way way : ways) {
      way.heal().forEach(Runnable::run);
    }
  }

  /** The way is free again, unless something else clogs it. */
  void unclog(long from, long to) {
    List<Runnable> free = way(from, to).unclog();
    if (!free.isEmpty()) {
      world.marks().hit(Mark.FRAMES_RELEASED_FROM_CLOG);
      free.forEach(Runnable::run);
    }
  }

  /** Who was cut off when its frame was waited for is so no longer. */
  void rejoin(long id) {
    for (int other = 0; other < IDS; other++) {
      way(id, other).mend();
      way(other, id).mend();
    }
  }

  private void cutOff(long id) {
    for (int other = 0; other < IDS; other++) {
      way(id, other).cut();
      way(other, id).cut();
    }
  }

  boolean isCut(long from, long to) {
    return way(from, to).isCut();
  }

  static String addressOf(long id) {
    return "s" + id + ":2380";
  }

  Network networkOf(SimHost host) {
    return new SimPort(this, host);
  }

  /** A machine takes links from now on. */
  void listens(SimPort port) {
    listening.put(addressOf(port.host().id()), port);
  }

  /** A machine takes no more links, and ends those it has. */
  void closed(SimPort port) {
    listening.remove(addressOf(port.host().id()), port);
    for (SimLink link : List.copyOf(open)) {
      if (link.host() == port.host()) {
        link.close();
      }
    }
  }

  /** Who listens at an address; null for nobody. */
  @Nullable SimPort at(String address) {
    return listening.get(address);
  }

  /** How many links are open and greeted between two machines, as the first sees it. */
  int openLinks(long one, long other) {
    int count = 0;
    for (SimLink link : open) {
      boolean between = link.host().id() == one && link.peer().host().id() == other;
      count += between && link.isGreeted() ? 1 : 0;
    }
    return count;
  }

  /** How many ends of links are open. */
  int openLinks() {
    return open.size();
  }

  /** A machine's process is gone; its peers hear of it, unless the machine went with it. */
  void died(SimHost host, boolean silently) {
    listening.values().removeIf(port -> port.host() == host);
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
      breakOff(chooser.pick(open));
    }
  }

  /** Breaks all links between two machines. */
  void reset(long one, long other) {
    for (SimLink link : List.copyOf(open)) {
      if (link.host().id() == one && link.peer().host().id() == other) {
        breakOff(link);
      }
    }
  }

  private void breakOff(SimLink link) {
    link.ended("reset");
    link.peer().ended("reset");
  }

  void arrived(SimLink at) {
    observer.arrives(at.host(), at.peer().host().id());
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
  void carry(SimLink from, Bytes bytes) {
    SimHost host = from.host();
    SimLink to = from.peer();
    Frame frame = read(host, bytes);
    if (frame == null) {
      return;
    }
    String kind = CrashPoint.kindOf(frame);
    int point = CrashPoint.beforeSending(kind);
    host.points().pass(point);
    observer.leaves(host, to.host().id(), frame, bytes);
    frames.leaves(kind, host.id(), to.host().id());
    Runnable delivery = () -> deliver(from, to, bytes);
    frames.remember(kind, delivery);
    Way way = way(host.id(), to.host().id());
    boolean lost = dice.chance(weather.loss);
    boolean twice = dice.chance(weather.doubling);
    if (!frames.holds(kind, delivery) && !way.isCut() && !lost) {
      boolean corrupts = frames.corruptsNow();
      send(way, corrupts ? () -> deliver(from, to, frames.corrupted(bytes)) : delivery);
      if (twice) {
        send(way, delivery);
      }
    }
    host.points().pass(point + 1);
  }

  private @Nullable Frame read(SimHost host, Bytes bytes) {
    try {
      return FrameCodec.decode(bytes);
    } catch (WireFailure e) {
      world.breaks("server " + host.id() + " sends what is no frame: " + e.getMessage());
      return null;
    }
  }

  private static void send(Way way, Runnable delivery) {
    if (way.isClogged()) {
      way.park(delivery);
    } else {
      delivery.run();
    }
  }

  private void deliver(SimLink from, SimLink to, Bytes frame) {
    long at = world.now() + delay();
    at = weather.inOrder ? to.notBefore(at) : at;
    world.at(at, to.host(), World.FRAME, () -> to.receives(frame), () -> reject(to, from));
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
}
