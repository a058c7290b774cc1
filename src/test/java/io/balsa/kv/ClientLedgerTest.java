package io.balsa.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.engine.MemoryEngines;
import io.balsa.engine.MemoryMedium;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.EntryToApply;
import io.balsa.model.Envelope;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A write that comes again under the same name is answered, and not done again. */
class ClientLedgerTest {
  private static final Bytes KEY = Bytes.utf8("k");

  private Replica replica;
  private long index;

  @BeforeEach
  void open() {
    replica = new Replica(new MemoryEngines(new MemoryMedium()), "once");
  }

  private Result apply(long client, long sequence, Command command) {
    return replica.apply(List.of(entry(client, sequence, command))).getFirst();
  }

  private Result apply(WriteId write, Command command) {
    return replica.apply(List.of(entry(write, command))).getFirst();
  }

  private EntryToApply entry(long client, long sequence, Command command) {
    return entry(new WriteId(client, sequence), command);
  }

  private EntryToApply entry(WriteId write, Command command) {
    index++;
    Envelope.RequestId request = new Envelope.RequestId(1, 1, index);
    return EntryToApply.of(index, 1, new Envelope(request, write, Caller.nobody(1), command));
  }

  /** Clients that were never here before write once each. */
  private void othersWrite(long from, int count) {
    List<EntryToApply> entries = new ArrayList<>();
    for (long client = from; client < from + count; client++) {
      entries.add(entry(client, 1, put("other")));
    }
    replica.apply(entries);
  }

  private static Command.Put put(String value) {
    return new Command.Put(KEY, Bytes.utf8(value), 0, true, false, false);
  }

  private long version() {
    Result.Range found = (Result.Range) replica.read(Range.of(KEY));
    return found.kvs().isEmpty() ? 0 : found.kvs().getFirst().version();
  }

  private static Result refused(long revision, KvError error) {
    return new Result.Refused(revision, error);
  }

  @Test
  void theFirstResultIsGivenAgain() {
    Result first = apply(7, 1, put("one"));
    Result second = apply(7, 2, put("two"));

    assertThat(apply(7, 1, put("one"))).isEqualTo(first);
    assertThat(apply(7, 2, put("two"))).isEqualTo(second);
    assertThat(version()).isEqualTo(2);
    assertThat(replica.store().revision()).isEqualTo(3);
    assertThat(apply(8, 1, put("three"))).isNotEqualTo(first);
    assertThat(apply(0, 1, put("four"))).isNotEqualTo(apply(0, 1, put("four")));
    assertThat(version()).isEqualTo(5);
  }

  @Test
  void everyKindOfResultComesBackAsItWas() {
    Command.Txn txn =
        new Command.Txn(
            List.of(),
            List.of(put("a"), Range.of(KEY), new Command.Txn(List.of(), List.of(), List.of())),
            List.of());
    List<Command> commands =
        List.of(
            txn,
            put("b"),
            new Command.Put(KEY, Bytes.EMPTY, 99, false, false, false),
            new Command.DeleteRange(KEY, Bytes.EMPTY, true),
            new Command.DeleteRange(KEY, Bytes.EMPTY, true));
    List<Result> results = new ArrayList<>();
    for (Command command : commands) {
      results.add(apply(7, results.size() + 1, command));
    }
    for (int i = 0; i < commands.size(); i++) {
      assertThat(apply(7, i + 1, commands.get(i))).isEqualTo(results.get(i));
    }
    assertThat(results.get(2)).isEqualTo(refused(3, KvError.LEASE_NOT_FOUND));
  }

  /** Another compaction of that revision is refused, as etcd does. */
  @Test
  void aCompactionThatComesAgainWasDone() {
    apply(7, 1, put("one"));
    Result first = apply(7, 2, new Command.Compact(2, true));
    assertThat(first).isInstanceOf(Result.Done.class);
    assertThat(apply(7, 2, new Command.Compact(2, true))).isEqualTo(first);
    assertThat(apply(7, 3, new Command.Compact(2, true))).isEqualTo(refused(2, KvError.COMPACTED));
    assertThat(apply(0, 0, new Command.Compact(2, true))).isEqualTo(refused(2, KvError.COMPACTED));
  }

  @Test
  void aBatchMayHoldAWriteAndItsRepetition() {
    List<Result> results =
        replica.apply(
            List.of(
                entry(7, 2, put("two")),
                entry(7, 1, put("one")),
                entry(7, 2, put("two")),
                entry(7, 1, put("one"))));
    assertThat(results.subList(2, 4)).isEqualTo(results.subList(0, 2));
    assertThat(version()).isEqualTo(2);
  }

  @Test
  void itSurvivesACrashAndIsInTheHash() {
    Result first = apply(7, 1, put("one"));
    replica.flush();
    apply(7, 2, put("two"));
    assertThat(replica.crash()).isTrue();
    assertThat(apply(7, 1, put("one"))).isEqualTo(first);
    assertThat(version()).isEqualTo(2);

    Replica other = new Replica(new MemoryEngines(new MemoryMedium()), "other");
    Replica mine = new Replica(new MemoryEngines(new MemoryMedium()), "mine");
    index = 0;
    mine.apply(List.of(entry(7, 1, put("one"))));
    index = 0;
    other.apply(List.of(entry(8, 1, put("one"))));
    assertThat(mine.store().hash()).isNotEqualTo(other.store().hash());
  }

