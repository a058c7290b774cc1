package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.auth.AuthState;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.Result;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.rows.Tombstones;
import io.balsa.wal.MemoryDisk;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

/** When a disk that gets full is noticed, and what is proposed then. */
class DiskRoomTest {
  private static final long MIB = 1 << 20;
  private static final Alarm OWN = new Alarm(7, Alarm.Kind.NOSPACE);

  private final MemoryDisk disk = new MemoryDisk(1);
  private final HandHost host = new HandHost(disk);
  private final List<Command> proposed = new ArrayList<>();
  private final List<Consumer<Outcome>> asking = new ArrayList<>();
  private final List<Long> freeBytes = new ArrayList<>();
  private final NodeMetrics metrics =
      new NodeMetrics() {
        @Override
        public void diskLookedAt(long free, long reserve) {
          assertThat(reserve).isEqualTo(100 * MIB);
          freeBytes.add(free);
        }
      };

  private List<Alarm> alarms = List.of();
  private boolean knowsLeader = true;

  private DiskRoom diskRoom() {
    return new DiskRoom(host, 100 * MIB, 7, this::facts, () -> knowsLeader, this::propose, metrics);
  }

  private AppliedFacts facts() {
    return new AppliedFacts(
        0, 0, 0, 0, true, 0, 0, 0, Tombstones.NONE, List.of(), alarms, AuthState.NONE);
  }

  private void propose(Command command, Consumer<Outcome> done) {
    proposed.add(command);
    asking.add(done);
  }

  private void applied() {
    asking.getLast().accept(new Outcome.Answered(new Result.Done(0), 1));
    host.run();
  }

  @Test
  void theAlarmIsRaisedAtTheMarkAndTakenBackAQuarterAboveIt() throws Exception {
    DiskRoom diskRoom = diskRoom();
    diskRoom.look(101 * MIB);
    assertThat(proposed).isEmpty();
    assertThat(diskRoom.isLow()).isFalse();
    diskRoom.look(99 * MIB);
    assertThat(proposed).containsExactly(new Command.SetAlarm(OWN, true));
    assertThat(diskRoom.isLow()).isTrue();
    alarms = List.of(OWN);
    diskRoom.look(124 * MIB);
    assertThat(diskRoom.isLow()).isTrue();
    assertThat(proposed).hasSize(1);
    DiskRoom later = diskRoom();
    later.look(125 * MIB);
    assertThat(proposed).hasSize(2).endsWith(new Command.SetAlarm(OWN, false));
    applied();
    assertThat(disk.exists(DiskRoom.RAISED)).isFalse();
    diskRoom.close();
    later.close();
  }

  @Test
  void anOperatorIsWarnedOnceBeforePutsAreRefused() throws Exception {
    DiskReserve reserve = new DiskReserve(100 * MIB);
    assertThat(reserve.isScarce(200 * MIB, false)).isFalse();
    assertThat(reserve.isScarce(199 * MIB, false)).isTrue();
    assertThat(reserve.isScarce(249 * MIB, true)).isTrue();
    assertThat(reserve.isScarce(250 * MIB, true)).isFalse();
    DiskRoom diskRoom = diskRoom();
    List<String> lines = new ArrayList<>();
    Handler heard = heard(lines);
    Logger.getLogger("io.balsa.node").addHandler(heard);
    try {
      for (long free : List.of(300L, 199L, 201L, 150L, 300L, 180L)) {
        diskRoom.look(free * MIB);
      }
    } finally {
      Logger.getLogger("io.balsa.node").removeHandler(heard);
    }
    assertThat(freeBytes).hasSize(6).contains(199 * MIB);
    assertThat(proposed).isEmpty();
    assertThat(lines)
        .hasSize(2)
        .allMatch(
            line -> line.contains("puts will be refused soon") && line.contains("needed-mib=100"));
  }

