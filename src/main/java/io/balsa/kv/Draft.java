package io.balsa.kv;

import io.balsa.bytes.Bytes;
import io.balsa.engine.Batch;
import io.balsa.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Changes on their way into the ordered store: what the entries of one batch have done so far, and
 * the keys as the next operation sees them.
 */
final class Draft implements Keyspace {
  private final Engine engine;
  private final StoreLimits limits;

  /** The newest versions that are not stored yet; version 0 stands for a deleted key. */
  private final NavigableMap<Bytes, KeyValue> pending = new TreeMap<>();

  /** For looks at rows. */
  private final Octets octets = new Octets();

  private final DraftLeases leases;
  private final ClientLedger clients;
  private Batch batch = new Batch();
  private long batchBytes;

  /** A view of what is stored, opened when first needed. */
  private Engine.@Nullable View view;

  private StoreState stored;

  /** After the last entry that was ended. */
  private StoreState state;

  /** What the entries since {@link #takeChanged} changed, while somebody wants to know. */
  private List<Changes> changed = new ArrayList<>();

  private boolean keepsChanges;

  // what the present entry makes of it
  private int changes;
  private long compactRevision;
  private long keys;
  private long liveBytes;
  private long leaseClock;
  private Space space;
  private List<Member> members;
  private List<Alarm> alarms;
  private Digest digest;
  private List<Event> events = new ArrayList<>();

  Draft(Engine engine, StoreState stored, StoreLimits limits) {
    this.engine = engine;
    this.limits = limits;
    this.leases = new DraftLeases(engine);
    this.clients = new ClientLedger(engine);
    this.stored = stored;
    this.state = stored;
    this.compactRevision = stored.compactRevision();
    this.keys = stored.keys();
    this.liveBytes = stored.liveBytes();
    this.leaseClock = stored.leaseClock();
    this.space = stored.space();
    this.members = stored.members();
    this.alarms = stored.alarms();
    this.digest = new Digest(stored.hash());
  }

  /** What an entry may cost. */
  StoreLimits limits() {
    return limits;
  }

  StoreState state() {
    return state;
  }

  List<Member> members() {
    return members;
  }

  List<Alarm> alarms() {
    return alarms;
  }

  /** The revision that the present entry has made, or the one before when it changed nothing. */
  @Override
  public long revision() {
    return changes == 0 ? state.revision() : state.revision() + 1;
  }

  @Override
  public long compactRevision() {
    return compactRevision;
  }

  @Override
  public @Nullable KeyValue newest(Bytes key) {
    KeyValue kv = pending.get(key);
    if (kv != null) {
      return isThere(kv) ? kv : null;
    }
    Bytes row = engine.get(Layout.current(key));
    return row == null ? null : Row.decode(key, row);
  }

  @Override
  public Rows newest(Span span) {
    Rows below = Rows.newest(view(), octets, span);
    if (pending.isEmpty()) {
      return below;
    }
    NavigableMap<Bytes, KeyValue> part =
        span.unbounded()
            ? pending.tailMap(span.key(), true)
            : pending.subMap(span.key(), true, span.rangeEnd(), false);
    return new MergedRows(new PendingRows(part.values().iterator()), below).where(Draft::isThere);
  }

  /** Of past revisions only what is stored is seen: {@link #store} comes before. */
  @Override
  public @Nullable KeyValue at(Bytes key, long revision) {
    return stored().at(key, revision);
  }

  @Override
  public Rows at(Span span, long revision) {
    return stored().at(span, revision);
  }

  @Override
  public void countPast(Span span, Cost cost) {
    stored().countPast(span, cost);
  }

  private ViewKeyspace stored() {
    return new ViewKeyspace(view(), octets, stored.revision(), stored.compactRevision());
  }

  private Engine.View view() {
    Engine.View open = view;
    if (open == null) {
      open = engine.view();
      view = open;
    }
    return open;
  }

  private static boolean isThere(KeyValue kv) {
    return kv.version() != 0;
  }

  /**
   * Gives a key a value.
   *
   * @param before what {@link #newest(Bytes)} says
   */
  void put(Bytes key, Bytes value, long lease, @Nullable KeyValue before) {
    long now = state.revision() + 1;
    KeyValue kv =
        before == null
            ? new KeyValue(key, value, now, now, 1, lease)
            : new KeyValue(key, value, before.createRevision(), now, before.version() + 1, lease);
    supersede(key, false, before);
    DraftLeases.move(key, before == null ? 0 : before.lease(), lease, batch);
    pending.put(key, kv);
    keys++;
    liveBytes += size(kv);
    batchBytes += size(kv);
    digest.add(kv);
    if (keepsChanges) {
      events.add(new Event(kv, false, before));
    }
  }

  /** Deletes a key that is there. */
  void delete(KeyValue before) {
    long now = state.revision() + 1;
    KeyValue gone = new KeyValue(before.key(), Bytes.EMPTY, 0, now, 0, 0);
    supersede(before.key(), true, before);
    DraftLeases.move(before.key(), before.lease(), 0, batch);
    pending.put(before.key(), gone);
    digest.add(gone);
    if (keepsChanges) {
      events.add(new Event(gone, true, before));
    }
  }

