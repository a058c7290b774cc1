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

/** The network between all machines: its links, paths and faults. */
final class SimNetwork {
  /** Observes every frame that a machine sends. */
  interface Observer {
    /** A machine sends a frame, which may not arrive. */
    void leaves(SimHost from, long to, Frame frame, Bytes bytes);

    /** A frame arrives at a machine. */
    default void arrives(SimHost at, long from) {}
  }

  /**
   * The faults of all frames.
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

  /** More than the largest id of a machine. */
  private static final int IDS = 16;

  private final World world;
  private final SimDice dice;
  private final Observer observer;
  private final Interception frames;
  private final TreeMap<String, SimPort> listening = new TreeMap<>();
  private final List<SimLink> open = new ArrayList<>();
  private final NetworkPath[] ways = new NetworkPath[IDS * IDS];
  private Weather weather = Weather.FAIR;

  SimNetwork(World world, SimDice dice, Observer observer) {
    this.world = world;
    this.dice = dice;
    this.observer = observer;
    this.frames = new Interception(world, dice, this::cutOff);
    for (int i = 0; i < ways.length; i++) {
      ways[i] = new NetworkPath();
    }
  }

  World world() {
    return world;
  }

  void weather(Weather now) {
    weather = now;
  }

  /** The faults of single frames. */
  Interception frames() {
    return frames;
  }

  /** The path from one machine to another. */
  NetworkPath way(long from, long to) {
    return ways[(int) from * IDS + (int) to];
  }

  /** Heals all paths, and delivers the frames held back. */
  void heal() {
    frames.heal();
    for (NetworkPath way : ways) {
      way.heal().forEach(Runnable::run);
    }
  }

  /** Frees a path, unless another fault clogs it. */
  void unclog(long from, long to) {
    List<Runnable> free = way(from, to).unclog();
    if (!free.isEmpty()) {
      world.marks().hit(Mark.FRAMES_RELEASED_FROM_CLOG);
      free.forEach(Runnable::run);
    }
  }

  /** Reconnects a machine that was cut off when its frame was waited for. */
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

  /** A machine accepts links from now on. */
  void listens(SimPort port) {
    listening.put(addressOf(port.host().id()), port);
  }

  /** A machine accepts no more links, and ends its own. */
  void closed(SimPort port) {
    listening.remove(addressOf(port.host().id()), port);
    for (SimLink link : List.copyOf(open)) {
      if (link.host() == port.host()) {
        link.close();
      }
    }
  }

  /** The port that listens at an address; null for none. */
  @Nullable SimPort at(String address) {
    return listening.get(address);
  }

  /** The number of greeted links between two machines, as the first sees it. */
  int openLinks(long one, long other) {
    int count = 0;
    for (SimLink link : open) {
      boolean between = link.host().id() == one && link.peer().host().id() == other;
      count += between && link.isGreeted() ? 1 : 0;
    }
    return count;
  }

  /** The number of open link ends. */
  int openLinks() {
    return open.size();
  }

  /** A process died; its peers notice, unless the machine died with it. */
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

  /** Breaks one open link, if any, for both sides. */
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

  /** Carries a frame from one end of a link to the other. */
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
    NetworkPath way = way(host.id(), to.host().id());
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
      world.breaks("server " + host.id() + " sends bytes that are no frame: " + e.getMessage());
      return null;
    }
  }

  private static void send(NetworkPath way, Runnable delivery) {
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

  /** The receiver is gone: its machine answers with a reset. */
  private void reject(SimLink dead, SimLink sender) {
    boolean rebooted = listening.containsKey(addressOf(dead.host().id()));
    if (rebooted && !isCut(dead.host().id(), sender.host().id())) {
      tellOfEnd(dead, "connection reset");
    }
  }

  /** Tells the other end of a link that this one has ended, if the path is free. */
  void tellOfEnd(SimLink gone, String reason) {
    SimLink other = gone.peer();
    if (!isCut(gone.host().id(), other.host().id())) {
      world.at(world.now() + delay(), other.host(), "closed", () -> other.ended(reason), null);
    }
  }
}
