package io.balsa.wal;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.house.SharesCores;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Snapshot;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A damaged log becomes byte for byte what it was, or nothing of it is changed. */
@SharesCores
class WalRepairTest {
  private static final WalConfig CONFIG = new WalConfig(4096, 0);

  private final MemoryDisk disk = new MemoryDisk(1);
  private final ModelLog log = new ModelLog(RandomBatches.FIRST);
  private Map<String, Bytes> whole = Map.of();

  /** Batches of one or two entries in several segments, two terms, a second start, and a seal. */
  @BeforeEach
  void write() throws IOException {
    RandomBatches script = new RandomBatches(new Random(1), 100);
    try (Wal wal = open(disk)) {
      wal.write(List.of(vote(3, 2)));
      for (int i = 0; i < 12; i++) {
        wal.write(List.of(script.append(log, 1 + i % 2, 250)));
      }
    }
    try (Wal wal = open(disk)) {
      wal.write(List.of(vote(5, 1)));
      for (int i = 0; i < 12; i++) {
        wal.write(List.of(script.append(log, 1 + i % 2, 250)));
      }
      wal.seal();
    }
    whole = disk.image();
    assertThat(disk.exists("wal/0000000000000003.wal")).isTrue();
  }

  private Effect vote(long term, long votedFor) {
    Effect vote = new Effect.Persist(1, term, votedFor, List.of());
    log.write(vote);
    return vote;
  }

  private static Wal open(MemoryDisk on) throws IOException {
    return Wal.open(on, "wal", CONFIG, RandomBatches.IDENTITY, RandomBatches.FIRST);
  }

  private static @Nullable WalRepair repair(MemoryDisk on) throws IOException {
    return WalRepair.of(on, "wal", RandomBatches.IDENTITY, RandomBatches.FIRST);
  }

  /** Repairs with what another server has; whether all could be repaired. */
  private boolean isRepaired(MemoryDisk damaged, List<Entry> others) throws IOException {
    try (WalRepair repair = repair(damaged)) {
      if (repair == null) {
        return false;
      }
      repair.take(List.of());
      if (!repair.isWhole()) {
        List<Long> wanted = repair.wanted();
        repair.take(others.stream().filter(entry -> wanted.contains(entry.index())).toList());
      }
      return repair.isWhole();
    }
  }

  private List<Entry> all() {
    return log.between(0, Long.MAX_VALUE);
  }

  @Test
  void kb37ABitFlippedAnywhereButInTheFirstRecordIsRepaired() throws IOException {
    int repaired = 0;
    for (String path : List.of(segment(1), segment(2), segment(3))) {
      int end = endOf(disk.bytes(path));
      for (int at = 0; at < end; at++) {
        MemoryDisk flipped = disk.copy();
        flipped.bytes(path)[at] ^= (byte) (1 << (at % 8));
        if (isRepaired(flipped, all())) {
          assertThat(flipped.image()).as("%s at %d", path, at).isEqualTo(whole);
          repaired++;
        } else {
          boolean first = path.equals(segment(1)) && at < 200;
          boolean seal = path.equals(newest()) && at >= end - 48;
          assertThat(first || seal).as("%s at %d", path, at).isTrue();
        }
      }
    }
    assertThat(repaired).isGreaterThan(9000);
  }

  @Test
  void kb37AHoleOfZerosIsRepaired() throws IOException {
    for (String path : List.of(segment(1), segment(2), segment(3))) {
      int end = endOf(disk.bytes(path));
      for (int at = 512; at + 512 < end - 48; at += 512) {
        MemoryDisk holed = disk.copy();
        Arrays.fill(holed.bytes(path), at, at + 512, (byte) 0);
        assertThat(isRepaired(holed, all())).as("%s at %d", path, at).isTrue();
        assertThat(holed.image()).as("%s at %d", path, at).isEqualTo(whole);
      }
    }
  }

  @Test
  void entriesThatAreNotThoseThatStoodThereAreNotTaken() throws IOException {
    List<Entry> others =
        all().stream()
            .map(e -> new Entry(e.index(), e.term(), e.kind(), Bytes.wrap(new byte[250])))
            .toList();
    List<Entry> later =
        all().stream().map(e -> new Entry(e.index(), e.term() + 1, e.kind(), e.payload())).toList();
    for (int at = 600; at < 3500; at += 7) {
      MemoryDisk flipped = disk.copy();
      flipped.bytes(segment(2))[at] ^= 1;
      Map<String, Bytes> image = flipped.image();
      if (!isRepaired(flipped, List.of())) {
        assertThat(isRepaired(flipped, others)).isFalse();
        assertThat(isRepaired(flipped, later)).isFalse();
        assertThat(flipped.image()).isEqualTo(image);
      }
    }
  }

  /** After the repair the log opens as if nothing had been, and goes on. */
  @Test
  void aRepairedLogGoesOn() throws IOException {
    disk.bytes(segment(1))[1000] ^= 1;
    disk.bytes(segment(2))[1000] ^= 1;
    assertThat(isRepaired(disk, all())).isTrue();
    try (Wal wal = open(disk)) {
      assertThat(wal.recovered().term()).isEqualTo(5);
      assertThat(wal.recovered().votedFor()).isEqualTo(1);
      assertThat(wal.read(1, Long.MAX_VALUE, Integer.MAX_VALUE)).isEqualTo(all());
    }
  }

