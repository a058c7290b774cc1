package io.balsa.sim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.house.SharesCores;
import io.balsa.lanes.Outcome;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.node.NodeStatus;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Three servers with four committed entries, each damaged or not on each server: 4,096 placements.
 * A damaged entry is repaired exactly when one server has a good copy of it. If every entry has
 * one, all servers serve; otherwise none does.
 */
@SharesCores
class RepairPlacementsTest {
  private static final int SERVERS = 3;
  private static final int ENTRIES = 4;
  private static final long SECOND = 1_000_000_000;

  /** The time in which a repairable cluster must serve again. */
  private static final long REPAIR_NANOS = 5 * SECOND;

  /** The time after which a cluster beyond repair is checked. */
  private static final long SILENCE_NANOS = 2 * SECOND;

  /** The disks of three servers that were stopped after four writes. */
  private static final Map<Long, SimDisk> IMAGES = new TreeMap<>();

  private static final List<Entry> COMMITTED = new ArrayList<>();

  @BeforeAll
  static void writeFourEntries() {
    Simulate.quiet();
    Trial trial = new Trial();
    trial.servers.values().forEach(SimServer::start);
    trial.world.runUntil(2 * SECOND);
    for (int entry = 0; entry < ENTRIES; entry++) {
      Call put = new Call.Put(key(entry), value(entry));
      Objects.requireNonNull(Objects.requireNonNull(trial.servers.get(1L)).node())
          .proposeOwn(put.command(), _ -> {});
      trial.world.runUntil(trial.world.now() + SECOND);
    }
    assertThat(trial.world.broken()).isNull();
    trial.servers.forEach((id, server) -> IMAGES.put(id, server.disk().durableCopy()));
    trial.log.committed().forEach(committed -> COMMITTED.add(committed.entry()));
    assertThat(IMAGES.values()).allSatisfy(disk -> assertThat(placesIn(disk)).hasSize(ENTRIES));
  }

  private static Bytes key(int entry) {
    return Bytes.utf8("key-" + entry);
  }

  private static Bytes value(int entry) {
    return Bytes.utf8("value-" + entry);
  }

  @Test
  void everyPlacementOfDamagedEntriesIsRepairedOrRefused() {
    List<String> wrong =
        IntStream.range(0, 1 << (SERVERS * ENTRIES))
            .parallel()
            .mapToObj(RepairPlacementsTest::fault)
            .filter(Objects::nonNull)
            .toList();
    assertThat(wrong).isEmpty();
  }

  /** The failure of a placement; null for none. */
  private static @Nullable String fault(int placement) {
    Trial trial = new Trial();
    trial.restart(placement);
    String fault = trial.becomes(placement);
    return fault == null ? null : Integer.toBinaryString(placement) + ": " + fault;
  }

  private static boolean isDamaged(int placement, long server, int entry) {
    return (placement >> ((server - 1) * ENTRIES + entry) & 1) == 1;
  }

  private static boolean isLost(int placement, int entry) {
    return isDamaged(placement, 1, entry)
        && isDamaged(placement, 2, entry)
        && isDamaged(placement, 3, entry);
  }

  /** The place of an entry's payload. */
  private record Place(SimFile file, int offset) {}

  /** The places of the four writes in a log. */
  private static List<Place> placesIn(SimDisk disk) {
    List<Place> places = new ArrayList<>();
    disk.files(
        (_, file) ->
            LogRecords.read(
                file.durable(),
                0,
                found -> {
                  int at = found.offset() + LogRecords.HEADER_BYTES;
                  boolean put =
                      found.isCommand()
                          && file.place() == CrashPoint.Place.SEGMENT
                          && contains(
                              file.durable().slice(at, at + found.payloadBytes()), "value-");
                  if (put) {
                    places.add(new Place(file, at + found.payloadBytes() / 2));
                  }
                }));
    return places;
  }

  private static boolean contains(Bytes payload, String text) {
    return new String(payload.toArray(), ISO_8859_1).contains(text);
  }

  /** A cluster, with the checks of a simulation. */
  private static final class Trial {
    private final SimDice dice = new SimDice(17);
    private final World world = new World(new Trace(null), (_, _) -> {});
    private final LogWatch log = new LogWatch(world);
    private final Promises promises = new Promises(world, log);
    private final Map<Long, SimServer> servers = new TreeMap<>();
    private final LeaderWatch leaders = new LeaderWatch(world, servers);
    private final Map<Long, List<Place>> places = new TreeMap<>();
    private final SimNetwork network =
        new SimNetwork(world, dice.split(), new Wiretap(world, log, promises, leaders, servers));

