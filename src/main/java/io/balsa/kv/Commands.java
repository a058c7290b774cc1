package io.balsa.kv;

import io.balsa.auth.AuthState;
import io.balsa.auth.Judge;
import io.balsa.engine.Engine;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Envelope;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Member;
import io.balsa.model.Range;
import io.balsa.model.Result;
import io.balsa.rows.Cost;
import io.balsa.rows.Space;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Carries out the commands of the log on a draft. A refused command has changed nothing. */
final class Commands {
  private static final Comparator<Alarm> ALARM_ORDER =
      Comparator.comparing(Alarm::member, Long::compareUnsigned).thenComparing(Alarm::kind);

  /** One part in so many of the quota must be free for the alarm to go. */
  private static final int FREE_PART = 64;

  private final Draft draft;
  private final Operations operations;
  private final Deletions deletions;
  private final LeaseCommands leases;
  private final AuthCommands auths;
  private final AttachedRows attached;

  /** The member that took the present command from its client. */
  private long origin;

  Commands(Draft draft) {
    this.draft = draft;
    this.operations = new Operations(draft);
    this.deletions = new Deletions(draft);
    this.leases = new LeaseCommands(draft, deletions);
    this.auths = new AuthCommands(draft);
    this.attached = new AttachedRows(this::stored, draft.keyspace());
  }

  /**
   * Carries a command out.
   *
   * @param index where it stands in the log
   * @param term the term of its entry
   * @param keeping which parts of the result are built
   */
  Result run(Envelope envelope, long index, long term, Keeping keeping) {
    origin = envelope.request().origin();
    KvError refusal = refusal(envelope);
    if (refusal != null) {
      return refused(refusal);
    }
    return envelope.command() instanceof Command.Txn txn
        ? txn(txn, keeping)
        : keeping.keep(run(envelope, index, term));
  }

  /** As in etcd, an alarm refuses first; only compaction asks who the caller is before that. */
  private @Nullable KvError refusal(Envelope envelope) {
    KvError alarm = alarmRefusal(envelope.command());
    if (alarm == null || envelope.command() instanceof Command.Compact) {
      KvError denied = judge(envelope);
      return denied == null ? alarm : denied;
    }
    return alarm;
  }

  private @Nullable KvError judge(Envelope envelope) {
    AuthState state = draft.auth().state();
    return Judge.command(state, envelope.caller(), envelope.command(), attached.begin());
  }

  /** A view of what is stored, with all keys that are attached to a lease. */
  private Engine.View stored(long lease) {
    if (draft.leases().isMoving(lease)) {
      draft.store();
    }
    return draft.view();
  }

  /**
   * Answers a write that was done before: only to the user that wrote, and only what that user may
   * still do. Otherwise a client could name another client's write and get what it read.
   */
  Result again(Envelope envelope, ClientLedger.Remembered remembered) {
    if (!draft.auth().state().enabled() || envelope.caller().isServer()) {
      return remembered.result();
    }
    boolean own = remembered.user().equals(envelope.caller().user());
    KvError denied = judge(envelope);
    if (denied == KvError.PERMISSION_DENIED && own) {
      // the user must not take this for a write that was not done
      return refused(KvError.RESULT_TOO_LARGE);
    }
    if (denied == null && !own) {
      return refused(KvError.PERMISSION_DENIED);
    }
    return denied == null ? remembered.result() : refused(denied);
  }

  private Result run(Envelope envelope, long index, long term) {
    return switch (envelope.command()) {
      case Command.Put put -> put(put);
      case Command.DeleteRange delete -> deletions.deleteRange(delete, envelope.write());
      // not reached, because the caller takes transactions
      case Command.Txn txn -> txn(txn, Keeping.all());
      case Command.Compact compact -> compact(compact);
      case Command.Sweep(long tombstone) -> sweep(tombstone);
      case Command.SetAlarm alarm -> setAlarm(alarm);
      case Command.Publish publish -> publish(publish);
      case Command.SetQuota quota -> setQuota(quota);
      case Command.BeginHash _ -> beginHash();
      case Command.OfLease lease -> leases.run(lease, index, term);
      case Command.OfAuth auth -> auths.run(auth, index);
    };
  }

