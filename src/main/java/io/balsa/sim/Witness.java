package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.bytes.ProtocolLimits;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import io.balsa.raft.Entry;
import io.balsa.wire.EnvelopeCodec;
import io.balsa.wire.WireFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Checks every answer against the committed log, in linear time: the revision of an answer gives
 * its place in the log, so no search is needed.
 *
 * <ol>
 *   <li>No request is in the log twice. A named write may be, and takes effect once.
 *   <li>An acknowledged write is in the log, at the revision of its answer; a refused one is not.
 *   <li>The answer of a read agrees with the log at its revision.
 *   <li>If one request ended before another was sent, the later one has the higher revision, or the
 *       same if it only reads.
 * </ol>
 */
final class Witness {
  private final World world;
  private final Replay replay = new Replay();
  private final UserWitness users;
  private final HashSet<WriteId> writes = new HashSet<>();
  private final Map<Long, Long> highestWrites = new TreeMap<>();

  /** The term of the last sweep of each large deletion. */
  private final Map<Long, Long> sweeps = new TreeMap<>();

  Witness(World world) {
    this.world = world;
    this.users = new UserWitness(world, replay);
  }

  /** Who was allowed, by the log. */
  UserWitness users() {
    return users;
  }

  Replay replay() {
    return replay;
  }

  void hold(List<LogWatch.Committed> log, List<CallRecord> asked) {
    HashSet<Envelope.RequestId> requests = new HashSet<>();
    for (LogWatch.Committed committed : log) {
      if (committed.entry().kind() == Entry.Kind.COMMAND) {
        Envelope envelope = decode(committed.entry().payload());
        world.expect(requests.add(envelope.request()), () -> "committed twice: " + envelope);
        if (envelope.command() instanceof Command.Sweep(long tombstone)) {
          swept(tombstone, committed.entry().term());
        }
        if (users.allows(envelope, committed.entry().index()) && isFirst(envelope.write())) {
          replay.apply(envelope.command(), committed);
        }
      }
      users.passed(committed);
    }
    world.expect(replay.broken() == null, () -> String.valueOf(replay.broken()));
    asked.forEach(this::holdAlone);
    holdInTime(asked);
  }

  /**
   * Whether a write takes effect: it has no name, or is the first with its name and not too late.
   */
  private boolean isFirst(WriteId write) {
    if (write.equals(WriteId.NONE)) {
      return true;
    }
    long highest = highestWrites.getOrDefault(write.client(), 0L);
    highestWrites.put(write.client(), Math.max(highest, write.sequence()));
    return writes.add(write) && highest - write.sequence() < ProtocolLimits.WRITE_WINDOW;
  }

  private void swept(long tombstone, long term) {
    world.marks().hit(Mark.SWEPT);
    Long before = sweeps.put(tombstone, term);
    if (before != null && before != term) {
      world.marks().hit(Mark.SWEPT_UNDER_TWO_LEADERS);
    }
  }

  static Envelope decode(Bytes payload) {
    try {
      return EnvelopeCodec.decode(payload);
    } catch (WireFailure e) {
      throw new IllegalStateException("a committed command cannot be read", e);
    }
  }

  private void holdAlone(CallRecord asked) {
    Result result = asked.result;
    boolean right =
        switch (asked.ending) {
          case ANSWERED ->
              result instanceof Result.Refused
                  ? isRightlyRefused(asked.call)
                  : result != null && isRight(asked.call, result);
          case REFUSED -> valuesOf(asked.call).stream().allMatch(v -> replay.revisionOf(v) == 0);
          case OPEN, UNKNOWN -> true;
        };
    if (!right) {
      world.breaks("the log disagrees with an answer: " + asked);
    }
  }

  /** Checks a refusal because of compaction: the revision is compacted at the end. */
  private boolean isRightlyRefused(Call call) {
    return switch (call) {
      case Call.Compact _ -> true;
      case Call.Past past -> past.revision() < replay.compacted();
      case Call.Put _, Call.Delete _, Call.Clear _, Call.Cas _, Call.Pair _, Call.Get _ -> false;
    };
  }

