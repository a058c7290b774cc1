package io.balsa.node.writes;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.host.MapDisk;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.HandHost;
import io.balsa.lanes.NodeMetrics;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import io.balsa.raft.Input;
import io.balsa.wal.Identity;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.WireFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which commands are proposed at once, which wait for their turn, and which are refused. */
class CommandDeskTest {
  private static final long TIMEOUT = 7_000;
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Bytes END = Bytes.utf8("l");
  private static final Command PUT = new Command.Put(KEY, KEY, 0, false, false, false);
  private static final Command DELETION = new Command.DeleteRange(KEY, END, false);

  /** It compares nothing and reads a range. */
  private static final Command HEAVY =
      new Command.Txn(List.of(), List.of(Range.count(KEY, END, 0)), List.of());

  /** It answers with all that it deletes. */
  private static final Command LARGE = new Command.DeleteRange(KEY, END, true);

  private final MapDisk disk = new MapDisk();
  private final HandHost host = new HandHost(disk);
  private final Proposals proposals =
      new Proposals(1, 1 << 20, 1 << 16, NodeMetrics.NONE, host.clock(), Runnable::run);
  private final List<Weighing> weighings = new ArrayList<>();
  private final List<Outcome> told = new ArrayList<>();
  private boolean deleting;
  private int woken;

  private final CommandDesk desk =
      new CommandDesk(
          host,
          new Identity(7, 3, 5, 4),
          proposals,
          TIMEOUT,
          () -> woken++,
          (_, op, _, light, ended) -> weighings.add(new Weighing(op, light, ended)),
          () -> deleting);

  private record Weighing(Command.Op op, Runnable light, Consumer<Outcome> ended) {}

  /** A room in which only small answers fit. */
  private static final class Narrow implements AnswerRoom {
    private boolean gone;

    @Override
    public long bytesMax() {
      return 1 << 20;
    }

    @Override
    public boolean tryTake(long bytes) {
      return false;
    }

    @Override
    public boolean hasRoom(long bytes) {
      return bytes <= 64 << 10;
    }

    @Override
    public void take(long bytes, Consumer<Boolean> done) {
      done.accept(false);
    }

    @Override
    public boolean clientLeft() {
      return gone;
    }
  }

  private void propose(Command command) {
    desk.propose(Caller.nobody(1), WriteId.NONE, false, command, AnswerRoom.UNBOUNDED, told::add);
  }

  private List<Command> proposed() throws WireFailure {
    List<Command> commands = new ArrayList<>();
    Input.Propose batch = proposals.nextBatch();
    if (batch != null) {
      for (Bytes command : batch.commands()) {
        commands.add(EnvelopeCodec.decode(command).command());
      }
    }
    return commands;
  }

  private static Outcome failed(Outcome.Failure failure) {
    return new Outcome.Failed(failure);
  }

  @Test
  void aSmallWriteOvertakesLargeOnesButOne() throws WireFailure {
    Bytes value = Bytes.wrap(new byte[ProtocolLimits.LARGE_REQUEST_BYTES]);
    Command large = new Command.Put(KEY, value, 0, false, false, false);
    for (int i = 0; i < 4; i++) {
      propose(large);
    }
    propose(PUT);

    assertThat(proposed()).containsExactly(large);
    assertThat(proposed()).as("it waits for no more large ones").containsExactly(PUT);
    assertThat(proposed()).isEmpty();
    assertThat(weighings).as("their size is their cost").isEmpty();
    assertThat(desk.isEmpty()).isFalse();
  }

  @Test
  void aSmallWriteIsProposedAtOnceAndWakesRaft() throws WireFailure {
    propose(PUT);

    assertThat(proposed()).containsExactly(PUT);
    assertThat(woken).isEqualTo(1);
    assertThat(weighings).isEmpty();
    assertThat(desk.isEmpty()).isTrue();
  }

  /** By these three numbers the apply lane finds who waits. */
  @Test
  void eachRequestIsNumberedForThisServerAndThisStart() throws WireFailure {
    WriteId name = new WriteId(11, 12, 13);
    desk.propose(PUT);
    desk.propose(Caller.nobody(1), name, false, PUT, AnswerRoom.UNBOUNDED, told::add);
    List<Bytes> commands = Objects.requireNonNull(proposals.nextBatch()).commands();

    Envelope own = EnvelopeCodec.decode(commands.getFirst());
    Envelope named = EnvelopeCodec.decode(commands.getLast());
    assertThat(own.request()).isEqualTo(new Envelope.RequestId(3, 4, 1));
    assertThat(own.write()).isEqualTo(WriteId.NONE);
    assertThat(named.request()).isEqualTo(new Envelope.RequestId(3, 4, 2));
    assertThat(named.write()).isEqualTo(name);
  }

  @Test
  void aHeavyTransactionIsWeighedBeforeItIsProposed() throws WireFailure {
    propose(HEAVY);
    assertThat(proposed()).isEmpty();
    assertThat(woken).isZero();
    assertThat(weighings.getFirst().op()).isEqualTo(HEAVY);

    weighings.getFirst().light().run();
    assertThat(proposed()).containsExactly(HEAVY);
    assertThat(woken).isEqualTo(1);
  }