  private Result put(Command.Put put) {
    KvError lease = Branch.leaseRefusal(put, draft.keyspace());
    if (lease != null) {
      return refused(lease);
    }
    KeyValue before = draft.keyspace().newest(put.key());
    boolean needsOld = put.ignoreValue() || put.ignoreLease();
    if (needsOld && before == null) {
      return refused(KvError.KEY_NOT_FOUND);
    }
    if (put.prevKv() && before != null && Result.sizeOf(before) > draft.limits().answerBytes()) {
      return refused(KvError.ANSWER_TOO_LARGE);
    }
    return fits(bytesOf(put)) ? operations.put(put, before) : refused(KvError.NO_SPACE);
  }

  /** Allowed under every alarm: the deletion that it goes on with was done before. */
  private Result sweep(long tombstone) {
    Result result = deletions.sweep(tombstone);
    clearWhenThereIsSpace();
    return result;
  }

  private Result beginHash() {
    draft.beginHash();
    return new Result.Done(draft.revision());
  }

  /** The transaction is tried first, so that one that is refused for its cost has had no effect. */
  private Result txn(Command.Txn txn, Keeping keeping) {
    Trial trial = new Trial(draft.keyspace(), new Cost(draft.limits()), keeping);
    Branch branch = trial.choose(txn);
    KvError error = trial.refusal(branch);
    if (error != null) {
      return refused(error);
    }
    Result.Txn result = trial.run(branch);
    KvError tooMuch = trial.tooMuch();
    if (tooMuch != null) {
      return refused(tooMuch);
    }
    if (!fits(bytesOf(branch))) {
      return refused(KvError.NO_SPACE);
    }
    trial.carryOut(draft);
    return result;
  }

  private Result compact(Command.Compact compact) {
    if (compact.revision() <= draft.compactRevision()) {
      return refused(KvError.COMPACTED);
    }
    if (compact.revision() > draft.revision()) {
      return refused(KvError.FUTURE_REVISION);
    }
    draft.compact(compact.revision());
    clearWhenThereIsSpace();
    return new Result.Done(draft.revision());
  }

  /** As etcd: raising a raised alarm answers with it, clearing one that is not raised with none. */
  private Result setAlarm(Command.SetAlarm set) {
    List<Alarm> alarms = new ArrayList<>(draft.alarms());
    boolean raised = alarms.remove(set.alarm());
    if (set.active()) {
      alarms.add(set.alarm());
      alarms.sort(ALARM_ORDER);
    }
    draft.alarms(alarms);
    if (set.alarm().kind() == Alarm.Kind.NOSPACE) {
      draft.space(draft.space().withFull(false));
    }
    boolean told = raised || set.active();
    return new Result.Alarms(draft.revision(), told ? List.of(set.alarm()) : List.of());
  }

  private Result setQuota(Command.SetQuota quota) {
    draft.space(draft.space().withQuota(quota.bytes()));
    clearWhenThereIsSpace();
    return new Result.Done(draft.revision());
  }

  /**
   * Whether so many more bytes may be stored. A write that does not fit raises the alarm, which
   * also refuses smaller writes from then on, as in etcd. Unlike in etcd, the write that raises it
   * is not done.
   */
  private boolean fits(long bytes) {
    long quota = draft.space().quota();
    if (quota == 0 || bytes == 0 || draft.usedBytes() + bytes <= quota) {
      return true;
    }
    List<Alarm> alarms = new ArrayList<>(draft.alarms());
    alarms.add(new Alarm(origin, Alarm.Kind.NOSPACE));
    alarms.sort(ALARM_ORDER);
    draft.alarms(alarms);
    draft.space(draft.space().withFull(true));
    return false;
  }

  private static long bytesOf(Command.Put put) {
    return Space.VERSION_BYTES + put.key().size() + put.value().size();
  }

  private static long bytesOf(Branch branch) {
    long bytes = 0;
    for (Op op : branch.ops()) {
      bytes += op instanceof Command.Put put ? bytesOf(put) : 0;
    }
    for (Branch nested : branch.nested()) {
      bytes += bytesOf(nested);
    }
    return bytes;
  }

