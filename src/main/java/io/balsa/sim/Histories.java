package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.check.Answer;
import io.balsa.check.History;
import io.balsa.check.KeyRequest;
import io.balsa.check.Operation;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The calls of clients as operations on single keys, for the linearizability checker. Reads that
 * may be stale are left out.
 */
final class Histories {
  private final int keys;
  private final List<Operation> operations = new ArrayList<>();

  private Histories(int keys) {
    this.keys = keys;
  }

  static History of(List<CallRecord> asked, int keys) {
    Histories histories = new Histories(keys);
    asked.forEach(histories::add);
    return new History(histories.operations);
  }

  private void add(CallRecord asked) {
    if (asked.ending != CallRecord.Ending.REFUSED) {
      addWrite(asked);
    }
    if (asked.call instanceof Call.Get(Bytes key, boolean linearizable)
        && linearizable
        && asked.result instanceof Result.Range range) {
      addRead(asked, key, range);
    }
  }

  private void addWrite(CallRecord asked) {
    Result result = asked.result;
    long revision = result == null ? 0 : result.revision();
    switch (asked.call) {
      case Call.Put(Bytes key, Bytes value) ->
          add(asked, key, new KeyRequest.Put(value), new Answer.Done(revision));
      case Call.Pair(Bytes one, Bytes oneValue, Bytes other, Bytes otherValue) -> {
        add(asked, one, new KeyRequest.Put(oneValue), new Answer.Done(revision));
        add(asked, other, new KeyRequest.Put(otherValue), new Answer.Done(revision));
      }
      case Call.Delete(Bytes key) -> {
        boolean existed = result instanceof Result.DeleteRange gone && gone.deleted() > 0;
        add(asked, key, new KeyRequest.Delete(), new Answer.Deleted(existed, revision));
      }
      case Call.Clear() -> {
        for (int i = 0; i < keys; i++) {
          clear(asked, Bytes.utf8("k" + i));
        }
      }
      case Call.Cas(Bytes key, Bytes expected, Bytes value) -> {
        boolean swapped = result instanceof Result.Txn txn && txn.succeeded();
        KeyRequest request = new KeyRequest.Cas(expected, value);
        add(asked, key, request, new Answer.Swapped(swapped, revision));
      }
      case Call.Get _, Call.Past _, Call.Compact _ -> {}
    }
  }

  /**
   * Adds a deletion with unknown outcome: the answer of a clear does not say which keys existed.
   */
  private void clear(CallRecord asked, Bytes key) {
    operations.add(
        new Operation(
            asked.client,
            key,
            new KeyRequest.Delete(),
            new Answer.Unknown(),
            asked.calledAt,
            Operation.NEVER));
  }

  private void addRead(CallRecord asked, Bytes key, Result.Range range) {
    if (!key.equals(Call.ALL)) {
      add(asked, key, new KeyRequest.Get(), answerOf(range, key));
      return;
    }
    for (int i = 0; i < keys; i++) {
      Bytes each = Bytes.utf8("k" + i);
      add(asked, each, new KeyRequest.Get(), answerOf(range, each));
    }
  }

  private static Answer answerOf(Result.Range range, Bytes key) {
    @Nullable KeyValue found = null;
    for (KeyValue kv : range.kvs()) {
      found = kv.key().equals(key) ? kv : found;
    }
    return found == null
        ? new Answer.Nothing(range.revision())
        : new Answer.Found(
            found.value(),
            found.createRevision(),
            found.modRevision(),
            found.version(),
            range.revision());
  }

  private void add(CallRecord asked, Bytes key, KeyRequest request, Answer answer) {
    boolean answered = asked.ending == CallRecord.Ending.ANSWERED;
    operations.add(
        new Operation(
            asked.client,
            key,
            request,
            answered ? answer : new Answer.Unknown(),
            asked.calledAt,
            answered ? asked.endedAt : Operation.NEVER));
  }
}
