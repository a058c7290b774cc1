package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.model.Alarm;
import io.balsa.model.Command;
import io.balsa.model.Command.Op;
import io.balsa.model.Compare;
import io.balsa.model.Compare.Operand;
import io.balsa.model.KeyValue;
import io.balsa.model.KvError;
import io.balsa.model.Lease;
import io.balsa.model.Range;
import io.balsa.model.Range.SortOrder;
import io.balsa.model.Range.SortTarget;
import io.balsa.model.Result;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The store as one would write it without a thought for size: a whole map for each revision. */
public final class StoreModel {
  private final List<NavigableMap<Bytes, KeyValue>> states = new ArrayList<>();
  private long compactRevision = -1;
  private final List<Alarm> alarms = new ArrayList<>();
  private final NavigableMap<Long, Lease> leases = new TreeMap<>();
  private long leaseClock;
  private long index;
  private long term;

  /** What the present command has made, and how many changes that took. */
  private NavigableMap<Bytes, KeyValue> work = new TreeMap<>();

  private int changes;

  public StoreModel() {
    states.add(new TreeMap<>());
    states.add(new TreeMap<>());
  }

  public long revision() {
    return states.size() - 1L;
  }

  long compactRevision() {
    return compactRevision;
  }

  public NavigableMap<Bytes, KeyValue> state(long revision) {
    return states.get((int) revision);
  }

  /** The lease of an id; null for none. */
  @Nullable Lease lease(long id) {
    return leases.get(id);
  }

  List<Lease> leases() {
    return List.copyOf(leases.values());
  }

  public Result apply(Command command, long atIndex, long inTerm) {
    index = atIndex;
    term = inTerm;
    work = new TreeMap<>(states.getLast());
    changes = 0;
    Result result = run(command);
    if (changes > 0) {
      states.add(work);
    }
    return result;
  }

  private Result run(Command command) {
    Optional<KvError> error = error(command);
    if (error.isPresent()) {
      return new Result.Refused(revision(), error.get());
    }
    return switch (command) {
      case Command.Put put -> put(put);
      case Command.DeleteRange delete -> delete(delete);
      case Command.Txn txn -> txn(txn, path(txn, states.getLast()), true);
      case Command.Compact compact -> {
        compactRevision = compact.revision();
        yield new Result.Done(revision());
      }
      case Command.SetAlarm set -> setAlarm(set);
      case Command.Publish _,
          Command.SetQuota _,
          Command.Sweep _,
          Command.BeginHash _,
          Command.OfAuth _ ->
          new Result.Done(revision());
      case Command.OfLease lease -> ofLease(lease);
    };
  }

  private Result ofLease(Command.OfLease command) {
    return switch (command) {
      case Command.LeaseGrant(long id, long ttl) -> {
        leases.put(id, new Lease(id, ttl, index, 0));
        yield new Result.LeaseGrant(revision(), id, ttl);
      }
      case Command.LeaseRevoke(long id) -> revoke(id);
      case Command.LeaseExpire(long _, long id, long _) -> revoke(id);
      case Command.LeaseCheckpoint checkpoint -> {
        leaseClock = Math.max(leaseClock, checkpoint.clock());
        checkpoint.deadlines().forEach(this::write);
        yield new Result.Done(revision());
      }
    };
  }

  private void write(Command.LeaseDeadline deadline) {
    Lease lease = leases.get(deadline.id());
    if (lease != null && lease.grant() == deadline.grant()) {
      leases.put(lease.id(), lease.endingAt(deadline.deadline()));
    }
  }

  long leaseClock() {
    return leaseClock;
  }

  private Result revoke(long id) {
    leases.remove(id);
    changes += (int) work.values().stream().filter(kv -> kv.lease() == id).count();
    work.values().removeIf(kv -> kv.lease() == id);
    return new Result.Done(now());
  }

  private boolean lacksLease(Command.Put put) {
    return put.lease() != 0 && !put.ignoreLease() && !leases.containsKey(put.lease());
  }

  private Optional<KvError> leaseError(Command.OfLease command) {
    return switch (command) {
      case Command.LeaseGrant grant when leases.containsKey(grant.id()) ->
          Optional.of(KvError.LEASE_EXISTS);
      case Command.LeaseRevoke(long id) when !leases.containsKey(id) ->
          Optional.of(KvError.LEASE_NOT_FOUND);
      case Command.LeaseExpire expire when expire.term() != term ->
          Optional.of(KvError.LEADER_CHANGED);
      case Command.LeaseExpire(long _, long id, long grant)
          when !leases.containsKey(id) || leases.get(id).grant() != grant ->
          Optional.of(KvError.LEASE_NOT_FOUND);
      case Command.LeaseCheckpoint checkpoint when checkpoint.term() != term ->
          Optional.of(KvError.LEADER_CHANGED);
      default -> Optional.empty();
    };
  }

