package io.balsa.node.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.balsa.bytes.Bytes;
import io.balsa.host.DiskFile;
import io.balsa.host.MapDisk;
import java.io.EOFException;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A restored cluster has an id of its own, and a restore that was cut off is known. */
class OriginTest {
  private static final long DERIVED = 0x1111L;

  private final MapDisk disk = new MapDisk();
  private final Origin origin = new Origin(disk);

  /** A digest of 32 bytes that begins with a number. */
  private static Bytes digest(int first) {
    byte[] digest = new byte[32];
    digest[7] = (byte) first;
    digest[31] = 99;
    return Bytes.wrap(digest);
  }

  private static long restored(int first) throws IOException {
    Origin origin = new Origin(new MapDisk());
    origin.begin();
    origin.end(digest(first));
    return origin.clusterId(DERIVED);
  }

  @Test
  void withoutARestoreTheIdIsTheDerivedOne() throws IOException {
    assertThat(origin.clusterId(DERIVED)).isEqualTo(DERIVED);
    assertThat(origin.isUnderWay()).isFalse();
  }

  @Test
  void theBackupsDigestChangesTheId() throws IOException {
    assertThat(restored(3)).isEqualTo(DERIVED ^ 3);
  }

  @Test
  void serversThatRestoreTheSameBackupAgreeAndOthersDiffer() throws IOException {
    assertThat(restored(3)).isEqualTo(restored(3)).isNotEqualTo(restored(4));
  }

  @Test
  void aRestoreIsUnderWayFromItsBeginToItsEnd() throws IOException {
    origin.begin();
    assertThat(origin.isUnderWay()).isTrue();
    origin.end(digest(3));
    assertThat(origin.isUnderWay()).isFalse();
  }

  @Test
  void aPowerCutAfterTheBeginIsSeen() throws IOException {
    for (MapDisk.Survivors survivors : MapDisk.Survivors.values()) {
      MapDisk cut = new MapDisk();
      new Origin(cut).begin();
      cut.cutPower(survivors);
      assertThat(new Origin(cut).isUnderWay()).isTrue();
    }
  }

  /** A server that forgot its restore would take part in the old cluster. */
  @Test
  void aPowerCutAtTheEndNeverLeavesARestoredDirectoryWithTheOldId() throws IOException {
    for (MapDisk.AfterCut cut :
        MapDisk.cuts(disk -> new Origin(disk).begin(), disk -> new Origin(disk).end(digest(3)))) {
      Origin after = new Origin(cut.disk());
      if (!after.isUnderWay()) {
        assertThat(after.clusterId(DERIVED)).isEqualTo(DERIVED ^ 3);
      }
      assertThat(cut.whole() && after.isUnderWay()).isFalse();
    }
  }

  @Test
  void aDigestThatWasCutOffIsNotTakenForAnId() throws IOException {
    origin.begin();
    origin.end(digest(3));
    try (DiskFile file = disk.open("origin")) {
      file.truncate(Long.BYTES - 1);
    }
    assertThatThrownBy(() -> origin.clusterId(DERIVED)).isInstanceOf(EOFException.class);
  }
}