  private void supersede(Bytes key, boolean deleted, @Nullable KeyValue before) {
    long now = state.revision() + 1;
    if (before != null) {
      space = space.withSuperseded(space.superseded() + Space.bytesOf(before));
    }
    Change change =
        new Change(key, deleted, before == null ? 0 : before.modRevision(), space.superseded());
    batch.put(Layout.revision(now, changes), change.encode());
    changes++;
    batchBytes += key.size();
    if (before != null) {
      // no request puts a key twice in one revision, but a log may: the first is never seen
      if (deleted || before.modRevision() < now) {
        batch.put(Layout.history(key, before.modRevision()), new Version(before, now).encode());
      }
      keys--;
      liveBytes -= size(before);
      batchBytes += size(before);
    }
  }

  private static long size(KeyValue kv) {
    return (long) kv.key().size() + kv.value().size();
  }

  @Nullable Lease lease(long id) {
    return leases.get(id);
  }

  /** The very lease that was granted at an index; not a later one of the same id. */
  @Nullable Lease lease(long id, long grant) {
    Lease lease = leases.get(id);
    return lease != null && lease.grant() == grant ? lease : null;
  }

  @Override
  public boolean hasLease(long id) {
    return leases.get(id) != null;
  }

  /** The keys that hang on a lease, in their order, as stored: {@link #store} comes before. */
  List<Bytes> attached(long lease) {
    return LeaseRows.attached(view(), lease);
  }

  void lease(Lease changed) {
    leases.put(changed);
    digest.add(changed);
  }

  void removeLease(long id) {
    leases.remove(id);
    digest.add(id);
  }

  ClientLedger clients() {
    return clients;
  }

  /** Remembers what a client's write was answered. */
  void remember(WriteId write, Result result, long index) {
    clients.add(write, result, index, batch, digest);
  }

  long leaseClock() {
    return leaseClock;
  }

  void leaseClock(long changed) {
    leaseClock = changed;
    digest.add(changed);
  }

  /**
   * Forgets history; what may be forgotten is removed later, in pieces. What is stored is looked
   * at: {@link #store} comes before.
   */
  void compact(long revision) {
    compactRevision = revision;
    Bytes end = Layout.revision(revision + 1, 0);
    try (Engine.Cursor last = view().scanDown(Layout.revision(0, 0), end)) {
      if (last.next()) {
        space = space.withCompacted(Change.decode(last.value()).history());
      }
    }
  }

  Space space() {
    return space;
  }

  void space(Space changed) {
    space = changed;
  }

  /** Bytes used, with what the present entry has done so far. */
  long usedBytes() {
    return liveBytes + Space.VERSION_BYTES * keys + space.historyBytes();
  }

  void members(List<Member> changed) {
    members = List.copyOf(changed);
  }

  void alarms(List<Alarm> changed) {
    alarms = List.copyOf(changed);
  }

  /** Ends an entry: its changes, if any, have made a revision. */
  void end(Applied entry, Result result) {
    Bytes configuration = entry.configuration();
    digest.add(entry.index()).add(entry.term()).add(result);
    digest.add(compactRevision).add(space.quota());
    if (configuration != null) {
      digest.add(configuration);
    }
    state =
        new StoreState(
            entry.index(),
            entry.term(),
            revision(),
            compactRevision,
            digest.value(),
            keys,
            liveBytes,
            leaseClock,
            space,
            members,
            alarms,
            configuration == null ? state.configuration() : configuration);
    digest = new Digest(state.hash());
    changes = 0;
    if (!events.isEmpty()) {
      changed.add(Changes.ofOperations(state.revision(), events));
      events = new ArrayList<>();
    }
  }

  /** Whether to keep what entries change for {@link #takeChanged}; between two batches. */
  void keepChanges(boolean keep) {
    keepsChanges = keep;
  }

  /** What was changed since the last call. */
  List<Changes> takeChanged() {
    List<Changes> taken = changed;
    changed = new ArrayList<>();
    return taken;
  }

  /** The bytes of keys and values that wait to be stored. */
  long batchBytes() {
    return batchBytes;
  }

  /** Stores everything up to the last entry ended, in one batch with the state. */
  void store() {
    closeView();
    if (state.appliedIndex() == stored.appliedIndex()) {
      return;
    }
    for (KeyValue kv : pending.values()) {
      Bytes row = Layout.current(kv.key());
      if (isThere(kv)) {
        batch.put(row, Row.encode(kv));
      } else {
        batch.delete(row);
      }
    }
    leases.store(batch);
    clients.store(batch);
    state.write(batch, stored);
    engine.write(batch);
    stored = state;
    pending.clear();
    batch = new Batch();
    batchBytes = 0;
  }

  private void closeView() {
    if (view != null) {
      view.close();
      view = null;
    }
  }
}