  private Optional<KvError> error(Command command) {
    if (command instanceof Command.SetAlarm
        || command instanceof Command.Publish
        || command instanceof Command.Sweep) {
      return Optional.empty();
    }
    if (alarms.stream().anyMatch(alarm -> alarm.kind() == Alarm.Kind.CORRUPT)) {
      return Optional.of(KvError.CORRUPT);
    }
    boolean full = alarms.stream().anyMatch(alarm -> alarm.kind() == Alarm.Kind.NOSPACE);
    if (full && (command.toString().contains("Put[") || command instanceof Command.LeaseGrant)) {
      return Optional.of(KvError.NO_SPACE);
    }
    return switch (command) {
      case Command.OfLease lease -> leaseError(lease);
      case Command.Put put when lacksLease(put) -> Optional.of(KvError.LEASE_NOT_FOUND);
      case Command.Put put -> missing(put);
      case Command.Txn txn -> txnError(txn, path(txn, states.getLast()));
      case Command.Compact compact when compact.revision() <= compactRevision ->
          Optional.of(KvError.COMPACTED);
      case Command.Compact compact when compact.revision() > revision() ->
          Optional.of(KvError.FUTURE_REVISION);
      default -> Optional.empty();
    };
  }

  private Optional<KvError> missing(Command.Put put) {
    boolean needed = put.ignoreLease() || put.ignoreValue();
    return needed && !states.getLast().containsKey(put.key())
        ? Optional.of(KvError.KEY_NOT_FOUND)
        : Optional.empty();
  }

  private Optional<KvError> txnError(Command.Txn txn, Deque<Boolean> path) {
    for (Op op : path.pop() ? txn.success() : txn.failure()) {
      Optional<KvError> error =
          switch (op) {
            case Range range when range.revision() > revision() ->
                Optional.of(KvError.FUTURE_REVISION);
            case Range range when range.revision() != 0 && range.revision() < compactRevision ->
                Optional.of(KvError.COMPACTED);
            case Range _, Command.DeleteRange _ -> Optional.empty();
            case Command.Put put when lacksLease(put) -> Optional.of(KvError.LEASE_NOT_FOUND);
            case Command.Put put -> missing(put);
            case Command.Txn inner -> txnError(inner, path);
          };
      if (error.isPresent()) {
        return error;
      }
    }
    return Optional.empty();
  }

  private static Deque<Boolean> path(Command.Txn txn, NavigableMap<Bytes, KeyValue> before) {
    Deque<Boolean> path = new ArrayDeque<>();
    boolean holds = txn.compares().stream().allMatch(compare -> holds(compare, before));
    path.add(holds);
    for (Op op : holds ? txn.success() : txn.failure()) {
      if (op instanceof Command.Txn inner) {
        path.addAll(path(inner, before));
      }
    }
    return path;
  }

  private static boolean holds(Compare compare, NavigableMap<Bytes, KeyValue> keys) {
    List<KeyValue> kvs = in(keys, compare.key(), compare.rangeEnd());
    if (kvs.isEmpty()) {
      KeyValue zero = new KeyValue(Bytes.EMPTY, Bytes.EMPTY, 0, 0, 0, 0);
      return !(compare.operand() instanceof Operand.Value) && holds(compare, zero);
    }
    return kvs.stream().allMatch(kv -> holds(compare, kv));
  }

  private static boolean holds(Compare compare, KeyValue kv) {
    int order =
        switch (compare.operand()) {
          case Operand.Version operand -> Long.compare(kv.version(), operand.version());
          case Operand.CreateRevision operand ->
              Long.compare(kv.createRevision(), operand.revision());
          case Operand.ModRevision operand -> Long.compare(kv.modRevision(), operand.revision());
          case Operand.Value operand -> kv.value().compareTo(operand.value());
          case Operand.Lease operand -> Long.compare(kv.lease(), operand.lease());
        };
    return switch (compare.relation()) {
      case EQUAL -> order == 0;
      case GREATER -> order > 0;
      case LESS -> order < 0;
      case NOT_EQUAL -> order != 0;
    };
  }

  private Result.Txn txn(Command.Txn txn, Deque<Boolean> path, boolean outermost) {
    boolean succeeded = path.pop();
    List<Result> responses = new ArrayList<>();
    for (Op op : succeeded ? txn.success() : txn.failure()) {
      responses.add(
          switch (op) {
            case Range range -> read(range, now(), work);
            case Command.Put put -> put(put);
            case Command.DeleteRange delete -> delete(delete);
            case Command.Txn inner -> txn(inner, path, false);
          });
    }
    return new Result.Txn(outermost ? now() : 0, succeeded, responses);
  }

  private long now() {
    return changes == 0 ? revision() : revision() + 1;
  }

  private Result put(Command.Put put) {
    KeyValue before = work.get(put.key());
    Bytes value = put.ignoreValue() && before != null ? before.value() : put.value();
    long next = revision() + 1;
    work.put(
        put.key(),
        new KeyValue(
            put.key(),
            value,
            before == null ? next : before.createRevision(),
            next,
            before == null ? 1 : before.version() + 1,
            leaseAfter(put, before)));
    changes++;
    return new Result.Put(next, put.prevKv() ? before : null);
  }

