package io.balsa.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.host.FileDisk;
import io.balsa.host.TestDirectory;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.LogPosition;
import io.balsa.raft.Recovered;
import io.balsa.raft.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WalTest {
  private static final WalConfig CONFIG = new WalConfig(4096, 1 << 20);

  private final MemoryDisk disk = new MemoryDisk(1);
  private final RandomBatches script = new RandomBatches(new Random(1), 100);
  private ModelLog log = new ModelLog(RandomBatches.FIRST);

  @Test
  void aNewLogIsEmptyAndHasAnIdentity() throws IOException {
    try (Wal wal = open()) {
      assertThat(wal.recovered()).isEqualTo(Recovered.empty(RandomBatches.FIRST));
      assertThat(wal.identity()).isEqualTo(new Identity(77, 1, 4711, 1));
    }
  }

  @Test
  void kb49TheDisksNumberStaysAndBootsCount() throws IOException {
    for (int boot = 1; boot <= 300; boot++) {
      Identity other = new Identity(77, 1, boot, boot);
      try (Wal wal = Wal.open(disk, "wal", CONFIG, other, RandomBatches.FIRST)) {
        assertThat(wal.identity()).isEqualTo(new Identity(77, 1, 1, boot));
      }
      disk.powerCut();
    }
  }

  @Test
  void kb31WhatWriteReturnedFromSurvivesAPowerCut() throws IOException {
    for (int i = 0; i < 100; i++) {
      Wal wal = open();
      wal.write(List.of(vote(i + 1), script.append(log, 2, 10)));
      disk.powerCut();
    }
    assertThat(open().recovered().last()).isEqualTo(new LogPosition(200, 100));
  }

  @Test
  void nothingNewIsNotWritten() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(5)));
    long size = wal.sizeBytes();
    wal.write(List.of(vote(5)));
    wal.write(List.of());
    assertThat(wal.sizeBytes()).isEqualTo(size);
  }

  @Test
  void kb30AnEntryLargerThanASegmentGetsOneOfItsOwn() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(1), script.append(log, 1, 100_000)));
    wal.write(List.of(script.append(log, 1, 10)));
    wal.write(List.of(script.append(log, 3, 50_000)));
    assertThat(wal.read(1, 9, 1)).isEqualTo(log.between(0, 1));
    disk.powerCut();
    assertThat(open().read(1, 9, Integer.MAX_VALUE)).isEqualTo(log.between(0, 5));
  }

  @Test
  void kb42AfterAFailedForceTheLogTakesNothingMore() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(1), script.append(log, 3, 100)));
    disk.failForce();
    assertThatThrownBy(() -> wal.write(List.of(script.append(log, 3, 100))))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> wal.write(List.of(script.append(log, 3, 100))))
        .hasMessageContaining("has failed before");
    assertThatThrownBy(() -> wal.compact(1)).hasMessageContaining("has failed before");
    assertThat(wal.read(1, 9, Integer.MAX_VALUE)).isEqualTo(log.between(0, 3));
  }

  @Test
  void kb42WhatIsFoundAfterAFailedForceIsWrittenAgainBeforeItCounts() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(1)));
    disk.failForce();
    assertThatThrownBy(() -> wal.write(List.of(script.append(log, 3, 1_000))))
        .isInstanceOf(IOException.class);
    disk.restart();
    assertThat(open().recovered().last().index()).isEqualTo(3);
    disk.powerCut();
    assertThat(open().read(1, 9, Integer.MAX_VALUE)).isEqualTo(log.between(0, 3));
  }

  @Test
  void kb45AFullDiskLosesNothingAndIsWrittenAgainWhenThereIsSpace() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(1)));
    disk.space(3_000);
    assertThatThrownBy(wal::prepareSpare).hasMessageContaining("no space");
    disk.space(5_000);
    IOException full = null;
    while (full == null) {
      ModelLog longer = log.copy();
      try {
        wal.write(List.of(script.append(longer, 1, 700)));
        log = longer;
      } catch (IOException e) {
        full = e;
      }
    }
    assertThat(full).hasMessageContaining("no space");
    assertThat(disk.list("wal")).allMatch(name -> name.endsWith(".wal"));
    disk.powerCut();
    disk.space(1 << 20);
    Wal again = open();
    assertThat(again.read(1, 99, Integer.MAX_VALUE)).isEqualTo(log.between(0, 99)).isNotEmpty();
    again.write(List.of(script.append(log, 5, 700)));
  }

  @Test
  void anOverwrittenEntryIsGoneAtOnceAndForGood() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(1), script.append(log, 9, 10)));
    Entry other = new Entry(4, 2, Entry.Kind.NO_OP, Bytes.EMPTY);
    wal.write(List.of(new Effect.Persist(2, 2, 0, List.of(other))));
    assertThat(wal.read(4, 9, Integer.MAX_VALUE)).containsExactly(other);
    Recovered recovered = reopen(wal).recovered();
    assertThat(recovered.last()).isEqualTo(other.position());
    assertThat(recovered.terms()).containsExactly(new LogPosition(1, 1), other.position());
    assertThat(recovered.recent()).hasSize(4).endsWith(other);
  }

  @Test
  void aResetForgetsTheEntriesAndKeepsTermAndVote() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(7), script.append(log, 9, 10)));
    Snapshot snapshot = new Snapshot(50, 6, Configuration.of(List.of(1L)));
    wal.write(List.of(new Effect.Reset(3, snapshot)));
    assertThat(wal.read(1, 99, Integer.MAX_VALUE)).isEmpty();
    Recovered recovered = reopen(wal).recovered();
    assertThat(recovered.start()).isEqualTo(snapshot);
    assertThat(recovered.last()).isEqualTo(snapshot.position());
    assertThat(recovered.term()).isEqualTo(7);
    assertThat(recovered.votedFor()).isEqualTo(2);
  }

  @Test
  void compactingDropsWholeSegmentsAndNeverTheOneWritten() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(1)));
    for (int i = 0; i < 100; i++) {
      wal.write(List.of(script.append(log, 1, 400)));
    }
    int segments = disk.list("wal").size();
    long size = wal.sizeBytes();
    long start = wal.compact(50);
    assertThat(start).isBetween(40L, 50L);
    assertThat(disk.list("wal").size()).isBetween(segments / 3, segments - 1);
    assertThat(wal.sizeBytes()).isBetween(size / 3, size - 1);
    assertThat(wal.read(start, 100, Integer.MAX_VALUE)).isEmpty();
    assertThat(wal.read(start + 1, 100, Integer.MAX_VALUE)).isEqualTo(log.between(start, 100));
    wal.compact(wal.compactableKeeping(10_000));
    assertThat(wal.sizeBytes()).isBetween(10_000L, 16_000L);
    wal.compact(100);
    assertThat(disk.list("wal")).hasSize(1);
    assertThat(reopen(wal).recovered().start().index()).isBetween(90L, 100L);
  }

  @Test
  void aSpareIsTakenAndItsBytesAreZeros() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(1)));
    wal.prepareSpare();
    wal.prepareSpare();
    assertThat(disk.list("wal")).containsExactly("0000000000000001.wal", "spare");
    disk.space(0);
    for (int i = 0; i < 12; i++) {
      wal.write(List.of(script.append(log, 1, 400)));
    }
    assertThat(disk.list("wal")).containsExactly("0000000000000001.wal", "0000000000000002.wal");
  }

  @Test
  void kb38LeftoversOfEarlierCrashesAreRemoved() throws IOException {
    open().close();
    disk.create("wal/spare").close();
    disk.create("wal/urgent").close();
    open().close();
    assertThat(disk.list("wal")).containsExactly("0000000000000001.wal");
  }

  @Test
  void kb40ACrashAtAnyStepOfTheFirstOpeningIsHarmless() throws IOException {
    for (int seed = 0; seed < 50; seed++) {
      for (int step = 0; step < 20; step++) {
        MemoryDisk fresh = new MemoryDisk(seed);
        fresh.cutPowerIn(step);
        try {
          Wal.open(fresh, "wal", CONFIG, RandomBatches.IDENTITY, RandomBatches.FIRST).close();
        } catch (MemoryDisk.PowerCut _) {
          fresh.powerCut();
        }
        fresh.restart();
        Wal wal = Wal.open(fresh, "wal", CONFIG, RandomBatches.IDENTITY, RandomBatches.FIRST);
        assertThat(wal.recovered()).isEqualTo(Recovered.empty(RandomBatches.FIRST));
      }
    }
  }

  @Test
  void aReaderInADroppedSegmentIsNotDisturbed() throws IOException {
    Wal wal = open();
    wal.write(List.of(vote(1)));
    for (int i = 0; i < 30; i++) {
      wal.write(List.of(script.append(log, 1, 400)));
    }
    Thread compacting =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    wal.compact(30);
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                });
    long read = 0;
    while (compacting.isAlive() || read == 0) {
      List<Entry> entries = wal.read(1, 30, Integer.MAX_VALUE);
      assertThat(entries).isEqualTo(log.between(0, entries.size()));
      read++;
    }
    assertThat(wal.read(1, 30, Integer.MAX_VALUE)).isEmpty();
  }

  @Test
  void aSegmentBelowTheSmallestIsRefused() {
    assertThatThrownBy(() -> new WalConfig(4095, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 4096");
  }

  @Test
  void itWorksOnARealDisk() throws IOException {
    FileDisk real = new FileDisk(TestDirectory.fresh());
    WalConfig config = new WalConfig(1 << 16, 1 << 20);
    for (int run = 0; run < 5; run++) {
      try (Wal wal = Wal.open(real, "wal", config, RandomBatches.IDENTITY, RandomBatches.FIRST)) {
        assertThat(wal.recovered().last()).isEqualTo(log.last());
        assertThat(log.endsWith(wal.recovered().recent())).isTrue();
        wal.prepareSpare();
        wal.write(List.of(vote(run + 1)));
        for (int i = 0; i < 50; i++) {
          wal.write(List.of(script.append(log, 5, 300)));
        }
        long start = wal.compact(wal.compactableKeeping(100_000));
        assertThat(wal.read(start + 1, Long.MAX_VALUE, Integer.MAX_VALUE))
            .isEqualTo(log.between(start, Long.MAX_VALUE));
      }
    }
  }

  private Wal open() throws IOException {
    return Wal.open(disk, "wal", CONFIG, RandomBatches.IDENTITY, RandomBatches.FIRST);
  }

  private Wal reopen(Wal wal) throws IOException {
    wal.close();
    disk.powerCut();
    return open();
  }

  private Effect vote(long term) {
    Effect vote = new Effect.Persist(1, term, 2, List.of());
    log.write(vote);
    return vote;
  }
}
