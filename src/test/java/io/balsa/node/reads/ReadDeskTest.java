package io.balsa.node.reads;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.kv.StoreReader.LeaseTable;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.CountingRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.HashKv;
import io.balsa.model.KvError;
import io.balsa.model.Lease;
import io.balsa.model.Range;
import io.balsa.model.RangePiece;
import io.balsa.model.Result;
import io.balsa.model.StoreLimits;
import io.balsa.node.apply.HandApply;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which reads are taken in, which wait for their index, and what each is told. */
class ReadDeskTest {
  private static final long TIMEOUT = 7_000_000_000L;
  private static final long TERM = 4;
  private static final Bytes KEY = Bytes.utf8("k");
  private static final Bytes END = Bytes.utf8("l");
  private static final StoreLimits LIMITS = StoreLimits.DEFAULT;

  private final HandApply server = new HandApply();
  private final List<Outcome> told = new ArrayList<>();
  private final List<Outcome.Failure> failures = new ArrayList<>();
  private int woken;
  private final ReadDesk desk =
      new ReadDesk(server.host, server.apply, TIMEOUT, () -> TERM, () -> woken++, Runnable::run);

  /** A client with room for any answer. */
  private final CountingRoom client = new CountingRoom(1 << 30, 1 << 30);

  private void confirm() {
    long id = Objects.requireNonNull(desk.waiting().nextRequest()).id();
    desk.waiting().ready(id, server.apply.facts().applied());
    server.host.run();
  }

  private static Outcome answered(Result result) {
    return new Outcome.Answered(result, TERM);
  }

  private static Outcome failed(Outcome.Failure failure) {
    return new Outcome.Failed(failure);
  }

  private static Outcome counted(long revision, long count) {
    return answered(new Result.Range(revision, List.of(), false, count));
  }

  @Test
  void kb74ALinearizableReadWaitsForItsIndex() {
    server.commit(HandApply.put("k1"));
    desk.range(Caller.SERVER, Range.count(KEY, END, 0), true, client, told::add);
    server.host.run();
    assertThat(told).isEmpty();
    assertThat(woken).isEqualTo(1);

    confirm();
    assertThat(told).containsExactly(counted(2, 1));
  }

  @Test
  void aSerializableReadIsServedFromWhatIsApplied() {
    server.commit(HandApply.put("k1"));
    desk.range(Caller.SERVER, Range.count(KEY, END, 0), false, client, told::add);
    server.host.run();

    assertThat(told).containsExactly(counted(2, 1));
    assertThat(woken).isZero();
  }

  /** It has not heard of the cluster's log: an empty answer would be wrong. */
  @Test
  void aServerThatHasAppliedNothingServesNoClientLocally() {
    desk.range(Caller.SERVER, Range.count(KEY, END, 0), false, client, told::add);
    assertThat(told).containsExactly(failed(Outcome.Failure.NO_LEADER));

    desk.range(Caller.SERVER, Range.count(KEY, END, 0), false, AnswerRoom.UNBOUNDED, told::add);
    server.host.run();
    assertThat(told).hasSize(2).endsWith(counted(1, 0));
  }

  @Test
  void aReadThatIsNotServedInTimeFails() {
    server.commit(HandApply.put("k1"));
    desk.range(Caller.SERVER, Range.of(KEY), false, client, told::add);
    server.host.clock().moveTo(TIMEOUT);
    server.host.run();

    assertThat(told).containsExactly(failed(Outcome.Failure.TIMED_OUT));
  }

  /** The long ones must not hold the short ones up. */
  @Test
  void pointsScansAndWeighingsGoToTheirLanes() {
    server.commit(HandApply.put("k1"));
    desk.range(Caller.SERVER, Range.of(KEY), false, client, told::add);
    desk.range(Caller.SERVER, Range.of(KEY, END), false, client, told::add);
    server.host.laneOf("reads").drain();
    assertThat(told).hasSize(1);
    server.host.laneOf("scans").drain();
    assertThat(told).hasSize(2);

    desk.weigh(Caller.SERVER, txn(), client, LIMITS, () -> told.add(counted(0, 0)), told::add);
    desk.waiting().ready(Objects.requireNonNull(desk.waiting().nextRequest()).id(), 0);
    server.host.laneOf("reads").drain();
    server.host.laneOf("scans").drain();
    assertThat(told).hasSize(2);
    server.host.laneOf("weighings").drain();
    assertThat(told).hasSize(3);
  }

