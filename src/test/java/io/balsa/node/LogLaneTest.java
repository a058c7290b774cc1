package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.host.MapDisk;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.HandLane;
import io.balsa.lanes.NodeMetrics;
import io.balsa.raft.Configuration;
import io.balsa.raft.Effect;
import io.balsa.raft.Entry;
import io.balsa.raft.Input;
import io.balsa.raft.Snapshot;
import io.balsa.wal.Identity;
import io.balsa.wal.Wal;
import io.balsa.wal.WalConfig;
import io.balsa.wire.Frame;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log lane writes in one force, when it seals, and what a failing disk does to it. */
class LogLaneTest {
  private static final long SEAL_NANOS = 100_000_000;

  private final MapDisk disk = new MapDisk();
  private final HandHost host = new HandHost(disk);
  private final List<Input> posted = new ArrayList<>();
  private LogLane log;
  private HandLane lane;
  private long persists;

  @BeforeEach
  void open() throws IOException {
    Wal wal =
        Wal.open(
            disk,
            "wal",
            new WalConfig(WalConfig.SEGMENT_BYTES_MIN, 1 << 20),
            new Identity(7, 1, 5, 0),
            Configuration.of(List.of(1L)));
    log = new LogLane(host, wal, NodeMetrics.NONE, posted::add);
    log.start();
    lane = host.laneOf("wal");
    lane.drain();
  }

  /** Writes an entry of so many bytes. */
  private void write(long index, int bytes) {
    Entry entry = new Entry(index, 1, Entry.Kind.COMMAND, Bytes.wrap(new byte[bytes]));
    persists++;
    log.write(new Effect.Persist(persists, 1, 0, List.of(entry)));
  }

  private List<Entry> loaded() {
    return posted.stream()
        .filter(Input.Loaded.class::isInstance)
        .flatMap(input -> ((Input.Loaded) input).entries().stream())
        .toList();
  }

  @Test
  void allThatWaitsIsWrittenWithOneForceAndToldOnce() {
    int before = disk.forces();
    write(1, 10);
    write(2, 10);
    write(3, 10);
    lane.drain();

    assertThat(disk.forces()).isEqualTo(before + 1);
    assertThat(posted).containsExactly(new Input.Persisted(3));
  }

  @Test
  void nothingIsSaidToBeDurableBeforeTheForce() {
    List<Integer> toldDuringForce = new ArrayList<>();
    disk.duringForce(() -> toldDuringForce.add(posted.size()));
    write(1, 10);
    lane.drain();

    assertThat(toldDuringForce).containsExactly(0);
    assertThat(posted).hasSize(1);
  }

  /** What the disk holds is unknown then. */
  @Test
  void aForceThatFailsHaltsTheServerAndIsNeverSaidToBeDurable() {
    write(1, 10);
    disk.failAfter(1);
    lane.drain();
    assertThat(host.halts())
        .containsExactly(
            "the log cannot be written, so nothing more can be promised: input/output error");

    disk.recover();
    write(2, 10);
    lane.drain();
    assertThat(posted).isEmpty();
    assertThat(host.halts()).hasSize(2);
  }

  @Test
  void aResetIsNumberedAmongThePersists() {
    log.write(new Effect.Persist(1, 1, 0, List.of()));
    log.write(new Effect.Reset(2, new Snapshot(9, 1, Configuration.of(List.of(1L)))));
    lane.drain();

    assertThat(posted).containsExactly(new Input.Persisted(2));
  }

  /** One timer, however often something is written. */
  @Test
  void theLogIsSealedOnceNothingWasWrittenForAWhile() {
    assertThat(lane.delays()).containsExactly(SEAL_NANOS);
    host.clock().moveTo(60_000_000);
    write(1, 10);
    lane.drain();
    assertThat(lane.delays()).hasSize(1);

    int before = disk.forces();
    host.clock().moveTo(SEAL_NANOS);
    lane.stepDelayed();
    assertThat(disk.forces()).isEqualTo(before);
    assertThat(lane.delays()).containsExactly(60_000_000L);

    host.clock().moveTo(60_000_000 + SEAL_NANOS);
    lane.stepDelayed();
    assertThat(disk.forces()).isEqualTo(before + 1);
    assertThat(lane.delays()).isEmpty();
  }

  @Test
  void aWriteAfterTheSealIsSealedAgain() {
    host.clock().moveTo(SEAL_NANOS);
    lane.stepDelayed();
    assertThat(lane.delays()).isEmpty();

    write(1, 10);
    lane.drain();
    assertThat(lane.delays()).containsExactly(SEAL_NANOS);
  }

  /** The watchdog sees a disk that hangs; it must not see one that rests. */
  @Test
  void theTimeOfTheForceUnderWayIsKnownAndEndsWithIt() {
    List<Long> seen = new ArrayList<>();
    host.clock().moveTo(1_000);
    disk.duringForce(
        () -> {
          host.clock().moveTo(6_000);
          seen.add(log.forcingNanos());
        });
    assertThat(log.forcingNanos()).isZero();
    write(1, 10);
    lane.drain();

    assertThat(seen).containsExactly(5_000L);
    assertThat(log.forcingNanos()).isZero();
  }

