package io.balsa.api;

import io.balsa.access.CallerSession;
import io.balsa.bytes.Bytes;
import io.balsa.bytes.Check;
import io.balsa.errors.EtcdError;
import io.balsa.lanes.AnswerRoom;
import io.balsa.lanes.Outcome;
import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Compare;
import io.balsa.model.Range;
import io.balsa.model.Range.SortOrder;
import io.balsa.model.Range.SortTarget;
import io.balsa.model.Result;
import io.balsa.node.Node;
import io.balsa.queue.KeySearch;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;

/**
 * A node's answers as futures, for locks and elections, which take several steps. A failed step has
 * the right text and the code UNKNOWN: in etcd such a step goes through its own client.
 */
final class NodeCalls {
  /** etcd's lease for a lock or a campaign without one, in seconds. */
  private static final long LEASE_TTL = 60;

  private final Node node;
  private final Caller caller;

  /** The steps of one call. */
  private NodeCalls(Node node, Caller caller) {
    this.node = node;
    this.caller = caller;
  }

  /** The steps of the current call; to be asked for before the call's method returns. */
  static NodeCalls ofCurrentCall(Node node) {
    return new NodeCalls(node, CallerSession.current().caller());
  }

  Caller caller() {
    return caller;
  }

  Node node() {
    return node;
  }

  /** Does a transaction whose result has no values, even if the client has gone. */
  CompletableFuture<Result.Txn> txn(Command.Txn txn) {
    return txn(txn, AnswerRoom.UNBOUNDED);
  }

  /** Does a transaction, if the client still waits. */
  CompletableFuture<Result.Txn> txn(Command.Txn txn, AnswerRoom room) {
    Answer<Result.Txn> answer = new Answer<>(Result.Txn.class);
    if (txn.compares().stream().anyMatch(compare -> compare.key().isEmpty())) {
      answer.fail(EtcdError.EMPTY_KEY);
    } else {
      node.propose(caller, txn, room, answer);
    }
    return answer.future;
  }

  CompletableFuture<Result.DeleteRange> delete(Bytes key) {
    Answer<Result.DeleteRange> answer = new Answer<>(Result.DeleteRange.class);
    if (key.isEmpty()) {
      answer.fail(EtcdError.EMPTY_KEY);
    } else {
      node.propose(caller, new Command.DeleteRange(key, Bytes.EMPTY, false), answer);
    }
    return answer.future;
  }

  /** Reads a key without its value. */
  CompletableFuture<Result.Range> readKey(Range range) {
    Check.that(range.keysOnly(), "a read without room has no values");
    return read(range, AnswerRoom.UNBOUNDED);
  }

  /** Reads a key, if the client still waits. */
  CompletableFuture<Result.Range> read(Range range, AnswerRoom room) {
    Answer<Result.Range> answer = new Answer<>(Result.Range.class);
    node.read(caller, range, true, room, answer);
    return answer.future;
  }

  /** The given lease, or a new one that no client renews. */
  CompletableFuture<Long> lease(long given) {
    if (given != 0) {
      return CompletableFuture.completedFuture(given);
    }
    Answer<Result.LeaseGrant> answer = new Answer<>(Result.LeaseGrant.class);
    node.grantLease(caller, 0, LEASE_TTL, answer);
    return answer.future.thenApply(Result.LeaseGrant::id);
  }

  static Range one(Bytes key) {
    return range(key, Bytes.EMPTY, SortOrder.NONE, 0, false);
  }

  /** The same without its value. */
  static Range oneKey(Bytes key) {
    return range(key, Bytes.EMPTY, SortOrder.NONE, 0, true);
  }

  /** Finds a key of a queue, with its value. */
  static Range found(KeySearch search) {
    return range(search, false);
  }

  /** The same without its value. */
  static Range foundKey(KeySearch search) {
    return range(search, true);
  }

  private static Range range(KeySearch search, boolean keysOnly) {
    SortOrder order =
        switch (search.order()) {
          case OLDEST -> SortOrder.ASCEND;
          case NEWEST -> SortOrder.DESCEND;
        };
    return range(search.from(), search.end(), order, search.maxCreateRevision(), keysOnly);
  }

  private static Range range(
      Bytes key, Bytes end, SortOrder order, long maxCreateRevision, boolean keysOnly) {
    SortTarget target = order == SortOrder.NONE ? SortTarget.KEY : SortTarget.CREATE;
    Range first =
        Range.of(key, end)
            .withLimit(1)
            .sorted(order, target)
            .withMaxCreateRevision(maxCreateRevision);
    return keysOnly ? first.withKeysOnly() : first;
  }

  /** Compares a key's create revision; 0 for a missing key. */
  static Compare created(Bytes key, long revision) {
    return new Compare(
        key, Bytes.EMPTY, Compare.Relation.EQUAL, new Compare.Operand.CreateRevision(revision));
  }

  static Command.Put put(Bytes key, Bytes value, long lease) {
    return new Command.Put(key, value, lease, false, false, false);
  }

  static Command.Txn when(Compare holds, Command.Op then) {
    return new Command.Txn(List.of(holds), List.of(then), List.of());
  }

  static StatusRuntimeException unknown(String text) {
    return Status.UNKNOWN.withDescription(text).asRuntimeException();
  }

  /** The failure of a step, as the client sees it. */
  static Throwable cause(Throwable failure) {
    return failure instanceof CompletionException e && e.getCause() != null
        ? e.getCause()
        : failure;
  }

  private static final class Answer<R extends Result> implements Consumer<Outcome> {
    private final Class<R> kind;
    private final CompletableFuture<R> future = new CompletableFuture<>();

    Answer(Class<R> kind) {
      this.kind = kind;
    }

    @Override
    public void accept(Outcome outcome) {
      switch (outcome) {
        case Outcome.Answered(Result.Refused refused, long _) ->
            fail(EtcdError.of(refused.error()));
        case Outcome.Answered(Result result, long _) -> future.complete(kind.cast(result));
        case Outcome.Failed(Outcome.Failure failure) -> fail(EtcdError.of(failure));
      }
    }

    private void fail(EtcdError error) {
      String text = error.status().getDescription();
      future.completeExceptionally(unknown(text == null ? "" : text));
    }
  }
}