  @Test
  void whatIsGoodOfADamagedLogIsReadForOthers() throws IOException {
    disk.bytes(segment(1))[1000] ^= 1;
    try (WalRepair repair = repair(disk)) {
      assertThat(repair).isNotNull();
      List<Long> missing = repair.wanted();
      assertThat(missing).hasSize(1);
      for (Entry entry : all()) {
        boolean good = entry.index() != missing.getFirst();
        assertThat(repair.read(entry.index())).isEqualTo(good ? List.of(entry) : List.of());
      }
      assertThat(repair.read(all().size() + 1)).isEmpty();
    }
  }

  @Test
  void aLogThatIsNotDamagedHasNothingToRepair() throws IOException {
    assertThat(repair(disk)).isNull();
  }

  /** Sealed, the last batch is known to have been forced. */
  @Test
  void theLastBatchBeforeASealIsNotTakenForATornOne() throws IOException {
    byte[] last = disk.bytes(newest());
    last[endOf(last) - 100] ^= 1;
    assertThat(isRepaired(disk, List.of())).isFalse();
    assertThat(isRepaired(disk, all())).isTrue();
    assertThat(disk.image()).isEqualTo(whole);
  }

  /** A power cut in the midst of the repair leaves what can be repaired again. */
  @Test
  void kb38ARepairCutShortIsDoneAgain() throws IOException {
    for (int cut = 0; cut < 6; cut++) {
      MemoryDisk damaged = disk.copy();
      damaged.bytes(segment(1))[1000] ^= 1;
      damaged.bytes(segment(2))[1000] ^= 1;
      damaged.cutPowerIn(cut);
      try {
        isRepaired(damaged, all());
      } catch (MemoryDisk.PowerCut _) {
        damaged.powerCut();
      }
      damaged.restart();
      assertThat(damaged.image().equals(whole) || isRepaired(damaged, all())).isTrue();
      assertThat(damaged.image()).isEqualTo(whole);
    }
  }

  /** The store holds all up to an entry, and nobody has those before it any more. */
  @Test
  void aLogBeginsAnewAfterWhatTheStoreHolds() throws IOException {
    Entry damaged = damageAnEntryOf(segment(2));
    Entry last = all().getLast();
    for (Entry applied : List.of(damaged, all().get(all().size() - 3), last)) {
      MemoryDisk copy = disk.copy();
      assertThat(beginsAfter(copy, applied)).isTrue();
      assertBeginsAfter(copy, applied);
    }
    Entry before = all().get((int) damaged.index() - 2);
    Map<String, Bytes> image = disk.image();
    assertThat(beginsAfter(disk, before)).isFalse();
    assertThat(disk.image()).isEqualTo(image);
  }

  @Test
  void kb38ABeginningCutShortIsMadeAgain() throws IOException {
    Entry applied = damageAnEntryOf(segment(2));
    for (int cut = 0; cut < 40; cut++) {
      MemoryDisk copy = disk.copy();
      copy.cutPowerIn(cut);
      try {
        beginsAfter(copy, applied);
      } catch (MemoryDisk.PowerCut _) {
        copy.powerCut();
      }
      copy.restart();
      try (WalRepair repair = repair(copy)) {
        if (repair != null) {
          assertThat(repair.beginAfter(snapshot(applied))).isTrue();
        }
      }
      assertBeginsAfter(copy, applied);
    }
  }

  private void assertBeginsAfter(MemoryDisk on, Entry applied) throws IOException {
    try (Wal wal = open(on)) {
      assertThat(wal.recovered().start().index()).isEqualTo(applied.index());
      assertThat(wal.recovered().term()).isEqualTo(5);
      assertThat(wal.recovered().votedFor()).isEqualTo(1);
      assertThat(wal.recovered().last()).isEqualTo(log.last());
      assertThat(wal.identity().boot()).isGreaterThanOrEqualTo(3);
      assertThat(wal.read(applied.index() + 1, Long.MAX_VALUE, Integer.MAX_VALUE))
          .isEqualTo(log.between(applied.index(), Long.MAX_VALUE));
    }
  }

  private boolean beginsAfter(MemoryDisk on, Entry applied) throws IOException {
    try (WalRepair repair = repair(on)) {
      return repair != null && repair.beginAfter(snapshot(applied));
    }
  }

  private static Snapshot snapshot(Entry applied) {
    return new Snapshot(applied.index(), applied.term(), RandomBatches.FIRST);
  }

  /** Damages the payload of an entry, and says of which. */
  private Entry damageAnEntryOf(String path) throws IOException {
    for (int at = 600; ; at++) {
      disk.bytes(path)[at] ^= 1;
      try (WalRepair repair = repair(disk)) {
        if (repair != null && repair.wanted().size() == 1 && !repair.take(List.of())) {
          long index = repair.wanted().getFirst();
          return all().stream().filter(e -> e.index() == index).findFirst().orElseThrow();
        }
      }
      disk.bytes(path)[at] ^= 1;
    }
  }

  private String newest() {
    return "wal/" + disk.list("wal").stream().filter(n -> n.endsWith(".wal")).toList().getLast();
  }

  private static String segment(int number) {
    return "wal/%016x.wal".formatted(number);
  }

  private static int endOf(byte[] segment) {
    int end = segment.length;
    while (segment[end - 1] == 0) {
      end--;
    }
    return (end + 7) & -8;
  }
}
