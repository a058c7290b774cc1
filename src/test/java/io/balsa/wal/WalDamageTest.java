package io.balsa.wal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.balsa.bytes.Bytes;
import io.balsa.house.SharesCores;
import io.balsa.raft.Effect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is done about a log that is not as it was written. */
@SharesCores
class WalDamageTest {
  private static final WalConfig CONFIG = new WalConfig(4096, 0);
  private static final String FIRST = "wal/0000000000000001.wal";
  private static final String SECOND = "wal/0000000000000002.wal";
  private static final String THIRD = "wal/0000000000000003.wal";

  private final MemoryDisk disk = new MemoryDisk(1);
  private RandomBatches script = new RandomBatches(new Random(1), 100);
  private final ModelLog beforeLast = new ModelLog(RandomBatches.FIRST);

  /** Where the last batch begins in the third segment, and where it ends. */
  private long lastBatchAt;

  private long lastBatchEnd;

  /** Three segments, batches of two entries; the last batch stands in the third segment. */
  @BeforeEach
  void write() throws IOException {
    try (Wal wal = open(disk)) {
      ModelLog log = beforeLast;
      wal.write(List.of(vote(log)));
      while (!disk.exists(THIRD)) {
        wal.write(List.of(script.append(log, 2, 300)));
      }
      wal.write(List.of(script.append(log, 2, 300)));
      wal.write(List.of(script.append(log, 2, 300)));
      long before = wal.sizeBytes();
      wal.write(List.of(script.append(log.copy(), 2, 300)));
      lastBatchEnd = endOf(disk.bytes(THIRD));
      lastBatchAt = lastBatchEnd - (wal.sizeBytes() - before);
    }
  }

  @Test
  void kb37ABitFlippedInAnyEarlierRecordStopsTheServerAndChangesNothing() throws IOException {
    for (String path : List.of(FIRST, SECOND, THIRD)) {
      long end = path.equals(THIRD) ? lastBatchAt : endOf(disk.bytes(path));
      for (int at = 0; at < end; at++) {
        MemoryDisk flipped = flipped(path, at, at % 8);
        Map<String, Bytes> image = flipped.image();
        WalDamaged damage = catchThrowableOfType(WalDamaged.class, () -> open(flipped));
        assertThat(damage).as("%s at %d", path, at).isNotNull();
        assertThat(damage).hasMessageStartingWith("log segment " + path + " is damaged at offset ");
        assertThat(damage.getMessage()).doesNotContain("\n").contains("nothing was changed: ");
        assertThat(offsetIn(String.valueOf(damage.getMessage()))).isBetween(at - 400L, (long) at);
        assertThat(flipped.image()).isEqualTo(image);
      }
    }
  }

  @Test
  void kb36ABitFlippedInTheLastBatchCutsThatBatchAlone() throws IOException {
    for (long at = lastBatchAt; at < lastBatchEnd; at++) {
      assertGoesOnBeforeLast(flipped(THIRD, (int) at, (int) at % 8));
    }
  }

  @Test
  void kb36ALogCutAtAnyByteOfItsLastBatchGoesOn() throws IOException {
    for (int size = (int) lastBatchAt; size < lastBatchEnd; size++) {
      MemoryDisk cut = disk.copy();
      cut.truncate(THIRD, size);
      assertGoesOnBeforeLast(cut);
    }
  }

  @Test
  void aBitFlippedInTheZerosBehindALogHarmsNothing() throws IOException {
    for (String path : List.of(FIRST, SECOND, THIRD)) {
      for (int at = (int) endOf(disk.bytes(path)); at < 4096; at += 13) {
        MemoryDisk flipped = flipped(path, at, 3);
        try (Wal wal = open(flipped)) {
          assertThat(wal.recovered().last().index()).isEqualTo(beforeLast.last().index() + 2);
        }
        open(flipped).close();
      }
    }
  }

  @Test
  void kb37AnUnreadableSectorBeforeALaterBatchStopsTheServer() {
    disk.makeUnreadable(SECOND, 1024);
    assertThatThrownBy(() -> open(disk))
        .isInstanceOf(WalDamaged.class)
        .hasMessageContaining(SECOND);
  }

  @Test
  void anUnreadableSectorOfTheLastBatchIsATornTail() throws IOException {
    MemoryDisk copy = disk.copy();
    copy.makeUnreadable(THIRD, lastBatchEnd - 1);
    try (Wal wal = open(copy)) {
      assertThat(wal.recovered().last().index()).isLessThanOrEqualTo(beforeLast.last().index());
    }
  }

  @Test
  void kb37AHoleOfZerosBeforeALaterBatchStopsTheServer() {
    for (int at = 512; at + 512 <= lastBatchAt; at += 512) {
      MemoryDisk holed = disk.copy();
      Arrays.fill(holed.bytes(THIRD), at, at + 512, (byte) 0);
      assertThatThrownBy(() -> open(holed))
          .isInstanceOf(WalDamaged.class)
          .hasMessageContaining(THIRD);
    }
  }

  @Test
  void kb46ASegmentInThePlaceOfAnotherIsNoSegment() {
    System.arraycopy(disk.bytes(FIRST), 0, disk.bytes(SECOND), 0, 4096);
    assertThatThrownBy(() -> open(disk)).isInstanceOf(WalDamaged.class);
  }