  private static Handler heard(List<String> lines) {
    return new Handler() {
      @Override
      public void publish(LogRecord line) {
        lines.add(new SimpleFormatter().formatMessage(line));
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  /** At a start the store may not yet know of the alarm that stands in the log. */
  @Test
  void theNoteStaysUntilTheEndOfTheAlarmIsApplied() throws Exception {
    disk.create(DiskRoom.RAISED).close();
    DiskRoom diskRoom = diskRoom();
    diskRoom.look(500 * MIB);
    assertThat(proposed).containsExactly(new Command.SetAlarm(OWN, false));
    assertThat(disk.exists(DiskRoom.RAISED)).isTrue();
    asking.getLast().accept(new Outcome.Failed(Outcome.Failure.TIMED_OUT));
    diskRoom.look(500 * MIB);
    assertThat(proposed).as("it is proposed again").hasSize(2);
    assertThat(disk.exists(DiskRoom.RAISED)).isTrue();
    diskRoom.close();
  }

  @Test
  void anAlarmOfSomebodyElseIsLeftAlone() throws Exception {
    alarms = List.of(OWN);
    DiskRoom diskRoom = diskRoom();
    diskRoom.look(10 * MIB);
    diskRoom.look(500 * MIB);
    assertThat(proposed).isEmpty();
    diskRoom.close();
  }

  @Test
  void nothingIsProposedWhileNobodyLeads() throws Exception {
    knowsLeader = false;
    DiskRoom diskRoom = diskRoom();
    diskRoom.look(40 * MIB);
    assertThat(proposed).isEmpty();
    assertThat(diskRoom.isLow()).isTrue();
    assertThat(diskRoom.tooFullToFlush()).isFalse();
    diskRoom.look(39 * MIB);
    assertThat(diskRoom.tooFullToFlush()).as("nothing is flushed that need not be").isTrue();
    diskRoom.close();
  }

  @Test
  void anAlarmIsProposedAgainAfterASecondAndNotBefore() throws Exception {
    DiskRoom diskRoom = diskRoom();
    diskRoom.look(99 * MIB);
    host.clock().pass(999_999_999);
    diskRoom.look(99 * MIB);
    assertThat(proposed).hasSize(1);
    host.clock().pass(1);
    diskRoom.look(99 * MIB);
    assertThat(proposed).hasSize(2);
    asking.getLast().accept(new Outcome.Failed(Outcome.Failure.NO_LEADER));
    diskRoom.look(99 * MIB);
    assertThat(proposed).as("a failure is known, so it need not wait").hasSize(3);
  }

  /** The end of the alarm is applied after the diskRoom got short again. */
  @Test
  void aLateAnswerLeavesTheNoteWhileRoomIsShort() throws Exception {
    DiskRoom diskRoom = diskRoom();
    diskRoom.look(99 * MIB);
    alarms = List.of(OWN);
    host.clock().pass(1_000_000_000);
    diskRoom.look(125 * MIB);
    assertThat(proposed).endsWith(new Command.SetAlarm(OWN, false));
    diskRoom.look(99 * MIB);
    applied();
    assertThat(disk.exists(DiskRoom.RAISED)).isTrue();
  }

  @Test
  void theDiskIsLookedAtEachSecondAndOftenerNearTheMark() throws Exception {
    DiskRoom diskRoom = diskRoom();
    diskRoom.start();
    host.run();
    disk.space(99 * MIB);
    host.pass(99);
    assertThat(diskRoom.isLow()).as("looked at a second ago").isFalse();
    host.pass(1);
    assertThat(diskRoom.isLow()).isTrue();
    disk.space(130 * MIB);
    host.pass(10);
    assertThat(diskRoom.isLow()).as("looked at a tenth of a second later").isFalse();
  }

  @Test
  void afterTheEndNothingIsLookedAt() throws Exception {
    DiskRoom diskRoom = diskRoom();
    diskRoom.start();
    host.run();
    diskRoom.close();
    diskRoom.close();
    disk.space(10 * MIB);
    host.pass(300);
    assertThat(diskRoom.isLow()).isFalse();
    assertThat(proposed).isEmpty();
  }

  @Test
  void withoutAReserveThereIsNoLane() {
    DiskRoom diskRoom =
        new DiskRoom(
            host, DiskReserve.NONE, 7, this::facts, () -> knowsLeader, this::propose, metrics);
    diskRoom.start();
    disk.space(0);
    host.pass(300);
    diskRoom.close();
    assertThat(diskRoom.isLow()).isFalse();
    assertThat(host.areAllClosed()).as("none was opened").isTrue();
  }

  @Test
  void theMarkFollowsTheDisk() {
    assertThat(DiskReserve.of(0, 1L << 40).mark()).isEqualTo(256 * MIB);
    assertThat(DiskReserve.of(0, 200 * MIB).mark()).isEqualTo(64 * MIB);
    assertThat(DiskReserve.of(0, 600 * MIB).mark()).isEqualTo(150 * MIB);
    assertThat(DiskReserve.of(5, 1L << 40).mark()).isEqualTo(5);
    assertThat(DiskReserve.of(DiskReserve.NONE, 1L << 40).mark()).isZero();
    assertThat(DiskReserve.of(0, 1L << 40).toStart()).isEqualTo(40 * MIB);
    assertThat(DiskReserve.of(0, 200 * MIB).toStart()).isEqualTo(32 * MIB);
  }
}
