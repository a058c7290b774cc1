package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Engine;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.Envelope.RequestId;
import io.balsa.model.KvError;
import io.balsa.model.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The quota: what it counts, what it refuses, and how its alarm goes. */
class QuotaTest {
  private static final long QUOTA = 64 << 10;
  private static final Alarm ALARM = new Alarm(7, Alarm.Kind.NOSPACE);

  private final Engine engine = new MemoryEngines(new MemoryMedium()).open("state");
  private final Store store = Store.open(engine, List.of());
  private long index;

  private Result run(Command command) {
    Envelope envelope = Envelope.ofServer(new RequestId(7, 1, index), command);
    return store.apply(List.of(EntryToApply.of(++index, 1, envelope))).getFirst();
  }

  private Result put(String key) {
    Bytes value = Bytes.wrap(new byte[1_000]);
    return run(new Command.Put(Bytes.utf8(key), value, 0, false, false, false));
  }

  private int fill(String key) {
    int puts = 0;
    while (put(key) instanceof Result.Put) {
      puts++;
    }
    return puts;
  }

  @Test
  void withoutQuotaThereIsNoEnd() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(put("k" + i)).isInstanceOf(Result.Put.class);
    }
    assertThat(store.usedBytes()).isGreaterThan(1_000_000);
  }

  @Test
  void historyCountsAndCompactionGivesItBack() {
    run(new Command.SetQuota(QUOTA));
    assertThat(fill("same")).isBetween(55, 65);
    assertThat(store.alarms()).containsExactly(ALARM);
    assertThat(put("small")).isEqualTo(new Result.Refused(store.revision(), KvError.NO_SPACE));

    assertThat(run(new Command.Compact(store.revision(), false))).isInstanceOf(Result.Done.class);

    assertThat(store.alarms()).isEmpty();
    assertThat(store.usedBytes()).isEqualTo(64 + 4 + 1_000);
    assertThat(fill("same")).isGreaterThan(50);
  }

  @Test
  void deletesAreAlwaysPossibleAndFreeWithACompaction() {
    run(new Command.SetQuota(QUOTA));
    int i = 0;
    while (put("k" + i) instanceof Result.Put) {
      i++;
    }
    assertThat(run(new Command.DeleteRange(Bytes.utf8("k"), Bytes.utf8("l"), false)))
        .isEqualTo(new Result.DeleteRange(store.revision(), i, List.of()));
    assertThat(put("again")).isInstanceOf(Result.Refused.class);
    run(new Command.Compact(store.revision(), false));
    assertThat(store.usedBytes()).isZero();
    assertThat(put("again")).isInstanceOf(Result.Put.class);
  }

  @Test
  void anAlarmRaisedByHandStays() {
    run(new Command.SetQuota(QUOTA));
    put("a");
    put("a");
    run(new Command.SetAlarm(ALARM, true));
    run(new Command.Compact(store.revision(), false));
    assertThat(store.alarms()).containsExactly(ALARM);
    run(new Command.SetAlarm(ALARM, false));
    assertThat(put("a")).isInstanceOf(Result.Put.class);
  }

  @Test
  void aLargerQuotaClearsTheAlarm() {
    run(new Command.SetQuota(QUOTA));
    fill("same");
    run(new Command.SetQuota(2 * QUOTA));
    assertThat(store.alarms()).isEmpty();
    assertThat(put("same")).isInstanceOf(Result.Put.class);
  }

  @Test
  void whatIsUsedIsTheSameWhenStoredAndOpenedAgain() {
    run(new Command.SetQuota(QUOTA));
    fill("same");
    Store again = Store.open(engine, List.of());
    assertThat(again.usedBytes()).isEqualTo(store.usedBytes());
    assertThat(again.quota()).isEqualTo(QUOTA);
    assertThat(again.alarms()).containsExactly(ALARM);
  }
}
