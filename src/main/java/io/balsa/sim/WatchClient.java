package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.Caller;
import io.balsa.model.Event;
import io.balsa.node.Node;
import io.balsa.watch.WatchAnswer;
import io.balsa.watch.WatchRequest;
import io.balsa.watch.WatchSink;
import io.balsa.watch.Watching;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that watches keys at one server after the other, and resumes at its next revision. Over
 * all servers, it must get each change once, in order and without a gap (etcd's watch guarantees).
 */
final class WatchClient {
  private static final long MILLISECOND = 1_000_000;

  /** Events from a revision on, without a gap. */
  private static final class Stretch {
    private final long from;
    private final List<Event> told = new ArrayList<>();
    private long until;

    Stretch(long from) {
      this.from = from;
      this.until = from - 1;
    }
  }

  private final World world;
  private final SimDice dice;
  private final Bytes key;
  private final List<Stretch> stretches = new ArrayList<>();
  private List<SimServer> servers;
  private @Nullable Stretch present;
  private @Nullable SimServer at;
  private int opened;
  private boolean calm;

  WatchClient(World world, List<SimServer> servers, int keys, SimDice dice) {
    this.world = world;
    this.servers = servers;
    this.dice = dice;
    this.key = dice.chance(0.5) ? Call.ALL : Bytes.utf8("k" + dice.below(keys));
  }

  void begin() {
    openLater();
  }

  /** From now on, the client watches at one of these servers. */
  void ask(List<SimServer> core) {
    servers = core;
    calm = true;
    if (at != null && !core.contains(at)) {
      opened++;
      openLater();
    }
  }

  private void openLater() {
    int number = ++opened;
    world.at(world.now() + dice.exponential(200 * MILLISECOND), "watch", () -> open(number));
  }

  private void open(int number) {
    SimServer server = dice.pick(servers);
    if (number != opened) {
      return;
    }
    if (server.node() == null || server.stops()) {
      openLater();
      return;
    }
    at = server;
    Consumer<String> lost =
        _ -> {
          if (number == opened) {
            openLater();
          }
        };
    server.waits(lost);
    world.at(world.now(), server.host(), "watches", () -> create(number, server.node()), null);
    if (!calm && dice.chance(0.5)) {
      long after = dice.exponential(5_000 * MILLISECOND);
      world.at(world.now() + after, "watch ends", () -> lost.accept("it has seen enough"));
    }
  }

  private void create(int number, @Nullable Node node) {
    if (number == opened && node != null) {
      Sink sink = new Sink(number);
      sink.watching = node.watch(sink);
      Stretch going = present;
      long from = going == null ? 0 : going.until + 1;
      Objects.requireNonNull(sink.watching).create(Caller.SERVER, request(from));
    }
  }

  private WatchRequest request(long from) {
    Bytes end = key.equals(Call.ALL) ? Call.ALL : Bytes.EMPTY;
    return new WatchRequest(key, end, from, 0, true, false, false, true, false);
  }

  /** Takes the answers of the stream. */
  private final class Sink implements WatchSink {
    private final int number;
    private @Nullable Watching watching;
    private final List<Event> parts = new ArrayList<>();
    private boolean full;

    Sink(int number) {
      this.number = number;
    }

    @Override
    public boolean isReady() {
      return !full;
    }

    @Override
    public void send(WatchAnswer answer) {
      if (number != opened) {
        Objects.requireNonNull(watching).close();
        return;
      }
      world.trace().note(world.now(), 0, "watch is told", answer);
      switch (answer) {
        case WatchAnswer.Created created -> created(created);
        case WatchAnswer.Told told -> told(told.batch().events());
        case WatchAnswer.Part part -> told(part);
        case WatchAnswer.Progress progress -> progress(progress.revision());
        case WatchAnswer.Compacted compacted -> compacted(compacted.compactRevision());
        case WatchAnswer.Refused _, WatchAnswer.Revoked _, WatchAnswer.Canceled _ ->
            world.breaks("a watch gets " + answer);
      }
    }

    /** The parts of a revision do not come to an end: the client resumes from that revision. */
    @Override
    public void end(End why) {
      world.expect(why == End.CUT_SHORT, () -> "a watch ends: " + why);
      if (number == opened) {
        openLater();
      }
    }

    /** A client gets a revision in parts when all its parts have arrived. */
    private void told(WatchAnswer.Part part) {
      if (part.first()) {
        parts.clear();
      }
      parts.addAll(part.batch().events());
      if (part.last()) {
        world.marks().hit(Mark.WATCH_IN_PARTS);
        told(List.copyOf(parts));
      }
    }

    private void told(List<Event> events) {
      Stretch stretch = Objects.requireNonNull(present, "a watch is created first");
      for (Event event : events) {
        world.expect(
            event.revision() > stretch.until,
            () -> "a watch gets an event twice, or late: " + event);
        stretch.told.add(event);
      }
      stretch.until = events.getLast().revision();
      if (dice.chance(0.05)) {
        Objects.requireNonNull(watching).progress();
      }
      SimServer server = at;
      if (dice.chance(0.1) && server != null && server.isUp()) {
        full = true;
        // in the quiet phase it must be fast enough to catch up, one event at a time
        long slowness = (calm ? 10 : 300) * MILLISECOND;
        long after = dice.exponential(slowness);
        world.at(world.now() + after, server.host(), "has room", this::hasRoom, null);
      }
    }

    private void hasRoom() {
      full = false;
      Objects.requireNonNull(watching).ready();
    }
  }

  private void created(WatchAnswer.Created created) {
    if (present == null) {
      begin(created.revision() + 1);
    } else {
      world.marks().hit(Mark.WATCH_GOES_ON);
    }
  }

  private void begin(long from) {
    Stretch stretch = new Stretch(from);
    stretches.add(stretch);
    present = stretch;
  }

  private void progress(long revision) {
    Stretch stretch = Objects.requireNonNull(present, "a watch is created first");
    world.marks().hit(Mark.WATCH_PROGRESS);
    stretch.until = Math.max(stretch.until, revision);
  }

  private void compacted(long revision) {
    world.marks().hit(Mark.WATCH_COMPACTED);
    begin(Math.max(revision, Objects.requireNonNull(present).until + 1));
    openLater();
  }

  /** The changes that the client has not got yet. */
  List<Replay.Change> missing(Replay replay) {
    Stretch last = present;
    return last == null ? List.of() : replay.changes(key, last.until + 1, replay.revision());
  }

  /** Checks all events against the changes of the store, up to the last one. */
  void hold(Replay replay) {
    for (Stretch stretch : stretches) {
      hold(stretch, replay);
    }
    List<Replay.Change> missing = missing(replay);
    world.expect(missing.isEmpty(), () -> "a watch never got " + missing);
  }

  private void hold(Stretch stretch, Replay replay) {
    List<Replay.Change> done = replay.changes(key, stretch.from, stretch.until);
    for (int i = 0; i < Math.max(done.size(), stretch.told.size()); i++) {
      Event told = i < stretch.told.size() ? stretch.told.get(i) : null;
      Replay.Change change = i < done.size() ? done.get(i) : null;
      if (told == null || change == null || !isSame(told, change, replay)) {
        world.breaks("a watch of " + key + " got " + told + ", but the change was " + change);
        return;
      }
    }
  }

  private static boolean isSame(Event told, Replay.Change change, Replay replay) {
    boolean forgotten = told.previous() == null && change.revision() <= replay.compacted();
    boolean same =
        change.kv() == null
            ? told.deleted() && told.kv().key().equals(change.key())
            : !told.deleted() && told.kv().equals(change.kv());
    return same
        && told.revision() == change.revision()
        && (forgotten || Objects.equals(told.previous(), change.before()));
  }
}
