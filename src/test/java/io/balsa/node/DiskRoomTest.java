package io.balsa.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.HostPort;
import io.balsa.host.Disk;
import io.balsa.host.FileDisk;
import io.balsa.host.GrpcNetwork;
import io.balsa.host.RealHost;
import io.balsa.host.Until;
import io.balsa.lanes.Outcome;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.Result;
import io.balsa.node.apply.AppliedFacts;
import io.balsa.rows.Tombstones;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DiskRoomTest {
  private static final long MIB = 1 << 20;
  private static final Alarm OWN = new Alarm(7, Alarm.Kind.NOSPACE);

  private final Path root = Path.of("target", "disk-room-test");
  private final Disk disk = new FileDisk(root);
  private final GrpcNetwork network = new GrpcNetwork(List.of(new HostPort("127.0.0.1", 0)));
  private final List<Command> proposed = new ArrayList<>();
  private final List<Consumer<Outcome>> asking = new ArrayList<>();
  private List<Alarm> alarms = List.of();
  private boolean led = true;

  private DiskRoom room() throws IOException {
    Files.createDirectories(root);
    return new DiskRoom(
        new RealHost(disk, network, _ -> {}), 100 * MIB, 7, this::facts, () -> led, this::propose);
  }

  private AppliedFacts facts() {
    return new AppliedFacts(0, 0, 0, 0, true, 0, 0, 0, Tombstones.NONE, List.of(), alarms);
  }

  private void propose(Command command, Consumer<Outcome> done) {
    proposed.add(command);
    asking.add(done);
  }

  private void applied() {
    asking.getLast().accept(new Outcome.Answered(new Result.Done(0), 1));
  }

  @AfterEach
  void close() throws IOException {
    network.close();
    disk.delete(DiskRoom.RAISED);
  }

  @Test
  void theAlarmIsRaisedAtTheMarkAndTakenBackAQuarterAboveIt() throws Exception {
    DiskRoom room = room();
    room.look(101 * MIB);
    assertThat(proposed).isEmpty();
    assertThat(room.isLow()).isFalse();
    room.look(99 * MIB);
    assertThat(proposed).containsExactly(new Command.SetAlarm(OWN, true));
    assertThat(room.isLow()).isTrue();
    alarms = List.of(OWN);
    room.look(124 * MIB);
    assertThat(room.isLow()).isTrue();
    assertThat(proposed).hasSize(1);
    DiskRoom later = room();
    later.look(125 * MIB);
    assertThat(proposed).hasSize(2).endsWith(new Command.SetAlarm(OWN, false));
    applied();
    Until.until(() -> !disk.exists(DiskRoom.RAISED));
    room.close();
    later.close();
  }

  /** At a start the store may not yet know of the alarm that stands in the log. */
  @Test
  void theNoteStaysUntilTheEndOfTheAlarmIsApplied() throws Exception {
    disk.createDirectory("");
    disk.create(DiskRoom.RAISED).close();
    DiskRoom room = room();
    room.look(500 * MIB);
    assertThat(proposed).containsExactly(new Command.SetAlarm(OWN, false));
    assertThat(disk.exists(DiskRoom.RAISED)).isTrue();
    asking.getLast().accept(new Outcome.Failed(Outcome.Failure.TIMED_OUT));
    room.look(500 * MIB);
    assertThat(proposed).as("it is proposed again").hasSize(2);
    assertThat(disk.exists(DiskRoom.RAISED)).isTrue();
    room.close();
  }

  @Test
  void anAlarmOfSomebodyElseIsLeftAlone() throws Exception {
    alarms = List.of(OWN);
    DiskRoom room = room();
    room.look(10 * MIB);
    room.look(500 * MIB);
    assertThat(proposed).isEmpty();
    room.close();
  }

  @Test
  void nothingIsProposedWhileNobodyLeads() throws Exception {
    led = false;
    DiskRoom room = room();
    room.look(40 * MIB);
    assertThat(proposed).isEmpty();
    assertThat(room.isLow()).isTrue();
    assertThat(room.isGone()).isFalse();
    room.look(39 * MIB);
    assertThat(room.isGone()).as("nothing is flushed that need not be").isTrue();
    room.close();
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