  /** As after lost writes: what stands there was written there once, under the same numbers. */
  @Test
  void kb46RecordsOfAnotherHistoryInTheRightPlaceAreNotTaken() throws IOException {
    WalDamageTest other = new WalDamageTest();
    other.script = new RandomBatches(new Random(2), 100);
    other.write();
    byte[] stale = other.disk.bytes(THIRD);
    int batch = (int) (lastBatchEnd - lastBatchAt);
    for (int at = (int) lastBatchAt - batch; at > 0; at -= batch) {
      MemoryDisk mixed = disk.copy();
      System.arraycopy(stale, at, mixed.bytes(THIRD), at, stale.length - at);
      assertThatThrownBy(() -> open(mixed))
          .isInstanceOf(WalDamaged.class)
          .hasMessageContaining(THIRD + " is damaged at offset " + at);
    }
    MemoryDisk mixed = disk.copy();
    System.arraycopy(stale, 0, mixed.bytes(THIRD), 0, stale.length);
    assertThatThrownBy(() -> open(mixed)).isInstanceOf(WalDamaged.class);
  }

  @Test
  void aMissingSegmentIsNamed() throws IOException {
    disk.delete(SECOND);
    assertThatThrownBy(() -> open(disk))
        .isInstanceOf(WalDamaged.class)
        .hasMessageStartingWith("log segment " + SECOND + " is missing (offset 0)");
  }

  @Test
  void anEmptyOrShortSegmentBeforeALaterOneIsDamage() {
    for (int size : new int[] {0, 1, 47, 48, 100, 1000}) {
      MemoryDisk cut = disk.copy();
      cut.truncate(SECOND, size);
      assertThatThrownBy(() -> open(cut))
          .as("size %d", size)
          .isInstanceOf(WalDamaged.class)
          .hasMessageContaining(SECOND);
    }
  }

  @Test
  void aLogWithoutItsFirstSegmentsAndWithADamagedOneIsNotTakenForANewOne() throws IOException {
    disk.delete(FIRST);
    disk.delete(SECOND);
    disk.truncate(THIRD, 0);
    assertThatThrownBy(() -> open(disk)).isInstanceOf(WalDamaged.class).hasMessageContaining(THIRD);
  }

  @Test
  void anotherClustersLogIsRefusedUnchanged() {
    Map<String, Bytes> image = disk.image();
    for (Identity other : List.of(new Identity(78, 1, 0, 0), new Identity(77, 2, 0, 0))) {
      assertThatThrownBy(() -> Wal.open(disk, "wal", CONFIG, other, RandomBatches.FIRST))
          .isInstanceOf(WalForeign.class)
          .hasMessageContaining("belongs to member 1 of cluster 4d")
          .hasMessageEndingWith(
              ": check --data-dir, --name, --initial-cluster and --initial-cluster-token");
    }
    assertThat(disk.image()).isEqualTo(image);
  }

  @Test
  void anotherFormatIsRefusedUnchanged() {
    byte[] first = disk.bytes(FIRST);
    first[RecordFormatTest.VERSION_AT] = 2;
    RecordFormatTest.sealHeader(first, 0, 1, 0);
    Map<String, Bytes> image = disk.image();
    assertThatThrownBy(() -> open(disk))
        .isInstanceOf(WalForeign.class)
        .hasMessageContaining("is of format 2, this program knows format 1");
    assertThat(disk.image()).isEqualTo(image);
  }

  @Test
  void kb39AHugeLengthUnderARightChecksumIsDamageAndAllocatesNothing() {
    byte[] first = disk.bytes(FIRST);
    for (int length : new int[] {Integer.MAX_VALUE, -1, 1 << 30, 5000}) {
      ByteBuffer.wrap(first).putInt(RecordFormatTest.LENGTH_AT, length);
      RecordFormatTest.sealHeader(first, 0, 1, 0);
      assertThatThrownBy(() -> open(disk))
          .isInstanceOf(WalDamaged.class)
          .hasMessageContaining(FIRST + " is damaged at offset 0");
    }
  }

  private void assertGoesOnBeforeLast(MemoryDisk cut) throws IOException {
    ModelLog log = beforeLast.copy();
    for (int run = 0; run < 2; run++) {
      try (Wal wal = open(cut)) {
        assertThat(wal.recovered()).isEqualTo(log.recovered(0));
        assertThat(wal.read(1, Long.MAX_VALUE, Integer.MAX_VALUE))
            .isEqualTo(log.between(0, Long.MAX_VALUE));
        wal.write(List.of(script.append(log, 1, 20)));
      }
    }
  }

  private MemoryDisk flipped(String path, int at, int bit) {
    MemoryDisk copy = disk.copy();
    copy.bytes(path)[at] ^= (byte) (1 << bit);
    return copy;
  }

  private static Wal open(MemoryDisk disk) throws IOException {
    return Wal.open(disk, "wal", CONFIG, RandomBatches.IDENTITY, RandomBatches.FIRST);
  }

  private static Effect vote(ModelLog log) {
    Effect vote = new Effect.Persist(1, 3, 2, List.of());
    log.write(vote);
    return vote;
  }

  private static long endOf(byte[] segment) {
    int end = segment.length;
    while (segment[end - 1] == 0) {
      end--;
    }
    return (end + 7L) & -8;
  }

  private static long offsetIn(String message) {
    String after = message.substring(message.indexOf("offset ") + 7);
    return Long.parseLong(after, 0, after.indexOf(':'), 10);
  }
}
