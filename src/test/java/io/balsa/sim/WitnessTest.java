package io.balsa.sim;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.model.Envelope;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
import io.balsa.raft.Entry;
import io.balsa.wire.EnvelopeCodec;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class WitnessTest {
  private static final Bytes KEY = Bytes.utf8("k0");
  private static final Bytes ONE = Bytes.utf8("v1");
  private static final Bytes TWO = Bytes.utf8("v2");

  private final World world = new World(new Trace(null), (_, _) -> {});
  private final List<LogWatch.Committed> log = new ArrayList<>();
  private final List<CallRecord> asked = new ArrayList<>();

  private void committed(Call call, long sequence) {
    var request = new Envelope.RequestId(1, 1, sequence);
    Bytes payload = EnvelopeCodec.encode(Envelope.ofServer(request, call.command()));
    Entry entry = new Entry(log.size() + 1L, 1, Entry.Kind.COMMAND, payload);
    log.add(new LogWatch.Committed(entry, 1, 0, 0));
  }

  private void answered(Call call, long calledAt, long endedAt, Result result) {
    CallRecord one = new CallRecord(0, call, calledAt);
    one.ends(CallRecord.Ending.ANSWERED, result, endedAt);
    asked.add(one);
  }

  private @Nullable String judged() {
    new Witness(world).hold(log, asked);
    return world.broken();
  }

  private static Result.Range found(long revision, Bytes value, long mod, long version) {
    KeyValue kv = new KeyValue(KEY, value, 2, mod, version, 0);
    return new Result.Range(revision, List.of(kv), false, 1);
  }

  @Test
  void answersThatTheLogExplainsAreRight() {
    committed(new Call.Put(KEY, ONE), 1);
    committed(new Call.Put(KEY, TWO), 2);
    answered(new Call.Put(KEY, ONE), 1, 2, new Result.Put(2, null));
    answered(new Call.Get(KEY, true), 3, 4, found(2, ONE, 2, 1));
    answered(new Call.Put(KEY, TWO), 3, 9, new Result.Put(3, null));
    answered(new Call.Get(KEY, true), 10, 11, found(3, TWO, 3, 2));
    answered(new Call.Get(KEY, false), 12, 13, found(2, ONE, 2, 1));
    assertThat(judged()).isNull();
  }

  @Test
  void anAcknowledgedWriteIsInTheLog() {
    answered(new Call.Put(KEY, ONE), 1, 2, new Result.Put(2, null));
    assertThat(judged()).contains("the log disagrees with an answer");
  }

  @Test
  void aLinearizableReadIsNotOlderThanAnAnswerBeforeIt() {
    committed(new Call.Put(KEY, ONE), 1);
    committed(new Call.Put(KEY, TWO), 2);
    answered(new Call.Put(KEY, TWO), 1, 2, new Result.Put(3, null));
    answered(new Call.Get(KEY, true), 3, 4, found(2, ONE, 2, 1));
    assertThat(judged()).contains("older than revision 3");
  }

  @Test
  void aReadSeesWhatTheLogSays() {
    committed(new Call.Put(KEY, ONE), 1);
    answered(new Call.Get(KEY, false), 3, 4, found(2, TWO, 2, 1));
    assertThat(judged()).contains("the log disagrees with an answer");
  }

  @Test
  void aRefusedWriteIsNotInTheLog() {
    committed(new Call.Put(KEY, ONE), 1);
    CallRecord refused = new CallRecord(0, new Call.Put(KEY, ONE), 1);
    refused.ends(CallRecord.Ending.REFUSED, null, 2);
    asked.add(refused);
    assertThat(judged()).contains("the log disagrees with an answer");
  }

  @Test
  void aRequestTakesEffectOnce() {
    committed(new Call.Put(KEY, ONE), 1);
    committed(new Call.Put(KEY, ONE), 1);
    assertThat(judged()).contains("committed twice");
  }
}
