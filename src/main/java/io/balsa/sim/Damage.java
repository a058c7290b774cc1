package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.Member;
import io.balsa.node.Node;
import io.balsa.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * Damages data at rest on disks. Only a minority of the machines, chosen at the start, ever loses
 * forced data. So the others are a majority, and every committed entry has a good copy on one of
 * their disks. This class records which entries it damages, so that their repair can be checked.
 */
final class Damage {
  /** In this time, a server surely makes the identity of another server's disk durable. */
  private static final long KNOWN_FOR_NANOS = 5_000_000_000L;

  /** A batch of records in a file. */
  private record Batch(String path, SimFile file, int offset, int end) {}

  /** A command in a log file. */
  private record Place(SimFile file, LogRecords.Found record) {}

  private final World world;
  private final List<SimServer> servers;
  private final TreeSet<Long> expendable = new TreeSet<>();
  private final long[] knownSince;

  Damage(World world, List<SimServer> servers, SimDice dice) {
    this.world = world;
    this.servers = servers;
    this.knownSince = new long[servers.size() + 1];
    while (expendable.size() < (servers.size() - 1) / 2) {
      expendable.add(dice.pick(servers).id());
    }
  }

  /** The servers that may lose data and whose disks were not wiped. */
  private List<SimServer> victims() {
    return servers.stream()
        .filter(server -> expendable.contains(server.id()) && !server.isLost())
        .toList();
  }

  /**
   * Damages a disk.
   *
   * @return whether there was data to damage
   */
  boolean happen(Fault fault, SimDice own) {
    List<SimServer> victims = victims();
    if (victims.isEmpty()) {
      return false;
    }
    SimServer victim = own.pick(victims);
    boolean done =
        switch (fault) {
          case BIT_ROT -> rotEntry(victim, own);
          case FILE_ROT -> rotFile(victim, own);
          case LOST_WRITE -> loseWrite(victim, own);
          case MISDIRECTED_WRITE -> misdirect(victim, own);
          case WIPED_DISK -> wipe(victim);
          default -> throw new IllegalArgumentException(fault + " damages nothing");
        };
    if (done && fault != Fault.WIPED_DISK && fault != Fault.BIT_ROT) {
      victim.disk().faults().damaged();
    }
    return done;
  }

  private boolean rotEntry(SimServer victim, SimDice own) {
    List<Place> places = new ArrayList<>();
    for (Batch batch : forcedBatches(victim)) {
      LogRecords.read(
          batch.file.durable(),
          batch.offset,
          record -> {
            if (record.offset() < batch.end && record.isCommand() && record.payloadBytes() > 0) {
              places.add(new Place(batch.file, record));
            }
          });
    }
    if (places.isEmpty()) {
      return false;
    }
    Place place = own.pick(places);
    int from = place.record.offset() + LogRecords.HEADER_BYTES;
    int at = from + own.below(place.record.payloadBytes());
    flip(place.file, at, own);
    LogPosition entry = new LogPosition(place.record.index(), place.record.term());
    victim.disk().faults().damaged(entry, place.file, at);
    return true;
  }

  private static void flip(SimFile file, int at, SimDice own) {
    byte flipped = (byte) (file.durable().at(at) ^ (1 << own.below(8)));
    file.damage(at, Bytes.of(flipped));
  }

  private boolean rotFile(SimServer victim, SimDice own) {
    List<SimFile> stores = new ArrayList<>();
    victim
        .disk()
        .files(
            (_, file) -> {
              if (file.place() == CrashPoint.Place.STORE && file.durable().size() > 0) {
                stores.add(file);
              }
            });
    if (!stores.isEmpty() && own.chance(0.5)) {
      SimFile file = own.pick(stores);
      flip(file, own.below(file.durable().size()), own);
      return true;
    }
    List<Batch> batches = forcedBatches(victim);
    if (batches.isEmpty()) {
      return false;
    }
    Batch batch = own.pick(batches);
    flip(batch.file, batch.offset + own.below(batch.end - batch.offset), own);
    return true;
  }

  private boolean loseWrite(SimServer victim, SimDice own) {
    List<Batch> batches = forcedBatches(victim);
    if (batches.isEmpty()) {
      return false;
    }
    erase(own.pick(batches));
    return true;
  }

  private static void erase(Batch batch) {
    batch.file.damage(batch.offset, Bytes.wrap(new byte[batch.end - batch.offset]));
  }

  private boolean misdirect(SimServer victim, SimDice own) {
    List<Batch> batches = forcedBatches(victim);
    if (batches.size() < 2) {
      return false;
    }
    Batch meant = batches.get(own.below(batches.size()));
    Batch hit = batches.get(own.below(batches.size()));
    if (meant.equals(hit)) {
      return false;
    }
    int bytes = Math.min(meant.end - meant.offset, hit.end - hit.offset);
    Bytes data = meant.file.durable().slice(meant.offset, meant.offset + bytes);
    hit.file.damage(hit.offset, data);
    erase(meant);
    return true;
  }

  /** Batches of the log that are certainly forced, because a later batch follows. */
  private List<Batch> forcedBatches(SimServer server) {
    List<Batch> batches = new ArrayList<>();
    server
        .disk()
        .files(
            (path, file) -> {
              if (file.place() == CrashPoint.Place.SEGMENT) {
                addBatches(batches, path, file);
              }
            });
    int proofs = 3;
    return batches.size() <= proofs
        ? List.of()
        : List.copyOf(batches.subList(0, batches.size() - proofs));
  }

  private static void addBatches(List<Batch> batches, String path, SimFile file) {
    List<LogRecords.Found> records = new ArrayList<>();
    LogRecords.read(file.durable(), 0, records::add);
    int from = 0;
    for (int i = 0; i < records.size(); i++) {
      LogRecords.Found record = records.get(i);
      boolean last = i == records.size() - 1 || records.get(i + 1).batch() != record.batch();
      if (last) {
        batches.add(new Batch(path, file, from, record.end()));
        from = record.end();
      }
    }
  }

  /** Finds the disks that all servers have known for long; called from time to time. */
  void look() {
    for (SimServer server : servers) {
      boolean known = servers.stream().allMatch(other -> knows(other, server.id()));
      int id = (int) server.id();
      knownSince[id] = known ? (knownSince[id] == 0 ? world.now() : knownSince[id]) : 0;
    }
  }

  private static boolean knows(SimServer server, long id) {
    Node node = server.node();
    return node != null
        && node.status().members().stream()
            .anyMatch(member -> member.id() == id && hasDisk(member));
  }

  private static boolean hasDisk(Member member) {
    return member.disk() != 0;
  }

  /** Wipes a disk, but only if all others would recognize that the new disk is another one. */
  private boolean wipe(SimServer victim) {
    long since = knownSince[(int) victim.id()];
    if (since == 0 || world.now() - since < KNOWN_FOR_NANOS) {
      return false;
    }
    victim.die(Survival.NONE, true);
    victim.wipe();
    victim.restartAfter(100_000_000);
    return true;
  }
}
