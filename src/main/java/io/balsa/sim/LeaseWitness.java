package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.KeyValue;
import io.balsa.model.Result;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Checks every answer about leases against the committed log.
 *
 * <ol>
 *   <li>A lease does not expire before the time that an answer promised. The time counts from the
 *       moment when the request was sent, by the fastest clock.
 *   <li>After an answer said that a lease is over, or its end was seen committed, all answers to
 *       later requests say so.
 *   <li>An answer that says that a lease is over comes after its end.
 *   <li>The keys in an answer were the lease's keys at a moment between request and answer.
 * </ol>
 */
final class LeaseWitness {
  private static final long SECOND = 1_000_000_000;

  /** Tolerance, because deadlines are whole milliseconds of the leader's clock. */
  private static final long ROUNDING_NANOS = 2_000_000;

  private final World world;
  private final Replay replay;

  /** The most time that any server may count between two moments. */
  private final LongBinaryOperator counted;

  /** By lease, the time after which every answer must say that it is over. */
  private final Map<Long, Long> knownOver = new TreeMap<>();

  LeaseWitness(World world, Replay replay, LongBinaryOperator counted) {
    this.world = world;
    this.replay = replay;
    this.counted = counted;
  }

  void hold(List<LeaseCallRecord> asked) {
    for (LeaseLives.Life life : replay.leases().all()) {
      note(life);
    }
    asked.forEach(this::learn);
    for (LeaseCallRecord each : asked) {
      String wrong = wrong(each);
      world.expect(wrong == null, () -> wrong + ": " + each + "; " + lifeOf(each.call));
    }
  }

  private void note(LeaseLives.Life life) {
    world.marks().hit(Mark.LEASE_GRANTED);
    LogWatch.Committed end = life.end;
    if (life.written) {
      world.marks().hit(Mark.LEASE_TIME_WRITTEN);
    }
    if (end != null) {
      knownOver.put(life.id, end.seenAt());
      boolean later = end.entry().term() > life.grant.entry().term();
      world.marks().hit(life.expired ? Mark.LEASE_EXPIRED : Mark.LEASE_REVOKED);
      if (life.expired && later) {
        world.marks().hit(Mark.LEASE_EXPIRED_UNDER_LATER_LEADER);
      }
    }
  }

  private void learn(LeaseCallRecord asked) {
    boolean over =
        switch (asked.call) {
          case LeaseCall.Revoke _ -> asked.result instanceof Result.Done || asked.isToldGone();
          case LeaseCall.Renew _, LeaseCall.Look _ -> asked.isToldGone();
          case LeaseCall.Grant _, LeaseCall.Attach _, LeaseCall.All _ -> false;
        };
    LeaseLives.Life life = lifeOf(asked.call);
    if (over && isBegun(asked, life)) {
      knownOver.merge(idOf(asked.call), asked.endedAt, Math::min);
    }
  }

  /** Whether the lease was certainly granted before the request was sent. */
  private static boolean isBegun(LeaseCallRecord asked, LeaseLives.@Nullable Life life) {
    return life != null && life.grant.seenAt() < asked.sentAt;
  }

  private LeaseLives.@Nullable Life lifeOf(LeaseCall call) {
    return replay.leases().of(idOf(call));
  }

  private static long idOf(LeaseCall call) {
    return switch (call) {
      case LeaseCall.Grant(long lease, long _) -> lease;
      case LeaseCall.Attach(Bytes _, Bytes _, long lease) -> lease;
      case LeaseCall.Renew(long lease) -> lease;
      case LeaseCall.Revoke(long lease) -> lease;
      case LeaseCall.Look(long lease) -> lease;
      case LeaseCall.All _ -> 0;
    };
  }

  private @Nullable String wrong(LeaseCallRecord asked) {
    return switch (asked.ending) {
      case OPEN, UNKNOWN -> null;
      case REFUSED -> isDone(asked.call) ? "it was refused, but it is in the log" : null;
      case ANSWERED -> wrongAnswer(asked, Objects.requireNonNull(asked.result));
    };
  }

  /** Whether the log has the effect of a call that no other call can have. */
  private boolean isDone(LeaseCall call) {
    return switch (call) {
      case LeaseCall.Grant(long lease, long _) -> replay.leases().of(lease) != null;
      case LeaseCall.Attach(Bytes _, Bytes value, long _) -> replay.revisionOf(value) != 0;
      case LeaseCall.Renew _, LeaseCall.Revoke _, LeaseCall.Look _, LeaseCall.All _ -> false;
    };
  }