  private static Command.Txn txn() {
    return new Command.Txn(
        List.of(),
        List.of(Range.count(KEY, END, 0), new Command.Put(KEY, KEY, 0, false, false, false)),
        List.of());
  }

  @Test
  void whatCostsTooMuchIsRefusedAndWhatDoesNotIsLight() {
    for (int i = 0; i < 5; i++) {
      server.commit(HandApply.put("k" + i));
    }
    StoreLimits few = new StoreLimits(2, 1 << 20, 2, 1 << 20, 4, 3, 1 << 20, 1 << 20, 1 << 20, 10);
    List<String> light = new ArrayList<>();
    desk.weigh(Caller.SERVER, txn(), client, few, () -> light.add("light"), told::add);
    desk.weigh(Caller.SERVER, txn(), client, LIMITS, () -> light.add("light"), told::add);
    confirm();

    assertThat(told).containsExactly(answered(new Result.Refused(6, KvError.TXN_TOO_LARGE)));
    assertThat(light).containsExactly("light");
  }

  @Test
  void aBarrierAnswersWithWhatIsAppliedThen() {
    server.commit(HandApply.put("k1"));
    desk.barrier(told::add);
    long id = Objects.requireNonNull(desk.waiting().nextRequest()).id();
    desk.waiting().ready(id, 2);
    server.host.run();
    assertThat(told).isEmpty();

    server.commit(HandApply.put("k2"));
    desk.applied();
    server.host.run();
    assertThat(told).containsExactly(answered(new Result.Done(3)));
  }

  /** Each reads the whole store. */
  @Test
  void onlySoManyHashesAreMadeAtOnce() {
    server.commit(HandApply.put("k1"));
    List<HashKv> hashes = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      desk.hashKv(0, client, hashes::add, failures::add);
    }
    assertThat(failures).containsExactly(Outcome.Failure.TOO_MANY_REQUESTS);
    server.host.run();
    assertThat(hashes).hasSize(4);