  private static long leaseAfter(Command.Put put, @Nullable KeyValue before) {
    if (!put.ignoreLease()) {
      return put.lease();
    }
    return before == null ? 0 : before.lease();
  }

  private Result delete(Command.DeleteRange delete) {
    List<KeyValue> gone = in(work, delete.key(), delete.rangeEnd());
    gone.forEach(kv -> work.remove(kv.key()));
    changes += gone.size();
    return new Result.DeleteRange(now(), gone.size(), delete.prevKv() ? gone : List.of());
  }

  private Result setAlarm(Command.SetAlarm set) {
    boolean raised = alarms.remove(set.alarm());
    if (set.active()) {
      alarms.add(set.alarm());
    }
    return new Result.Alarms(revision(), raised || set.active() ? List.of(set.alarm()) : List.of());
  }

  /** A read outside of any transaction. */
  Result read(Range range) {
    return read(range, revision(), states.getLast());
  }

  /** A transaction that only reads. */
  Result readTxn(Command.Txn txn) {
    work = states.getLast();
    changes = 0;
    Deque<Boolean> path = path(txn, work);
    return txnError(txn, new ArrayDeque<>(path))
        .<Result>map(error -> new Result.Refused(revision(), error))
        .orElseGet(() -> txn(txn, path, true));
  }

  private Result read(Range range, long now, NavigableMap<Bytes, KeyValue> newest) {
    if (range.revision() > now) {
      return new Result.Refused(now, KvError.FUTURE_REVISION);
    }
    if (range.revision() > 0 && range.revision() < compactRevision) {
      return new Result.Refused(now, KvError.COMPACTED);
    }
    boolean old = range.revision() > 0 && range.revision() < now;
    NavigableMap<Bytes, KeyValue> keys = old ? state(range.revision()) : newest;
    List<KeyValue> all = in(keys, range.key(), range.rangeEnd());
    return range.countOnly()
        ? new Result.Range(now, List.of(), false, all.size())
        : cut(range, now, all);
  }

  private static Result cut(Range range, long now, List<KeyValue> all) {
    boolean filtered =
        range.minModRevision() != 0
            || range.maxModRevision() != 0
            || range.minCreateRevision() != 0
            || range.maxCreateRevision() != 0;
    boolean fetchAll = range.limit() <= 0 || filtered || range.order() != SortOrder.NONE;
    long fetched = fetchAll ? all.size() : Math.min(all.size(), range.limit() + 1);
    List<KeyValue> kvs = new ArrayList<>(all.subList(0, (int) fetched));
    kvs.removeIf(
        kv ->
            (range.minModRevision() != 0 && kv.modRevision() < range.minModRevision())
                || (range.maxModRevision() != 0 && kv.modRevision() > range.maxModRevision())
                || (range.minCreateRevision() != 0
                    && kv.createRevision() < range.minCreateRevision())
                || (range.maxCreateRevision() != 0
                    && kv.createRevision() > range.maxCreateRevision()));
    if (range.order() == SortOrder.DESCEND) {
      kvs.sort(by(range.target()).reversed());
    } else if (range.target() != SortTarget.KEY) {
      kvs.sort(by(range.target()));
    }
    boolean more = range.limit() > 0 && kvs.size() > range.limit();
    List<KeyValue> given = more ? kvs.subList(0, (int) range.limit()) : kvs;
    return new Result.Range(
        now,
        range.keysOnly() ? given.stream().map(kv -> bare(range, kv)).toList() : given,
        more,
        all.size());
  }

  /** etcd reads keys alone from its index, which has no leases, unless it has to look at values. */
  private static KeyValue bare(Range range, KeyValue kv) {
    long lease = range.target() == SortTarget.VALUE ? kv.lease() : 0;
    return new KeyValue(
        kv.key(), Bytes.EMPTY, kv.createRevision(), kv.modRevision(), kv.version(), lease);
  }

  private static Comparator<KeyValue> by(SortTarget target) {
    return switch (target) {
      case KEY -> Comparator.comparing(KeyValue::key);
      case VERSION -> Comparator.comparingLong(KeyValue::version);
      case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
      case MOD -> Comparator.comparingLong(KeyValue::modRevision);
      case VALUE -> Comparator.comparing(KeyValue::value);
    };
  }

  private static List<KeyValue> in(NavigableMap<Bytes, KeyValue> keys, Bytes key, Bytes rangeEnd) {
    @Nullable KeyValue one = keys.get(key);
    if (rangeEnd.isEmpty()) {
      return one == null ? List.of() : List.of(one);
    }
    boolean open = rangeEnd.equals(Bytes.of(0));
    return keys.values().stream()
        .filter(kv -> kv.key().compareTo(key) >= 0)
        .filter(kv -> open || kv.key().compareTo(rangeEnd) < 0)
        .toList();
  }
}