  @Test
  void aTransactionThatIsTooDearIsNeverProposed() throws WireFailure {
    Outcome tooDear = new Outcome.Answered(new Result.Refused(2, KvError.TXN_TOO_LARGE), 1);
    propose(HEAVY);
    weighings.getFirst().ended().accept(tooDear);

    assertThat(told).containsExactly(tooDear);
    assertThat(proposed()).isEmpty();
  }

  /** Only the log knows whether it was done, and with which answer. */
  @Test
  void aHeavyWriteThatMayBeDoneIsNotWeighed() throws WireFailure {
    desk.propose(
        Caller.nobody(1), new WriteId(1, 2, 3), true, HEAVY, AnswerRoom.UNBOUNDED, told::add);

    assertThat(weighings).isEmpty();
    assertThat(proposed()).containsExactly(HEAVY);
  }

  @Test
  void aRangeIsDeletedAtOnceUnlessALargeDeletionIsUnderWay() throws WireFailure {
    propose(DELETION);
    assertThat(proposed()).containsExactly(DELETION);

    deleting = true;
    propose(DELETION);
    propose(PUT);
    assertThat(proposed()).containsExactly(PUT);
    assertThat(weighings).hasSize(1);
  }

  /** Deletions beside a large one must not wait for transactions, nor these for them. */
  @Test
  void transactionsAndDeletionsHaveTurnsOfTheirOwn() {
    deleting = true;
    for (int i = 0; i < 3; i++) {
      propose(HEAVY);
      propose(DELETION);
    }

    assertThat(weighings.stream().map(Weighing::op))
        .containsExactly(
            (Command.Op) HEAVY, (Command.Op) DELETION, (Command.Op) HEAVY, (Command.Op) DELETION);
    assertThat(desk.isEmpty()).isFalse();
  }

  @Test
  void aLargeAnswerNeedsRoomBeforeItsCommandIsProposed() throws WireFailure {
    desk.propose(Caller.nobody(1), WriteId.NONE, false, LARGE, new Narrow(), told::add);
    assertThat(told).containsExactly(failed(Outcome.Failure.NO_ROOM));
    assertThat(weighings).isEmpty();

    desk.propose(Caller.nobody(1), WriteId.NONE, false, PUT, new Narrow(), told::add);
    assertThat(told).hasSize(1);
    assertThat(proposed()).containsExactly(PUT);
  }

  @Test
  void whatWaitsForItsTurnIsOverdueAtItsDeadline() {
    deleting = true;
    for (int i = 0; i < 3; i++) {
      propose(HEAVY);
      propose(DELETION);
    }
    desk.expire(TIMEOUT - 1, true);
    assertThat(told).isEmpty();

    desk.expire(TIMEOUT, true);
    assertThat(told)
        .containsExactly(
            failed(Outcome.Failure.TOO_MANY_REQUESTS), failed(Outcome.Failure.TOO_MANY_REQUESTS));
    assertThat(desk.isEmpty()).isTrue();
  }

  @Test
  void whatWaitsForItsTurnIsDroppedWhenItsClientHasLeft() {
    propose(HEAVY);
    propose(HEAVY);
    Narrow room = new Narrow();
    desk.propose(Caller.nobody(1), WriteId.NONE, false, HEAVY, AnswerRoom.UNBOUNDED, told::add);
    desk.propose(
        Caller.nobody(1),
        WriteId.NONE,
        false,
        new Command.Txn(List.of(), List.of(Range.count(KEY, END, 1)), List.of()),
        room,
        told::add);
    room.gone = true;
    desk.expire(0, true);

    assertThat(told).containsExactly(failed(Outcome.Failure.CANCELLED));
  }

  /** The deadline counts from the arrival, not from the turn. */
  @Test
  void waitingForItsTurnTakesFromACommandsTime() throws WireFailure {
    propose(HEAVY);
    host.clock().moveTo(TIMEOUT - 1);
    weighings.getFirst().light().run();
    host.clock().moveTo(TIMEOUT);

    assertThat(proposed()).isEmpty();
    assertThat(told).containsExactly(failed(Outcome.Failure.NO_LEADER));
  }

  @Test
  void aStoppedDeskRefusesNewCommandsAndKeepsTheOldOnes() throws WireFailure {
    propose(HEAVY);
    desk.stop();
    propose(PUT);
    assertThat(told).containsExactly(failed(Outcome.Failure.STOPPED));

    weighings.getFirst().light().run();
    assertThat(proposed()).containsExactly(HEAVY);
  }

  @Test
  void aClosedDeskFailsWhatWaits() {
    deleting = true;
    for (int i = 0; i < 3; i++) {
      propose(HEAVY);
      propose(DELETION);
    }
    desk.close();

    assertThat(told)
        .containsExactly(failed(Outcome.Failure.STOPPED), failed(Outcome.Failure.STOPPED));
    assertThat(desk.isEmpty()).isTrue();
  }
}