  @Test
  void whatIsOlderThanTheWindowIsRefused() {
    for (int sequence = 1; sequence <= ProtocolLimits.WRITE_WINDOW + 1; sequence++) {
      apply(7, sequence, put("v" + sequence));
    }
    long revision = replica.store().revision();

    assertThat(apply(7, 1, put("v1"))).isEqualTo(refused(revision, KvError.SEQUENCE_FORGOTTEN));
    assertThat(apply(7, 2, put("v2"))).isInstanceOf(Result.Put.class);
    assertThat(apply(9, ProtocolLimits.WRITE_WINDOW + 1, put("x")))
        .isEqualTo(refused(revision, KvError.SEQUENCE_FORGOTTEN));
    assertThat(replica.store().revision()).isEqualTo(revision);
  }

  @Test
  void anAnswerTooLargeIsOnlyKnownToBeThere() {
    String large = "x".repeat((int) ResultRow.BYTES_MAX);
    apply(7, 1, put(large));
    Result second = apply(7, 2, put("two"));
    assertThat(second).isInstanceOf(Result.Put.class);

    assertThat(apply(7, 2, put("two"))).isEqualTo(refused(3, KvError.RESULT_TOO_LARGE));
    assertThat(version()).isEqualTo(2);
  }

  @Test
  void theClientThatWroteLongestAgoIsForgotten() {
    apply(1, 1, put("first"));
    int others = ClientLedger.CLIENTS_MAX;
    for (int client = 2; client <= others; client++) {
      apply(client, 1, put("v"));
    }
    apply(1, 2, put("still known"));
    index = replica.store().appliedIndex();
    Result known = apply(1, 2, put("still known"));
    assertThat(known).isInstanceOf(Result.Put.class);
    replica.flush();
    assertThat(replica.crash()).isTrue();

    // one too many: client 2 wrote longest ago, since client 1 was noted again
    apply(100_000, 1, put("new"));

    long revision = replica.store().revision();
    assertThat(apply(1, 1, put("first")).revision()).isLessThan(revision);
    assertThat(apply(3, 1, put("v")).revision()).isLessThan(revision);
    assertThat(apply(2, 1, put("v"))).isEqualTo(refused(revision, KvError.SEQUENCE_FORGOTTEN));
    assertThat(replica.store().revision()).isEqualTo(revision);
  }

  @Test
  void whoWasForgottenIsToldSoWhateverItWrites() {
    apply(7, 1, put("first"));
    othersWrite(1_000, ClientLedger.CLIENTS_MAX);
    long revision = replica.store().revision();
    for (long sequence : List.of(1L, 2L, 128L, 129L)) {
      assertThat(apply(7, sequence, put("again")))
          .isEqualTo(refused(revision, KvError.SEQUENCE_FORGOTTEN));
    }
    replica.flush();
    assertThat(replica.crash()).isTrue();
    assertThat(apply(7, 1, put("again"))).isEqualTo(refused(revision, KvError.SEQUENCE_FORGOTTEN));
    assertThat(replica.store().revision()).isEqualTo(revision);
  }

  @Test
  void whoSaysSinceWhenItIsHereIsNewWhenNobodyIsForgottenSince() {
    othersWrite(1_000, ClientLedger.CLIENTS_MAX);
    apply(new WriteId(7, 1, index), put("first"));
    long since = index;
    othersWrite(100_000, ClientLedger.CLIENTS_MAX - 1);

    // its name is younger than any note that is forgotten: so none of its writes can be
    assertThat(apply(new WriteId(8, 5_000, since), put("new"))).isInstanceOf(Result.Put.class);
    assertThat(version()).isEqualTo(2 * ClientLedger.CLIENTS_MAX + 1);
  }

  @Test
  void whoSaysSinceWhenItIsHereAndMayBeForgottenIsRefused() {
    long since = 1;
    apply(9, 1, put("before"));
    apply(new WriteId(7, 1, since), put("first"));
    othersWrite(1_000, ClientLedger.PAST_MAX + 2 * ClientLedger.CLIENTS_MAX);
    long revision = replica.store().revision();

    // both ids are so old that nobody knows them any more; one cannot say it of itself
    assertThat(apply(new WriteId(7, 1, since), put("first")))
        .isEqualTo(refused(revision, KvError.SEQUENCE_FORGOTTEN));
    assertThat(apply(new WriteId(77, 1, since), put("never here")))
        .isEqualTo(refused(revision, KvError.SEQUENCE_FORGOTTEN));
    assertThat(apply(new WriteId(77, 1, index), put("never here"))).isInstanceOf(Result.Put.class);
    assertThat(apply(9, 1, put("done twice: the bound"))).isInstanceOf(Result.Put.class);
  }

  @Test
  void aKnownClientNeedNotBeYoung() {
    apply(new WriteId(7, 1, 1), put("first"));
    othersWrite(1_000, ClientLedger.CLIENTS_MAX - 1);
    index = replica.store().appliedIndex();
    Result second = apply(new WriteId(7, 2, 1), put("second"));
    assertThat(second).isInstanceOf(Result.Put.class);
    assertThat(apply(new WriteId(7, 2, 1), put("second"))).isEqualTo(second);
  }
}