  /**
   * Clears the alarm that the store itself raised when a part of the quota is free; others stay.
   */
  private void clearWhenThereIsSpace() {
    Space space = draft.space();
    long most = space.quota() - space.quota() / FREE_PART;
    if (space.full() && (space.quota() == 0 || draft.usedBytes() <= most)) {
      List<Alarm> alarms = new ArrayList<>(draft.alarms());
      alarms.removeIf(alarm -> alarm.kind() == Alarm.Kind.NOSPACE);
      draft.alarms(alarms);
      draft.space(space.withFull(false));
    }
  }

  private Result publish(Command.Publish publish) {
    List<Member> members = new ArrayList<>(draft.members());
    members.replaceAll(
        member -> member.id() == publish.member() ? published(member, publish) : member);
    draft.members(members);
    return new Result.Done(draft.revision());
  }

  /** The first disk stays: a member that comes back with another has lost its own. */
  private static Member published(Member member, Command.Publish publish) {
    return new Member(
        member.id(),
        publish.name(),
        member.peerUrls(),
        List.copyOf(publish.clientUrls()),
        member.learner(),
        member.disk() == 0 ? publish.disk() : member.disk());
  }

  private @Nullable KvError alarmRefusal(Command command) {
    if (draft.alarms().isEmpty()) {
      return null;
    }
    return switch (command) {
      case Command.Put _, Command.LeaseGrant _ -> alarmRefusal(true);
      case Command.Txn txn -> alarmRefusal(puts(txn));
      case Command.DeleteRange _,
          Command.Compact _,
          Command.LeaseRevoke _,
          Command.LeaseExpire _,
          Command.LeaseCheckpoint _ ->
          alarmRefusal(false);
      case Command.Sweep _,
          Command.BeginHash _,
          Command.SetAlarm _,
          Command.Publish _,
          Command.SetQuota _,
          Command.OfAuth _ ->
          null;
    };
  }

  private @Nullable KvError alarmRefusal(boolean puts) {
    if (isRaised(Alarm.Kind.CORRUPT)) {
      return KvError.CORRUPT;
    }
    return puts && isRaised(Alarm.Kind.NOSPACE) ? KvError.NO_SPACE : null;
  }

  private boolean isRaised(Alarm.Kind kind) {
    return draft.alarms().stream().anyMatch(alarm -> alarm.kind() == kind);
  }

  private static boolean puts(Command.Txn txn) {
    return putsAny(txn.success()) || putsAny(txn.failure());
  }

  private static boolean putsAny(List<Op> ops) {
    for (Op op : ops) {
      if (op instanceof Command.Put || (op instanceof Command.Txn txn && puts(txn))) {
        return true;
      }
    }
    return false;
  }

  /** Whether a command is a write whose result can be remembered. */
  static boolean isRemembered(Command command) {
    return switch (command) {
      case Command.Put _, Command.DeleteRange _, Command.Txn _, Command.Compact _ -> true;
      case Command.Sweep _,
          Command.BeginHash _,
          Command.SetAlarm _,
          Command.Publish _,
          Command.SetQuota _,
          Command.OfLease _,
          Command.OfAuth _ ->
          false;
    };
  }

  /** Whether a command reads stored rows, so that the entries before must be stored first. */
  static boolean readsStored(Command command) {
    return switch (command) {
      case Command.LeaseRevoke _, Command.LeaseExpire _, Command.Compact _, Command.Sweep _ -> true;
      case Command.Txn txn -> readsPast(txn);
      case Command.Put _,
          Command.DeleteRange _,
          Command.SetAlarm _,
          Command.Publish _,
          Command.SetQuota _,
          Command.BeginHash _,
          Command.LeaseGrant _,
          Command.LeaseCheckpoint _,
          Command.OfAuth _ ->
          false;
    };
  }

  private static boolean readsPast(Command.Txn txn) {
    return anyPast(txn.success()) || anyPast(txn.failure());
  }

  private static boolean anyPast(List<Op> ops) {
    for (Op op : ops) {
      boolean past =
          switch (op) {
            case Range range -> range.revision() > 0;
            case Command.Txn txn -> readsPast(txn);
            case Command.Put _, Command.DeleteRange _ -> false;
          };
      if (past) {
        return true;
      }
    }
    return false;
  }

  private Result refused(KvError error) {
    return new Result.Refused(draft.revision(), error);
  }
}
