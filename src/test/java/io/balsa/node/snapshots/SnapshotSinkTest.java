package io.balsa.node.snapshots;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.host.DiskFile;
import io.balsa.host.MapDisk;
import io.balsa.raft.Configuration;
import io.balsa.raft.Snapshot;
import io.balsa.wire.SnapshotCodec;
import io.balsa.wire.SnapshotManifest;
import io.balsa.wire.SnapshotManifest.Blob;
import java.io.IOException;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How the bytes of a snapshot become a state, and which bytes are thrown away. */
class SnapshotSinkTest {
  private static final Configuration MEMBERS = Configuration.of(List.of(1L));
  private static final Snapshot SNAPSHOT = new Snapshot(9, 2, MEMBERS);
  private static final Bytes FIRST = Bytes.utf8("the first file");
  private static final Bytes LAST = Bytes.utf8("the last file of the state");
  private static final Bytes WHOLE = head().concat(FIRST).concat(LAST);

  private final MapDisk disk = new MapDisk();
  private SnapshotSink sink;

  private static Bytes head() {
    return SnapshotCodec.encodeHead(
        new SnapshotManifest(List.of(blob("a", FIRST), blob("b", Bytes.EMPTY), blob("c", LAST))));
  }

  private static Blob blob(String name, Bytes content) {
    CRC32C crc = new CRC32C();
    crc.update(content.buffer());
    return new Blob(name, content.size(), (int) crc.getValue());
  }

  @BeforeEach
  void open() throws IOException {
    disk.createDirectory("state");
    sink = new SnapshotSink(disk, SNAPSHOT);
  }

  private void append(Bytes data, int step) throws IOException {
    for (int at = 0; at < data.size(); at += step) {
      int to = Math.min(data.size(), at + step);
      sink.append(data.slice(at, to));
      assertThat(sink.bytesHere()).isEqualTo(to);
    }
  }

  private static void assertWhole(MapDisk disk) throws IOException {
    assertThat(disk.list("state/9-2")).containsExactly("a", "b", "c");
    assertThat(disk.bytes("state/9-2/a")).isEqualTo(FIRST);
    assertThat(disk.bytes("state/9-2/b")).isEqualTo(Bytes.EMPTY);
    assertThat(disk.bytes("state/9-2/c")).isEqualTo(LAST);
  }

  @Test
  void partsOfAnySizeMakeTheState() throws IOException {
    for (int step : new int[] {1, 7, 64, WHOLE.size()}) {
      disk.delete("state/9-2");
      append(WHOLE, step);
      assertThat(sink.finish()).isTrue();
      assertWhole(disk);
      assertThat(disk.list("state")).containsExactly("9-2");
    }
  }

  @Test
  void aTransferGoesOnAfterARestart() throws IOException {
    int before = head().size() + 5;
    append(WHOLE.slice(0, before), 10);
    sink = new SnapshotSink(disk, SNAPSHOT);
    assertThat(sink.bytesHere()).isEqualTo(before);

    sink.append(WHOLE.from(before));
    assertThat(sink.finish()).isTrue();
    assertWhole(disk);
  }

  @Test
  void bytesBehindTheLastFileAreLeftOut() throws IOException {
    sink.append(WHOLE.concat(Bytes.utf8("and more")));

    assertThat(sink.bytesHere()).isEqualTo(WHOLE.size());
    assertThat(sink.finish()).isTrue();
  }

  @Test
  void aSnapshotThatIsNotWholeIsThrownAway() throws IOException {
    sink.append(WHOLE.slice(0, WHOLE.size() - 1));

    assertThat(sink.finish()).isFalse();
    assertThat(sink.bytesHere()).isZero();
    assertThat(disk.list("state")).isEmpty();
  }

  @Test
  void aDamagedFileIsThrownAway() throws IOException {
    sink.append(WHOLE);
    disk.damage("state/9-2.incoming/a", 3);

    assertThat(sink.finish()).isFalse();
    assertThat(disk.list("state")).isEmpty();
  }

  @Test
  void aDamagedHeadIsThrownAwayWithItsFiles() throws IOException {
    sink.append(WHOLE);
    disk.damage("state/9-2.incoming-head", head().size() - 1);

    assertThat(sink.finish()).isFalse();
    assertThat(disk.list("state")).isEmpty();
    sink.append(WHOLE);
    assertThat(sink.finish()).isTrue();
  }

  @Test
  void bytesThatAreNoHeadNeverMakeAState() throws IOException {
    sink.append(Bytes.utf8("these bytes do not begin a snapshot at all"));
    assertThat(sink.finish()).isFalse();
    assertThat(disk.list("state")).isEmpty();

    sink.append(WHOLE);
    assertThat(sink.finish()).isTrue();
    assertWhole(disk);
  }

  @Test
  void partsOfOtherSnapshotsAreThrownAwayAndOtherStatesStay() throws IOException {
    new SnapshotSink(disk, new Snapshot(7, 2, MEMBERS)).append(WHOLE);
    new SnapshotSink(disk, new Snapshot(9, 1, MEMBERS)).append(WHOLE);
    disk.createDirectory("state/0");
    sink.append(WHOLE);

    sink.forgetOthers();

    assertThat(disk.list("state")).containsExactly("0", "9-2.incoming", "9-2.incoming-head");
  }

  /** The server points to the state next: it must be there whole. */
  @Test
  void kb53APowerCutNeverLeavesAStateThatIsNotWhole() throws IOException {
    List<MapDisk.AfterCut> cuts =
        MapDisk.cuts(
            disk -> {
              disk.createDirectory("state");
              disk.forceDirectory("");
              new SnapshotSink(disk, SNAPSHOT).append(WHOLE);
            },
            disk -> assertThat(new SnapshotSink(disk, SNAPSHOT).finish()).isTrue());

    assertThat(cuts).hasSizeGreaterThan(12);
    for (MapDisk.AfterCut cut : cuts) {
      if (cut.whole() || cut.disk().exists("state/9-2")) {
        assertWhole(cut.disk());
      }
    }
  }

  @Test
  void aStateOfTheSameNameThatWasLeftBehindIsReplaced() throws IOException {
    disk.createDirectory("state/9-2");
    try (DiskFile _ = disk.create("state/9-2/old")) {
      sink.append(WHOLE);
    }

    assertThat(sink.finish()).isTrue();
    assertWhole(disk);
  }
}