  private @Nullable String wrongAnswer(LeaseCallRecord asked, Result result) {
    LeaseLives.Life life = lifeOf(asked.call);
    return switch (asked.call) {
      case LeaseCall.Grant(long _, long ttl) -> {
        boolean right = result instanceof Result.LeaseGrant granted && granted.ttl() >= ttl;
        yield right ? wrongPromise(asked, life) : "a grant with a new id was refused";
      }
      case LeaseCall.Attach attach -> wrongAttach(attach, asked, result);
      case LeaseCall.Renew _ -> wrongTime(asked, life, (Result.LeaseTime) result);
      case LeaseCall.Look(long lease) -> {
        String wrong = wrongTime(asked, life, (Result.LeaseTime) result);
        yield wrong == null ? wrongKeys(lease, asked, (Result.LeaseTime) result) : wrong;
      }
      case LeaseCall.Revoke _ ->
          result instanceof Result.Refused
              ? wrongGone(asked, life)
              : life == null || life.end == null || life.expired
                  ? "the log does not revoke it"
                  : null;
      case LeaseCall.All _ -> wrongList(asked, (Result.Leases) result);
    };
  }

  private @Nullable String wrongTime(
      LeaseCallRecord asked, LeaseLives.@Nullable Life life, Result.LeaseTime time) {
    boolean renews = asked.call instanceof LeaseCall.Renew;
    if (time.left() < 0) {
      world.marks().hit(renews ? Mark.LEASE_RENEWAL_REFUSED : Mark.LEASE_SEEN_GONE);
      return wrongGone(asked, life);
    }
    world.marks().hit(renews ? Mark.LEASE_RENEWED : Mark.LEASE_SEEN);
    if (!renews && life != null && time.ttl() != life.ttl) {
      return "the answer is not the whole TTL";
    }
    return wrongPromise(asked, life);
  }

  private @Nullable String wrongPromise(LeaseCallRecord asked, LeaseLives.@Nullable Life life) {
    if (life == null || asked.promised() > life.ttl) {
      return "the answer promises more than was granted";
    }
    Long over = knownOver.get(life.id);
    if (over != null && over < asked.sentAt) {
      return "it was over at " + Trace.seconds(over);
    }
    return isEarly(asked, life) ? "it expires too early" : null;
  }

  private boolean isEarly(LeaseCallRecord asked, LeaseLives.Life life) {
    LogWatch.Committed end = life.end;
    return end != null
        && life.expired
        && asked.promised() > 0
        && counted.applyAsLong(asked.sentAt, end.toldAt()) + ROUNDING_NANOS
            < asked.promised() * SECOND;
  }

  /**
   * Checks an answer that a lease does not exist: it was never granted, or its end was proposed.
   */
  private static @Nullable String wrongGone(LeaseCallRecord asked, LeaseLives.@Nullable Life life) {
    LogWatch.Committed end = life == null ? null : life.end;
    boolean over = end != null && end.toldAt() <= asked.endedAt;
    return isBegun(asked, life) && !over ? "it was not over" : null;
  }

  private @Nullable String wrongAttach(
      LeaseCall.Attach attach, LeaseCallRecord asked, Result result) {
    if (result instanceof Result.Refused) {
      return isDone(attach)
          ? "it was refused, but it is in the log"
          : wrongGone(asked, lifeOf(attach));
    }
    KeyValue kv = replay.get(attach.key(), result.revision());
    boolean done =
        replay.changed(attach.key(), result.revision(), attach.value())
            && kv != null
            && kv.lease() == attach.lease();
    return done ? null : "the log has no such write";
  }

  private @Nullable String wrongKeys(long lease, LeaseCallRecord asked, Result.LeaseTime time) {
    if (time.left() < 0) {
      return null;
    }
    for (long at = time.revision(); at >= asked.newest; at--) {
      if (replay.attached(lease, at).equals(time.keys())) {
        return null;
      }
    }
    return "these were not its keys at any revision from " + asked.newest;
  }

  private @Nullable String wrongList(LeaseCallRecord asked, Result.Leases leases) {
    for (long id : leases.ids()) {
      LeaseLives.Life life = replay.leases().of(id);
      Long over = knownOver.get(id);
      if (life == null || (over != null && over < asked.sentAt)) {
        return "there is no lease " + id;
      }
    }
    for (LeaseLives.Life life : replay.leases().all()) {
      if (!leases.ids().contains(life.id) && wrongGone(asked, life) != null) {
        return life + " is missing";
      }
    }
    return null;
  }
}