  private static List<Bytes> valuesOf(Call call) {
    return switch (call) {
      case Call.Put put -> List.of(put.value());
      case Call.Cas cas -> List.of(cas.value());
      case Call.Pair pair -> List.of(pair.oneValue(), pair.otherValue());
      case Call.Delete _, Call.Clear _, Call.Get _, Call.Past _, Call.Compact _ -> List.of();
    };
  }

  private boolean isRight(Call call, Result result) {
    long at = result.revision();
    return switch (call) {
      case Call.Put put -> replay.changed(put.key(), at, put.value());
      case Call.Delete(Bytes key) ->
          ((Result.DeleteRange) result).deleted() == 0
              ? replay.get(key, at) == null
              : replay.changed(key, at, null);
      case Call.Clear _ -> isRight((Result.DeleteRange) result);
      case Call.Cas cas -> isRight(cas, (Result.Txn) result);
      case Call.Pair pair ->
          replay.changed(pair.one(), at, pair.oneValue())
              && replay.changed(pair.other(), at, pair.otherValue());
      case Call.Get get -> ((Result.Range) result).kvs().equals(replay.range(get.key(), at));
      case Call.Past(Bytes key, long revision) ->
          ((Result.Range) result).kvs().equals(replay.range(key, revision));
      case Call.Compact _ -> true;
    };
  }

  /** Checks that a clear deleted and counted all keys. */
  private boolean isRight(Result.DeleteRange cleared) {
    long at = cleared.revision();
    boolean none = cleared.deleted() == 0;
    return replay.cleared(at).isEmpty()
        && (none || replay.cleared(at - 1).size() == cleared.deleted());
  }

  private boolean isRight(Call.Cas cas, Result.Txn result) {
    long at = result.revision();
    if (result.succeeded()) {
      return replay.changed(cas.key(), at, cas.value())
          && isExpected(cas.expected(), replay.get(cas.key(), at - 1));
    }
    return !isExpected(cas.expected(), replay.get(cas.key(), at))
        && replay.revisionOf(cas.value()) == 0;
  }

  private static boolean isExpected(@Nullable Bytes expected, @Nullable KeyValue kv) {
    return kv == null ? expected == null : Objects.equals(kv.value(), expected);
  }

  /** Checks calls and ends in order of time. */
  private void holdInTime(List<CallRecord> asked) {
    List<CallRecord> byEnd = new ArrayList<>();
    for (CallRecord each : asked) {
      if (each.ending == CallRecord.Ending.ANSWERED) {
        byEnd.add(each);
      }
    }
    byEnd.sort(Comparator.comparingLong(each -> each.endedAt));
    long newest = 0;
    int ended = 0;
    for (CallRecord each : asked) {
      while (ended < byEnd.size() && byEnd.get(ended).endedAt < each.calledAt) {
        newest = Math.max(newest, revisionOf(byEnd.get(ended++)));
      }
      boolean tooOld =
          each.ending == CallRecord.Ending.ANSWERED
              && isLinearizable(each)
              && revisionOf(each) < newest + (changes(each) ? 1 : 0);
      if (tooOld) {
        world.breaks("older than revision " + newest + " of an earlier answer: " + each);
      }
    }
  }

  private static long revisionOf(CallRecord asked) {
    return asked.result == null ? 0 : asked.result.revision();
  }

  private static boolean isLinearizable(CallRecord asked) {
    return !(asked.call instanceof Call.Get get) || get.linearizable();
  }

  private static boolean changes(CallRecord asked) {
    return switch (asked.result) {
      case Result.Put _ -> true;
      case Result.DeleteRange delete -> delete.deleted() > 0;
      case Result.Txn txn -> txn.succeeded();
      case Result.Range _,
          Result.Done _,
          Result.Alarms _,
          Result.LeaseGrant _,
          Result.LeaseTime _,
          Result.Leases _,
          Result.Measured _,
          Result.UnderWay _,
          Result.Swept _,
          Result.Refused _ ->
          false;
      case null -> false;
    };
  }
}
