package io.balsa.sim;

import io.balsa.model.Caller;
import io.balsa.model.Command;
import io.balsa.model.Envelope;
import io.balsa.model.KvError;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.model.WriteId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Judges by the committed log who was allowed, with {@link PlainRights}.
 *
 * <ol>
 *   <li>A command is done if and only if its caller may do it at its place in the log. The answer
 *       says so.
 *   <li>A read is answered if and only if its caller may read at some place in the log. The place
 *       is not before the revision of the answer, and not after the answer. For a linearizable read
 *       it is not before what was acknowledged when the read was sent.
 *   <li>A change of users or roles is refused when the rules of etcd refuse it.
 * </ol>
 */
final class UserWitness {
  private final World world;
  private final Replay replay;
  private final NavigableMap<Long, PlainRights> rights = new TreeMap<>();

  /** The revision after each entry; the first one is of no entry. */
  private final List<Long> revisions = new ArrayList<>(List.of(1L));

  private final List<Long> toldAt = new ArrayList<>(List.of(0L));
  private final HashMap<Long, Long> places = new HashMap<>();

  /** The place in the log of each named command, and whether it was allowed and possible. */
  private final HashMap<WriteId, Decision> decisions = new HashMap<>();

  private PlainRights now = PlainRights.NONE;

  /** What the log says of a command. */
  private record Decision(long index, boolean allowed, boolean possible) {}

  UserWitness(World world, Replay replay) {
    this.world = world;
    this.replay = replay;
    rights.put(0L, now);
  }

  /** Takes an entry of the log without a command, or after its command has been applied. */
  void passed(LogWatch.Committed committed) {
    places.putIfAbsent(replay.revision(), committed.entry().index());
    revisions.add(replay.revision());
    toldAt.add(committed.toldAt());
  }

  /** Takes a command, before it is applied; returns whether it takes effect. */
  boolean allows(Envelope envelope, long index) {
    Command command = envelope.command();
    long revision = replay.revision();
    boolean allowed =
        now.allows(envelope.caller(), command, lease -> replay.attached(lease, revision));
    boolean possible = true;
    if (allowed && command instanceof Command.OfAuth change) {
      PlainRights next = now.after(change);
      possible = next != null;
      now = next == null ? now : next;
      rights.put(index, now);
    }
    if (!envelope.write().isNone()) {
      decisions.put(envelope.write(), new Decision(index, allowed, possible));
    }
    return allowed;
  }

  /** Whether rights that satisfy a condition were in force at or after an entry, until a time. */
  boolean anyRights(long from, long until, Predicate<PlainRights> condition) {
    long last = lastTold(from, until);
    return rights.subMap(rights.floorKey(from), true, last, true).values().stream()
        .anyMatch(condition);
  }

  /** The last entry that may have been applied anywhere at a time. */
  private long lastTold(long from, long until) {
    long last = from;
    for (int i = toldAt.size() - 1; i > from; i--) {
      if (toldAt.get(i) <= until) {
        return i;
      }
    }
    return last;
  }

  /** Checks all answers. */
  void hold(List<UserCallRecord> asked) {
    List<UserCallRecord> ended = new ArrayList<>();
    for (UserCallRecord each : asked) {
      if (each.ending == CallRecord.Ending.ANSWERED) {
        ended.add(each);
      }
    }
    ended.sort(Comparator.comparingLong(each -> each.endedAt));
    long acknowledged = 0;
    int next = 0;
    for (UserCallRecord each : asked) {
      while (next < ended.size() && ended.get(next).endedAt < each.calledAt) {
        Decision done = decisions.get(ended.get(next++).write);
        acknowledged = done == null ? acknowledged : Math.max(acknowledged, done.index());
      }
      hold(each, acknowledged);
    }
  }

  private void hold(UserCallRecord asked, long acknowledged) {
    Decision decision = decisions.get(asked.write);
    Result result = asked.result;
    if (asked.ending == CallRecord.Ending.REFUSED) {
      world.expect(decision == null, () -> "refused, but in the log: " + asked);
    } else if (result != null && decision != null) {
      holdDecided(asked, decision, result);
    } else if (result != null) {
      holdRead(asked, result, acknowledged);
    }
  }

  private void holdDecided(UserCallRecord asked, Decision decision, Result result) {
    boolean right = decision.allowed() != isDenial(result);
    if (decision.allowed() && commandOf(asked) instanceof Command.OfAuth) {
      // a change that misses its user gets the error of a caller that is gone
      boolean missing = result instanceof Result.Refused(_, KvError error) && isMissing(error);
      right = decision.possible() ? result instanceof Result.Done : right || missing;
    }
    boolean fits = right;
    world.expect(fits, () -> "the log says " + decision + ", but the answer was " + asked);
  }

  private static @Nullable Command commandOf(UserCallRecord asked) {
    return asked.call instanceof UserCall.Change(Command command) ? command : null;
  }

  private static boolean isDenial(Result result) {
    return result instanceof Result.Refused(_, KvError error)
        && (isMissing(error)
            || error == KvError.USER_EMPTY
            || error == KvError.PERMISSION_DENIED
            || error == KvError.AUTH_OLD_REVISION);
  }

  private static boolean isMissing(KvError error) {
    return error == KvError.USER_NOT_FOUND;
  }

  /** Checks an answer that no entry of the log decided. */
  private void holdRead(UserCallRecord asked, Result result, long acknowledged) {
    boolean linearizable = !(asked.call instanceof UserCall.Look look) || look.linearizable();
    long place = places.getOrDefault(result.revision(), 0L);
    long from = linearizable ? Math.max(place, acknowledged) : place;
    boolean denied = isDenial(result);
    boolean right =
        switch (asked.call) {
          case UserCall.Look(Range range, _) ->
              anyRights(from, asked.endedAt, each -> each.allows(asked.caller, range) != denied)
                  && (denied || isRight(range, result));
          case UserCall.Change(Command command) ->
              denied && mayBeDenied(command, asked.caller, from, asked.endedAt);
        };
    world.expect(right, () -> "from entry " + from + " on no rights explain the answer " + asked);
  }

  /** Whether a command may have been refused before it was proposed. */
  private boolean mayBeDenied(Command command, Caller caller, long from, long until) {
    long last = lastTold(from, until);
    for (long at = from; at <= last; at++) {
      long revision = revisions.get((int) at);
      PlainRights then = rights.floorEntry(at).getValue();
      if (!then.allows(caller, command, lease -> replay.attached(lease, revision))) {
        return true;
      }
    }
    return false;
  }

  private boolean isRight(Range range, Result result) {
    return result instanceof Result.Range found
        && found.kvs().equals(replay.within(range.key(), range.rangeEnd(), found.revision()));
  }
}