    Trial() {
      Scenario scenario = Scenario.plain(SERVERS);
      for (long id : scenario.ids()) {
        servers.put(id, new SimServer(world, network, scenario, id, dice.split(), promises));
      }
    }

    /** Starts all servers with their images and the damage. */
    void restart(int placement) {
      long term = COMMITTED.getLast().term();
      log.tells(term, LogPosition.ZERO, COMMITTED);
      log.commits(term, COMMITTED.getLast().index());
      for (SimServer server : servers.values()) {
        server.disk().takeOver(Objects.requireNonNull(IMAGES.get(server.id())).durableCopy());
        server.durable().begin(Objects.requireNonNull(promises.recover(server)));
        List<Place> here = placesIn(server.disk());
        places.put(server.id(), here);
        for (int entry = 0; entry < ENTRIES; entry++) {
          if (isDamaged(placement, server.id(), entry)) {
            Place place = here.get(entry);
            byte good = place.file.durable().at(place.offset);
            place.file.damage(place.offset, Bytes.of((good ^ 1) & 0xff));
            server.disk().faults().damaged();
          }
        }
      }
      servers.values().forEach(SimServer::start);
    }

    @Nullable String becomes(int placement) {
      boolean lost =
          IntStream.range(0, ENTRIES)
              .anyMatch(entry -> RepairPlacementsTest.isLost(placement, entry));
      long until = world.now() + (lost ? SILENCE_NANOS : REPAIR_NANOS);
      while (world.now() < until && world.broken() == null && (lost || !serves())) {
        world.runUntil(world.now() + SECOND / 20);
      }
      if (world.broken() != null) {
        return world.broken();
      }
      String state = lost ? silence() : service();
      return state != null ? state : disks(placement);
    }

    /** Checks that no server serves, and all wait. */
    private @Nullable String silence() {
      for (SimServer server : servers.values()) {
        if (server.node() != null || !server.isRepairing()) {
          return "server " + server.id() + " does not wait for a good copy";
        }
      }
      return null;
    }

    private boolean serves() {
      List<NodeStatus> states = new ArrayList<>();
      for (SimServer server : servers.values()) {
        Node node = server.node();
        if (node == null || node.status().leader() == 0) {
          return false;
        }
        states.add(node.status());
      }
      NodeStatus first = states.getFirst();
      return states.stream()
          .allMatch(s -> s.applied() == first.applied() && s.hash() == first.hash());
    }

    /** Checks that all servers serve all entries. */
    private @Nullable String service() {
      if (!serves()) {
        return "not repaired in time";
      }
      List<String> faults = new ArrayList<>();
      for (SimServer server : servers.values()) {
        for (int entry = 0; entry < ENTRIES; entry++) {
          Bytes expected = value(entry);
          Objects.requireNonNull(server.node())
              .readOwn(
                  Call.range(key(entry)),
                  false,
                  outcome -> {
                    if (!holds(outcome, expected)) {
                      faults.add("server " + server.id() + " answers " + outcome);
                    }
                  });
        }
      }
      world.runUntil(world.now() + SECOND / 100);
      return faults.isEmpty() ? null : faults.getFirst();
    }

    private static boolean holds(Outcome outcome, Bytes value) {
      return outcome instanceof Outcome.Answered(Result.Range range, _)
          && range.kvs().size() == 1
          && range.kvs().getFirst().value().equals(value);
    }

    /** Checks that each entry is good everywhere, or damaged as before. */
    private @Nullable String disks(int placement) {
      for (SimServer server : servers.values()) {
        List<Place> whole = placesIn(Objects.requireNonNull(IMAGES.get(server.id())));
        for (int entry = 0; entry < ENTRIES; entry++) {
          Place place = Objects.requireNonNull(places.get(server.id())).get(entry);
          boolean good =
              place.file.durable().at(place.offset)
                  == whole.get(entry).file.durable().at(place.offset);
          if (good == RepairPlacementsTest.isLost(placement, entry)) {
            return "entry " + entry + " of server " + server.id() + " is good: " + good;
          }
        }
      }
      return null;
    }
  }
}