  /** The clock may begin at zero, which stands for no force. */
  @Test
  void aForceThatBeginsAtTimeZeroIsSeen() {
    List<Long> seen = new ArrayList<>();
    disk.duringForce(
        () -> {
          host.clock().moveTo(6_000);
          seen.add(log.forcingNanos());
        });
    write(1, 10);
    lane.drain();

    assertThat(seen).containsExactly(5_999L);
  }

  @Test
  void entriesAreReadWithinTheirBytesAndNotBeyondTheEnd() {
    write(1, 10);
    write(2, 10);
    write(3, 10);
    host.run();
    log.load(new Effect.Load(1, 3, 120));
    log.load(new Effect.Load(9, 12, 120));
    host.run();

    assertThat(loaded().stream().map(Entry::index)).containsExactly(1L, 2L);
    assertThat(posted).endsWith(new Input.Loaded(9, List.of()));
  }

  /** A reader must not wait for a force, nor a force for a reader. */
  @Test
  void readingIsALaneOfItsOwn() {
    write(1, 10);
    host.run();
    write(2, 10);
    log.load(new Effect.Load(1, 1, 1_000));
    host.laneOf("wal-read").drain();

    assertThat(loaded()).hasSize(1);
    assertThat(posted).doesNotContain(new Input.Persisted(2));
  }

  @Test
  void aDamagedEntryHaltsTheServerThatNeedsItAndNotTheOneThatIsAsked() throws IOException {
    write(1, 100);
    host.run();
    String segment = "wal/" + disk.list("wal").getFirst();
    for (int at = 100; at < 300; at++) {
      disk.damage(segment, at);
    }
    List<Frame.EntriesAnswer> answers = new ArrayList<>();
    log.answer(List.of(1L), answers::add);
    host.run();
    assertThat(answers).containsExactly(new Frame.EntriesAnswer(1, List.of()));
    assertThat(host.halts()).isEmpty();

    log.load(new Effect.Load(1, 1, 1_000));
    host.run();
    assertThat(loaded()).isEmpty();
    assertThat(host.halts()).hasSize(1);
    assertThat(host.halts().getFirst()).startsWith("the log cannot be read");
  }

  @Test
  void aPeerGetsTheEntriesThatAreHere() {
    write(1, 10);
    write(2, 10);
    host.run();
    List<Frame.EntriesAnswer> answers = new ArrayList<>();
    log.answer(List.of(2L, 5L), answers::add);
    host.run();

    assertThat(answers.getFirst().considered()).isEqualTo(5);
    assertThat(answers.getFirst().entries().stream().map(Entry::index)).containsExactly(2L);
  }

  @Test
  void wholeSegmentsAreDroppedAndWhatIsToBeKeptStays() {
    for (int index = 1; index <= 12; index++) {
      write(index, 1_000);
      lane.drain();
    }
    long size = log.sizeBytes();
    List<Long> told = new ArrayList<>();
    log.compactableKeeping(5_000, told::add);
    lane.drain();
    assertThat(told.getFirst()).isBetween(3L, 8L);

    log.compact(told.getFirst());
    lane.drain();
    assertThat(log.sizeBytes()).isBetween(5_000L, size - 2_000);
    log.load(new Effect.Load(1, 1, 10_000));
    log.load(new Effect.Load(told.getFirst() + 1, 12, 100_000));
    host.run();
    assertThat(loaded().getFirst().index()).isEqualTo(told.getFirst() + 1);
    assertThat(loaded().getLast().index()).isEqualTo(12);
  }

  @Test
  void segmentsThatCannotBeDroppedHaltTheServer() {
    for (int index = 1; index <= 12; index++) {
      write(index, 1_000);
      lane.drain();
    }
    disk.failAfter(0);
    log.compact(8);
    lane.drain();

    assertThat(host.halts())
        .containsExactly("the log's oldest segments cannot be dropped: input/output error");
  }

  /** Its making costs only time when the next segment is due. */
  @Test
  void aSegmentThatCannotBeMadeAheadOfTimeHaltsNobody() {
    write(1, 10);
    lane.drain();
    disk.failAfter(0);
    host.laneOf("wal-read").drain();

    assertThat(host.halts()).isEmpty();
    disk.recover();
    write(2, 10);
    lane.drain();
    assertThat(posted).endsWith(new Input.Persisted(2));
  }

  @Test
  void closingWritesWhatCameBeforeAndNothingAfter() {
    List<String> closed = new ArrayList<>();
    write(1, 10);
    log.close(() -> closed.add("closed"));
    write(2, 10);
    host.run();

    assertThat(closed).containsExactly("closed");
    assertThat(posted).containsExactly(new Input.Persisted(2));
    write(3, 10);
    host.run();
    assertThat(posted).hasSize(1);
    assertThat(lane.isClosed()).isTrue();
    assertThat(host.laneOf("wal-read").isClosed()).isTrue();
  }
}
