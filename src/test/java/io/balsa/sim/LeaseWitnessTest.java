package io.balsa.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import io.balsa.raft.Entry;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A lease of ten seconds, granted in the first second, with one key. */
class LeaseWitnessTest {
  private static final long SECOND = 1_000_000_000;
  private static final long ID = 7;
  private static final Bytes KEY = Bytes.utf8("l1");

  private final World world = new World(new Trace(null), (_, _) -> {});
  private final Replay replay = new Replay();
  private final List<LeaseCallRecord> asked = new ArrayList<>();
  private long index;

  LeaseWitnessTest() {
    committed(new Command.LeaseGrant(ID, 10), 1);
    committed(new Command.Put(KEY, Bytes.utf8("one"), ID, false, false, false), 2);
  }

  private void committed(Command command, long seconds) {
    index++;
    Entry entry = new Entry(index, 1, Entry.Kind.COMMAND, Bytes.EMPTY);
    long at = seconds * SECOND;
    replay.apply(command, new LogWatch.Committed(entry, 1, at, at));
  }

  private void expires(long seconds) {
    committed(new Command.LeaseExpire(1, ID, 1), seconds);
  }

  private void answered(LeaseCall call, long sent, long ended, Result result) {
    LeaseCallRecord one = new LeaseCallRecord(call, sent * SECOND, 0, _ -> {});
    one.ends(CallRecord.Ending.ANSWERED, result, ended * SECOND);
    asked.add(one);
  }

  private void renewed(long sent, long ended, long left) {
    Result time = new Result.LeaseTime(3, ID, left, Math.max(0, left), List.of());
    answered(new LeaseCall.Renew(ID), sent, ended, time);
  }

  private void looked(List<Bytes> keys) {
    answered(new LeaseCall.Look(ID), 3, 4, new Result.LeaseTime(3, ID, 8, 10, keys));
  }

  private @Nullable String judged() {
    new LeaseWitness(world, replay, (from, to) -> to - from).hold(asked);
    return world.broken();
  }

  @Test
  void aLeaseThatLivesAsLongAsWasPromisedIsRight() {
    renewed(5, 6, 10);
    looked(List.of(KEY));
    expires(15);
    renewed(16, 17, -1);
    assertThat(judged()).isNull();
    assertThat(replay.get(KEY, replay.revision())).isNull();
  }

  @Test
  void aLeaseThatExpiresEarlierThanARenewalPromisedIsWrong() {
    renewed(6, 7, 10);
    expires(15);
    assertThat(judged()).contains("it expires too early");
  }

  @Test
  void aLeaseThatIsOverIsOverForWhoAsksLater() {
    expires(15);
    renewed(16, 17, 10);
    assertThat(judged()).contains("it was over at");
  }

  @Test
  void whoIsToldThatItIsOverTellsItBeforeItsEndIsSeen() {
    renewed(15, 16, -1);
    renewed(17, 18, 10);
    expires(16);
    assertThat(judged()).contains("it was over at");
  }

  @Test
  void aLeaseThatIsThereIsNotGone() {
    renewed(5, 6, -1);
    expires(15);
    assertThat(judged()).contains("it was not over");
  }

  @Test
  void keysThatItNeverHadAreWrong() {
    looked(List.of(Bytes.utf8("l2")));
    assertThat(judged()).contains("these were not its keys");
  }

  @Test
  void aGrantThatIsRefusedIsWrong() {
    answered(new LeaseCall.Grant(8, 10), 1, 2, new Result.Refused(2, KvError.LEASE_EXISTS));
    assertThat(judged()).contains("a grant with a new id was refused");
  }

  @Test
  void anEndThatWasDecidedInAnEarlierTermEndsNothing() {
    committed(new Command.LeaseExpire(0, ID, 1), 15);
    renewed(16, 17, 10);
    assertThat(judged()).isNull();
  }
}