    desk.hashKv(0, client, hashes::add, failures::add);
    server.host.run();
    assertThat(hashes).hasSize(5);
  }

  @Test
  void aHashWhoseClientHasLeftMakesPlaceForAnother() {
    server.commit(HandApply.put("k1"));
    CountingRoom gone = new CountingRoom(1 << 20, 1 << 20);
    for (int i = 0; i < 4; i++) {
      desk.hashKv(0, gone, _ -> {}, failures::add);
    }
    gone.leave();
    server.host.run();
    assertThat(failures).hasSize(4).containsOnly(Outcome.Failure.CANCELLED);

    List<HashKv> hashes = new ArrayList<>();
    desk.hashKv(0, client, hashes::add, failures::add);
    server.host.run();
    assertThat(hashes).hasSize(1);
  }

  @Test
  void theBytesOfOpenRequestsAreBounded() {
    server.commit(HandApply.put("k1"));
    Bytes large = Bytes.wrap(new byte[20 << 20]);
    desk.range(Caller.SERVER, Range.of(large), true, client, told::add);
    desk.range(Caller.SERVER, Range.of(large), true, client, told::add);
    assertThat(told).containsExactly(failed(Outcome.Failure.TOO_MANY_REQUESTS));

    confirm();
    assertThat(told).hasSize(2);
    desk.range(Caller.SERVER, Range.of(large), true, client, told::add);
    assertThat(told).hasSize(2);
  }

  /** A client's request may hold most of its bytes in what it compares. */
  @Test
  void theBytesOfATransactionAreThoseOfAllItsParts() {
    Bytes large = Bytes.wrap(new byte[9 << 20]);
    Command put = new Command.Put(large, large, 0, false, false, false);
    Command.Txn inner = new Command.Txn(List.of(), List.of((Command.Op) put), List.of());
    Command.Txn outer = new Command.Txn(List.of(), List.of(inner), List.of(Range.of(large, large)));
    desk.weigh(Caller.SERVER, outer, client, LIMITS, () -> {}, told::add);

    assertThat(RequestBytes.of(outer)).isGreaterThan(36L << 20);
    assertThat(told).containsExactly(failed(Outcome.Failure.TOO_MANY_REQUESTS));
  }

  @Test
  void theLeasesAreReadPastTheScansOfClients() {
    server.commit(new Command.LeaseGrant(7, 60));
    desk.range(Caller.SERVER, Range.of(KEY, END), true, client, told::add);
    List<LeaseTable> tables = new ArrayList<>();
    desk.leases().table(tables::add, failures::add);
    long id = Objects.requireNonNull(desk.waiting().nextRequest()).id();
    desk.waiting().ready(id, 1);
    server.host.laneOf("reads").drain();

    assertThat(tables.getFirst().index()).isEqualTo(1);
    assertThat(tables.getFirst().leases()).containsExactly(new Lease(7, 60, 1, 0));
    assertThat(told).isEmpty();
  }

  @Test
  void theKeysOfALeaseAreThoseThatHangOnIt() {
    server.commit(new Command.LeaseGrant(7, 60));
    server.commit(new Command.Put(KEY, KEY, 7, false, false, false));
    server.commit(HandApply.put("free"));
    List<Bytes> keys = new ArrayList<>();
    desk.leases()
        .attached(
            Caller.SERVER, 7, client, attached -> keys.addAll(attached.keys()), failures::add);
    desk.leases().all(Caller.SERVER, client, told::add);
    confirm();

    assertThat(keys).containsExactly(KEY);
    assertThat(told).containsExactly(answered(new Result.Leases(3, List.of(7L))));
  }

  @Test
  void aCountForADeletionTellsNobodyWhenTheRevisionIsCompacted() {
    for (int i = 0; i < 4; i++) {
      server.commit(HandApply.put("k" + i));
    }
    List<Result.Range> counts = new ArrayList<>();
    desk.count(Range.count(KEY, END, 3), client, counts::add);
    server.host.run();
    assertThat(counts.stream().map(Result.Range::count)).containsExactly(2L);

    server.commit(new Command.Compact(5, false));
    desk.count(Range.count(KEY, END, 3), client, counts::add);
    server.host.run();
    assertThat(counts).hasSize(1);
  }

  @Test
  void aStoppedDeskRefusesNewReadsAndServesTheOldOnes() {
    server.commit(HandApply.put("k1"));
    desk.range(Caller.SERVER, Range.of(KEY), true, client, told::add);
    desk.stop();
    desk.range(Caller.SERVER, Range.of(KEY), true, client, told::add);
    desk.hashKv(0, client, _ -> {}, failures::add);
    assertThat(told).containsExactly(failed(Outcome.Failure.STOPPED));
    assertThat(failures).containsExactly(Outcome.Failure.STOPPED);

    confirm();
    assertThat(told).hasSize(2).endsWith(counted(2, 0));
  }

  @Test
  void aPieceOfARangeSaysWhereTheNextOneBegins() {
    for (int i = 0; i < 4; i++) {
      server.commit(HandApply.put("k" + i));
    }
    List<RangePiece> pieces = new ArrayList<>();
    desk.piece(
        Caller.SERVER, Range.of(KEY, END), true, 3, 1 << 20, client, pieces::add, failures::add);
    confirm();

    assertThat(pieces.getFirst().kvs()).hasSize(3);
    assertThat(pieces.getFirst().nextKey()).isEqualTo(Bytes.utf8("k3"));
    assertThat(failures).isEmpty();
  }
}
