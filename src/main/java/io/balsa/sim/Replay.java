package io.balsa.sim;

import io.balsa.bytes.Bytes;
import io.balsa.model.Command;
import io.balsa.model.Compare;
import io.balsa.model.KeyValue;
import io.balsa.model.Range;
import io.balsa.model.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A simple etcd store, as far as simulated clients use it: every key with its whole history. The
 * committed log is applied to it.
 */
final class Replay {
  private final TreeMap<Bytes, NavigableMap<Long, Version>> keys = new TreeMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final Map<Bytes, Long> written = new TreeMap<>();
  private final LeaseLives leases = new LeaseLives();
  private long revision = 1;
  private long compacted;
  private @Nullable String broken;

  /** A key from a revision on: its value, or null for a deletion. */
  private record Version(@Nullable KeyValue kv) {}

  /** A change of a key: the new key-value, null for a deletion, and the previous one. */
  record Change(long revision, Bytes key, @Nullable KeyValue kv, @Nullable KeyValue before) {}

  /** The changes of a key, or of all keys, from a revision to another, in order. */
  List<Change> changes(Bytes key, long from, long to) {
    return changes.stream()
        .filter(change -> change.revision() >= from && change.revision() <= to)
        .filter(change -> key.equals(Call.ALL) || key.equals(change.key()))
        .toList();
  }

  /** The newest revision. */
  long revision() {
    return revision;
  }

  /** The first error in the applied commands; null for none. */
  @Nullable String broken() {
    return broken;
  }

  /** The revision at which a value was written; 0 when it never was. */
  long revisionOf(Bytes value) {
    return written.getOrDefault(value, 0L);
  }

  /** The compact revision. */
  long compacted() {
    return compacted;
  }

  /** All leases. */
  LeaseLives leases() {
    return leases;
  }

  /** The keys of a lease at a revision, in their order. */
  List<Bytes> attached(long lease, long at) {
    return range(Call.ALL, at).stream()
        .filter(kv -> kv.lease() == lease)
        .map(KeyValue::key)
        .toList();
  }

  /**
   * Applies a command.
   *
   * @param at the entry of the command
   */
  void apply(Command command, LogWatch.Committed at) {
    if (command instanceof Command.Compact compact && compact.revision() <= revision) {
      compacted = Math.max(compacted, compact.revision());
    }
    List<Command.Op> ops =
        switch (command) {
          case Command.Txn txn -> branch(txn);
          case Command.Put put -> List.of(put);
          case Command.DeleteRange delete -> List.of(delete);
          case Command.OfLease lease -> endOf(leases.apply(lease, at));
          case Command.Compact _,
              Command.Sweep _,
              Command.BeginHash _,
              Command.SetAlarm _,
              Command.Publish _,
              Command.SetQuota _,
              Command.OfAuth _ ->
              List.of();
        };
    revision += any(ops, revision + 1) ? 1 : 0;
  }

  /** Does operations; returns whether any of them changed something. */
  private boolean any(List<Command.Op> ops, long at) {
    boolean changed = false;
    for (Command.Op op : ops) {
      changed |= change(op, at);
    }
    return changed;
  }

  /** The deletions of a lease's keys, which take one revision, in order of keys. */
  private List<Command.Op> endOf(long lease) {
    List<Command.Op> ops = new ArrayList<>();
    for (Bytes key : lease == 0 ? List.<Bytes>of() : attached(lease, revision)) {
      ops.add(new Command.DeleteRange(key, Bytes.EMPTY, false));
    }
    return ops;
  }

  private List<Command.Op> branch(Command.Txn txn) {
    boolean all = txn.compares().stream().allMatch(this::holds);
    return all ? txn.success() : txn.failure();
  }

  private boolean holds(Compare compare) {
    KeyValue now = get(compare.key(), revision);
    return switch (compare.operand()) {
      case Compare.Operand.CreateRevision(long wanted) ->
          wanted == (now == null ? 0 : now.createRevision());
      case Compare.Operand.Value(Bytes wanted) -> now != null && now.value().equals(wanted);
      case Compare.Operand.Version _, Compare.Operand.ModRevision _, Compare.Operand.Lease _ ->
          throw new IllegalStateException("no client compares " + compare);
    };
  }

  private boolean change(Command.Op op, long at) {
    return switch (op) {
      case Command.Put put -> put(put, at);
      case Command.DeleteRange delete when delete.rangeEnd().isEmpty() -> delete(delete.key(), at);
      case Command.DeleteRange delete -> clear(delete.key(), delete.rangeEnd(), at);
      case Command.Txn nested -> any(branch(nested), at);
      case Range _ -> false;
    };
  }

  private boolean put(Command.Put put, long at) {
    if (put.lease() != 0 && !leases.isAlive(put.lease())) {
      return false;
    }
    KeyValue before = get(put.key(), at);
    KeyValue now =
        new KeyValue(
            put.key(),
            put.value(),
            before == null ? at : before.createRevision(),
            at,
            before == null ? 1 : before.version() + 1,
            put.lease());
    history(put.key()).put(at, new Version(now));
    changes.add(new Change(at, put.key(), now, before));
    if (written.put(put.value(), at) != null) {
      broken = put + " took effect twice, the second time at revision " + at;
    }
    return true;
  }

  private boolean clear(Bytes key, Bytes end, long at) {
    boolean any = false;
    for (KeyValue kv : within(key, end, at)) {
      any |= delete(kv.key(), at);
    }
    return any;
  }

  /** What a {@link Call.Clear} would delete after a revision. */
  List<KeyValue> cleared(long at) {
    return within(Call.FIRST, Call.END, at);
  }

  /** The keys of a range at a revision, in their order. */
  List<KeyValue> within(Bytes key, Bytes end, long at) {
    Span span = new Span(key, end);
    return range(Call.ALL, at).stream().filter(kv -> span.contains(kv.key())).toList();
  }

  private boolean delete(Bytes key, long at) {
    KeyValue before = get(key, at);
    if (before == null) {
      return false;
    }
    changes.add(new Change(at, key, null, before));
    history(key).put(at, new Version(null));
    return true;
  }

  private NavigableMap<Long, Version> history(Bytes key) {
    return keys.computeIfAbsent(key, _ -> new TreeMap<>());
  }

  /** A key at a revision. */
  @Nullable KeyValue get(Bytes key, long at) {
    NavigableMap<Long, Version> history = keys.get(key);
    Map.Entry<Long, Version> entry = history == null ? null : history.floorEntry(at);
    return entry == null ? null : entry.getValue().kv;
  }

  /** One key, or all, at a revision; {@link Call#ALL} stands for all keys. */
  List<KeyValue> range(Bytes key, long at) {
    List<KeyValue> found = new ArrayList<>();
    for (Bytes each : key.equals(Call.ALL) ? List.copyOf(keys.keySet()) : List.of(key)) {
      KeyValue kv = get(each, at);
      if (kv != null) {
        found.add(kv);
      }
    }
    return found;
  }

  /** Whether a key changed to a value at a revision; null stands for a deletion. */
  boolean changed(Bytes key, long at, @Nullable Bytes value) {
    Version version = keys.getOrDefault(key, new TreeMap<>()).get(at);
    return version != null && Objects.equals(version.kv == null ? null : version.kv.value(), value);
  }
}
